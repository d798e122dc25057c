"""Rows that were read since anything was last committed: what a call is decided on is not read again to be told."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from iamd.stores.ports.records import Value
from iamd.stores.sql.records import Session, SqlRecords
from iamd.stores.sql.statements import Statements

R = TypeVar("R")
_MOST: Final = 1_000


class Recent:
    """What was read by key since `forget`, found or not.

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

    def get(self, *key: Value) -> R | None:
        return self._once(self._get, key, super().get)

    def find(self, by: str, *values: Value) -> R | None:
        return self._once(f"{self._statements.kind.name} {by}", (by, *values), super().find)

    def _once(self, what: str, values: tuple[Any, ...], read: Callable[..., R | None]) -> R | None:
        rows = self._recent.rows
        place = (what, values)
        try:
            record: R | None = rows[place]
        except KeyError:
            record = read(*values)
            if len(rows) >= _MOST:
                rows.clear()
            rows[place] = record
        return record


def recent_records(recent: Recent) -> Callable[[Statements, Session], SqlRecords[Any]]:
    """Wide rows are not kept: they would fill the memory."""

    def records(statements: Statements, session: Session) -> SqlRecords[Any]:
        return SqlRecords(statements, session) if statements.kind.wide else RecentRecords(statements, session, recent)

    return records
