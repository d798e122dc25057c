"""Connections to the SQLite database: one that writes, one a thread that reads, and a few for snapshots."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

Durability = Literal["FULL", "OFF"]

_WAL_BYTES = 64 << 20
_STATEMENTS = 512
_READ_TIMEOUT_MS = 100


def connect_writer(path: Path, durability: Durability) -> sqlite3.Connection:
    """The connection that writes. It never waits for a lock: its caller may be an event loop."""
    connection = _connect(path)
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute(f"PRAGMA synchronous = {durability}")
    # Checkpoints run in the background instead of in somebody's commit.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that sees committed data only. It waits only while another process recovers after a crash."""
    connection = _connect(path)
    connection.execute(f"PRAGMA busy_timeout = {_READ_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    # Autocommit: transactions are begun and ended in one place, by hand. Connections are closed by another thread
    # than the one that opened them, and the one that writes commits in a thread; nobody uses one at the same time.
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=_STATEMENTS, check_same_thread=False)
    # Not mapped: every commit of another connection has SQLite map the file anew, which costs more than reading pages.
    connection.execute("PRAGMA mmap_size = 0")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


class Seen:
    """Whether anything was read since it was last asked what has changed, by whichever thread.

    INVARIANT: it says so before anybody else can find what was read.
    """

    __slots__ = ("anything",)

    def __init__(self) -> None:
        self.anything = True


class Readers(threading.local):
    """The reading connection of the calling thread.

    Not one connection for all threads: a long read in one thread would hold the others to its view of the past.
    """

    def __init__(self, path: Path, opened: list[sqlite3.Connection], seen: Seen | None = None) -> None:
        # threading.local runs this once in each thread.
        connection = connect_reader(path)
        opened.append(connection)
        self.execute = connection.execute if seen is None else _telling(connection, seen)


def _telling(connection: sqlite3.Connection, seen: Seen) -> Callable[..., sqlite3.Cursor]:
    run = connection.execute

    def execute(sql: str, arguments: Any = ()) -> sqlite3.Cursor:
        cursor = run(sql, arguments)
        seen.anything = True
        return cursor

    return execute


class SnapshotSession:
    """A connection that reads inside one transaction while it is lent out."""

    def __init__(self, connection: sqlite3.Connection, seen: Seen) -> None:
        self.connection = connection
        self.execute = connection.execute
        self._seen = seen

    @contextmanager
    def pinned(self) -> Iterator[None]:
        self.execute("BEGIN")
        try:
            # A deferred transaction takes its snapshot at its first read.
            self.execute("SELECT 1 FROM store_revision").fetchone()
            self._seen.anything = True
            yield
        finally:
            self.execute("ROLLBACK")
