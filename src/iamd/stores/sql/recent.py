"""Rows that were read since anything was last committed: what a call is decided on is not read again to be told."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from iamd.stores.ports.records import Value
from iamd.stores.sql.records import Session, SqlRecords
from iamd.stores.sql.statements import Statements

R = TypeVar("R")
Rows = dict[tuple[str, tuple[Value, ...]], Any]
_MOST: Final = 1_000
_MOST_WIDE: Final = 64
"""An object's row may hold its bytes: the memory that these can fill is 64 times `kernel.body.INLINE_LIMIT`."""


class Recent:
    """What was found by key since `forget`, by statement and arguments.

    INVARIANT: whoever reads takes `rows` first, so that what another thread forgets meanwhile is not kept.
    """

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.wide_rows: Rows = {}

    def forget(self) -> None:
        self.rows = {}
        self.wide_rows = {}


class RecentRecords(SqlRecords[R], Generic[R]):
    """The committed records, each read by key once."""

    def __init__(self, statements: Statements, session: Session, recent: Recent) -> None:
        super().__init__(statements, session)
        self._recent = recent
        self._is_wide = statements.kind.wide
        self._most = _MOST_WIDE if self._is_wide else _MOST

    def _one(self, sql: str, values: tuple[Value, ...]) -> R | None:
        rows = self._recent.wide_rows if self._is_wide else self._recent.rows
        record: R | None = rows.get((sql, values))
        if record is None:
            record = super()._one(sql, values)
            # Names of nothing are whatever somebody likes to ask for, and as long.
            if record is not None:
                if len(rows) >= self._most:
                    rows.clear()
                rows[sql, values] = record
        return record


def recent_records(recent: Recent) -> Callable[[Statements, Session], SqlRecords[Any]]:
    def records(statements: Statements, session: Session) -> SqlRecords[Any]:
        return RecentRecords(statements, session, recent)

    return records
