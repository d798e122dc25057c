"""The SQL store on SQLite: committed state to read, and the one writer."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import Transaction
from iamd.stores.space import Reserve
from iamd.stores.sql.changes import EPOCH, Follower
from iamd.stores.sql.checkpoints import Checkpoints
from iamd.stores.sql.connections import Durability, Readers, Seen, SnapshotSession, connect_reader, connect_writer
from iamd.stores.sql.engine import Engine
from iamd.stores.sql.log_space import lengthen_log
from iamd.stores.sql.opening import DATABASE, prepare
from iamd.stores.sql.recent import Recent, recent_records
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state
from iamd.stores.sql.turn import Turn
from iamd.stores.sql.writer import Writer

T = TypeVar("T")


class SqlStore:
    reads_wait = False

    def __init__(self, database: Path, statements: dict[str, Statements], *, ephemeral: bool, reserve: Reserve) -> None:
        self._database = database
        self._statements = statements
        self._opened: list[sqlite3.Connection] = []
        self._seen = Seen()
        self._readers = Readers(database, self._opened, self._seen)
        self._state = read_state(statements, SqlRecords, self._readers)
        recent = Recent()
        self._recent = read_state(statements, recent_records(recent), self._readers)
        # Nothing but an ephemeral server's reset ends an epoch.
        self._epochs_end = ephemeral
        self._follower = Follower(_reader(database, self._opened), recent.forget, self._seen)
        self._idle_snapshots: list[tuple[SnapshotSession, State]] = []
        self._is_durable = not ephemeral
        durability: Durability = "OFF" if ephemeral else "FULL"
        turn = Turn(database.with_name(database.name + "-turn"))
        self._engine = Engine(connect_writer(database, durability), statements, turn, reserve)
        checkpoints = Checkpoints(connect_writer(database, durability))
        self._checkpoints = checkpoints
        self.calls = 0
        self._writer = Writer(self._engine, checkpoints, commit_inline=ephemeral, calls=lambda: self.calls)
        self._close_lock = threading.Lock()
        self._is_closed = False

    @property
    def state(self) -> State:
        return self._state

    @property
    def recent(self) -> State:
        return self._recent

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        """See the port. Snapshots have connections of their own, so that nobody else is held to their past."""
        try:
            session, state = self._idle_snapshots.pop()
        except IndexError:
            session = SnapshotSession(_reader(self._database, self._opened), self._seen)
            state = read_state(self._statements, SqlRecords, session)
        with session.pinned():
            yield state
        self._idle_snapshots.append((session, state))

    @property
    def epoch(self) -> int:
        return self._follower.epoch

    def is_current(self, epoch: int) -> bool:
        return not self._epochs_end or epoch == self._readers.execute(EPOCH).fetchone()[0]

    async def write(self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False) -> T:
        return await self._writer.write(work, epoch if self._epochs_end else None, urgent=urgent)

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        return self._writer.write_now(work)

    async def reset(self, work: Callable[[Transaction], T]) -> T:
        """Empty every table and run `work`, in one transaction; every process then sees a gap in the changes."""

        def emptied(transaction: Transaction) -> T:
            self._engine.clear()
            return work(transaction)

        return await self._writer.write(emptied)

    def changes(self) -> tuple[Topic, ...] | None:
        """See the port; for one thread, the event loop's."""
        return self._follower.changes()

    @property
    def was_read(self) -> bool:
        return self._seen.anything

    def behind(self) -> int:
        """See the port; for the same thread."""
        return self._follower.behind()

    def attended(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """A read is a matter of microseconds."""
        return work

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """See the port. Nobody changes anything unseen; the log has room."""
        if self._is_durable:
            await asyncio.to_thread(lengthen_log, self._database)
        yield

    def close(self) -> None:
        with self._close_lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._writer.close()
        self._checkpoints.close()
        for connection in self._opened:
            connection.close()


def _reader(database: Path, opened: list[sqlite3.Connection]) -> sqlite3.Connection:
    connection = connect_reader(database)
    opened.append(connection)
    return connection


def open_store(directory: Path, *, ephemeral: bool, reserve: Reserve | None = None) -> SqlStore:
    """Open the store in a data directory, creating or migrating it first.

    Raises NewerFormat for a directory that a newer iamd has written, DamagedDatabase, StoreUnavailable, OSError.
    """
    metadata = schema()
    prepare(directory, metadata)
    statements = {kind.name: Statements(kind, metadata) for kind in KINDS}
    kept = reserve or Reserve(directory, 0)
    return SqlStore(directory / DATABASE, statements, ephemeral=ephemeral, reserve=kept)
