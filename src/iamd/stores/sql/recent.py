"""Rows that were read since anything was last committed: what a call is decided on is not read again to be told."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from iamd.stores.ports.records import Value
from iamd.stores.sql.records import Session, SqlRecords
from iamd.stores.sql.statements import Statements

R = TypeVar("R")
_MOST: Final = 1_000


class Recent:
    """What was found by key since `forget`, by statement and arguments.

    INVARIANT: whoever reads takes `rows` first, so that what another thread forgets meanwhile is not kept.
    """

    def __init__(self) -> None:
        self.rows: dict[tuple[str, tuple[Value, ...]], Any] = {}

    def forget(self) -> None:
        self.rows = {}


class RecentRecords(SqlRecords[R], Generic[R]):
    """The committed records, each read by key once."""

    def __init__(self, statements: Statements, session: Session, recent: Recent) -> None:
        super().__init__(statements, session)
        self._recent = recent

    def _one(self, sql: str, values: tuple[Value, ...]) -> R | None:
        rows = self._recent.rows
        record: R | None = rows.get((sql, values))
        if record is None:
            record = super()._one(sql, values)
            # Names of nothing are whatever somebody likes to ask for, and as long.
            if record is not None:
                if len(rows) >= _MOST:
                    rows.clear()
                rows[sql, values] = record
        return record


def recent_records(recent: Recent) -> Callable[[Statements, Session], SqlRecords[Any]]:
    """Wide rows are not kept: they would fill the memory."""

    def records(statements: Statements, session: Session) -> SqlRecords[Any]:
        return SqlRecords(statements, session) if statements.kind.wide else RecentRecords(statements, session, recent)

    return records
