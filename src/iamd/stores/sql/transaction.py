"""The one transaction's view: the state, its audit records, and the topics that it touched."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from iamd.stores.ports.events import EVENTS, Event
from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import State
from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.records import Session, WritableRecords, unavailable
from iamd.stores.sql.schema import TALLIES
from iamd.stores.sql.statements import Statements


class WriteSession:
    """Runs statements while a transaction is open, and refuses them otherwise.

    SQLite ends a transaction by itself on some faults (disk full, I/O error). INVARIANT: nothing that still runs then
    may write, because it would commit by itself.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.execute: Callable[..., sqlite3.Cursor] = _outside
        self.executemany: Callable[..., sqlite3.Cursor] = _outside
        self.topics: dict[Topic, None] = {}
        self.fault: StoreUnavailable | None = None

    def open(self) -> None:
        self.topics.clear()
        self.fault = None
        self.execute = self._guarded
        self.executemany = self._guarded_many

    def shut(self) -> None:
        self.execute = self.executemany = _outside

    def touch(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            self.topics[topic] = None

    def _guarded(self, sql: str, arguments: Any = ()) -> sqlite3.Cursor:
        try:
            return self.connection.execute(sql, arguments)
        except sqlite3.OperationalError as error:
            self.shut()
            self.fault = unavailable(error)
            raise self.fault from error

    def _guarded_many(self, sql: str, arguments: Any) -> sqlite3.Cursor:
        try:
            return self.connection.executemany(sql, arguments)
        except sqlite3.OperationalError as error:
            self.shut()
            self.fault = unavailable(error)
            raise self.fault from error


def _outside(*_: Any) -> NoReturn:
    raise StoreUnavailable("there is no open transaction: it has ended, or a fault has ended it")


class SqlTransaction:
    def __init__(self, statements: dict[str, Statements], session: WriteSession) -> None:
        self._session = session
        self._events = statements[EVENTS.name]
        self._tables = tuple(statements)
        self._state = build_state(
            {name: WritableRecords(each, session, session.touch) for name, each in statements.items()}
        )

    @property
    def state(self) -> State:
        return self._state

    def record(self, event: Event) -> None:
        self._session.execute(self._events.insert, self._events.encode(event))

    def record_many(self, events: Iterable[Event]) -> None:
        self._session.executemany(self._events.insert, map(self._events.encode, events))

    def clear(self) -> None:
        """Empty every table. Without a WHERE SQLite frees whole trees instead of deleting rows."""
        for table in self._tables:
            self._session.execute(f"DELETE FROM {table}")  # noqa: S608  # our own table names
        self._session.execute(f"DELETE FROM {TALLIES}")  # noqa: S608  # our own table name
        self._session.execute("DELETE FROM changelog")
        # Everyone who followed the changelog sees a gap.
        self._session.execute("UPDATE store_revision SET epoch = epoch + 1")


def build_state(records: dict[str, Any]) -> State:
    return State(**records)


def read_state(
    statements: dict[str, Statements], records: Callable[[Statements, Session], Any], session: Session
) -> State:
    return build_state({name: records(each, session) for name, each in statements.items()})
