"""Rows that were read since they may have changed: what a call is decided on is not read again to be told."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from iamd.stores.ports.records import Kind, Value, no_topics
from iamd.stores.sql.records import Session, SqlRecords
from iamd.stores.sql.statements import Statements

R = TypeVar("R")
Rows = dict[tuple[str, tuple[Value, ...]], Any]
_MOST: Final = 1_000
_MOST_WIDE: Final = 64
"""An object's row may hold its bytes: the memory that these can fill is 64 times `kernel.body.INLINE_LIMIT`."""


class Shelf:
    """What was found by key, by statement and arguments.

    INVARIANT: whoever reads takes `rows` first, so that what another thread forgets meanwhile is not kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.rows: Rows = {}

    def forget(self) -> None:
        self.rows = {}


class Recent:
    """`told`: of kinds whose every change is in the changelog (`Kind.topics`); `untold`: of the others.

    Each has a shelf for narrow rows and one for wide ones.
    """

    def __init__(self) -> None:
        self.told = Shelf(_MOST), Shelf(_MOST_WIDE)
        self.untold = Shelf(_MOST), Shelf(_MOST_WIDE)

    def forget(self, *, told: bool) -> None:
        """After a commit. `told`: the changelog has grown, or nobody knows."""
        for shelf in (*self.untold, *(self.told if told else ())):
            shelf.forget()

    def shelf(self, kind: Kind[Any]) -> Shelf:
        return (self.untold if kind.topics is no_topics else self.told)[kind.wide]


class RecentRecords(SqlRecords[R], Generic[R]):
    """The committed records, each read by key once."""

    def __init__(self, statements: Statements, session: Session, recent: Recent) -> None:
        super().__init__(statements, session)
        self._shelf = recent.shelf(statements.kind)

    def _one(self, sql: str, values: tuple[Value, ...]) -> R | None:
        rows = self._shelf.rows
        record: R | None = rows.get((sql, values))
        if record is None:
            record = super()._one(sql, values)
            # Names of nothing are whatever somebody likes to ask for, and as long; and their insert may be untold.
            if record is not None:
                if len(rows) >= self._shelf.most:
                    rows.clear()
                rows[sql, values] = record
        return record


def recent_records(recent: Recent) -> Callable[[Statements, Session], SqlRecords[Any]]:
    def records(statements: Statements, session: Session) -> SqlRecords[Any]:
        return RecentRecords(statements, session, recent)

    return records
