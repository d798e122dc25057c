"""The SQL store on PostgreSQL: one truth for any number of nodes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import StoreUnavailable, Transaction
from iamd.stores.sql.changes import EPOCH
from iamd.stores.sql.postgres.bridge import bridged
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.follower import CURRENT_SECONDS, SINCE, Follower, clock
from iamd.stores.sql.postgres.lines import Address
from iamd.stores.sql.postgres.opening import prepare
from iamd.stores.sql.postgres.pool import Pool, ReadSession, SnapshotSession
from iamd.stores.sql.postgres.writer import Writer
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state

T = TypeVar("T")
_SINCE: Final = POSTGRESQL.text(SINCE)
_POLL_SECONDS: Final = 0.1
_OVERDUE_SECONDS: Final = CURRENT_SECONDS / 2
_APART_SECONDS: Final = 0.5


class PostgresStore:
    """See the port. Reads on an event loop happen inside `attended` alone."""

    reads_wait = True

    def __init__(self, address: Address, statements: dict[str, Statements], *, ephemeral: bool) -> None:
        self._statements = statements
        self._epochs_end = ephemeral
        self._pool = Pool(address)
        self._session = ReadSession(self._pool)
        self._state = read_state(statements, SqlRecords, self._session)  # type: ignore[arg-type]  # a cursor's two methods
        self._idle_snapshots: list[tuple[SnapshotSession, State]] = []
        self._follower = self._follow_from_now()
        self._writer = Writer(address, statements, self._follower.committed)
        self._is_followed = False
        self._failed_at = 0.0

    @property
    def state(self) -> State:
        return self._state

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        """See the port. What has changed up to this very moment is known from then on."""
        try:
            session, state = self._idle_snapshots.pop()
        except IndexError:
            session = SnapshotSession()
            state = read_state(self._statements, SqlRecords, session)  # type: ignore[arg-type]  # as above
        with self._pool.lent() as line, session.pinned(line):
            self._read_changelog(session.execute)
            yield state
        self._idle_snapshots.append((session, state))

    @property
    def epoch(self) -> int:
        epoch: int = self._follower.epoch
        return epoch

    def is_current(self, epoch: int) -> bool:
        return not self._epochs_end or epoch == self._session.execute(EPOCH).fetchone()[0]

    async def write(self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False) -> T:
        return await self._writer.write(work, epoch if self._epochs_end else None, urgent=urgent)

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        return self._writer.write_now(work)

    async def reset(self, work: Callable[[Transaction], T]) -> T:
        """Empty every table and run `work`, in one transaction; every process then sees a gap in the changes."""

        def emptied(transaction: Transaction) -> T:
            self._writer.clear()
            return work(transaction)

        return await self._writer.write(emptied, None, urgent=False)

    def changes(self) -> tuple[Topic, ...] | None:
        """See the port. Raises StoreUnavailable where nobody could say what has changed within the last second."""
        if not self._is_followed or self._follower.age > _OVERDUE_SECONDS:
            self._catch_up()
        if not self._follower.is_current:
            raise StoreUnavailable("the changelog could not be read for a second")
        return self._follower.take()

    def behind(self) -> int:
        """See the port: of those that this node knows of."""
        return self._follower.behind()

    def attended(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """See the port."""
        return _await(bridged(work))

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """See the port."""
        task = asyncio.get_running_loop().create_task(bridged(self._follow()))
        self._is_followed = True
        try:
            yield
        finally:
            self._is_followed = False
            task.cancel()
            await asyncio.wait([task])

    def close(self) -> None:
        self._writer.close()
        self._pool.close()

    def _follow_from_now(self) -> Follower:
        with self._pool.lent() as line:
            began = clock()
            revision = line.execute("SELECT revision FROM store_revision").fetchone()[0]
            return Follower(line.execute(_SINCE, (revision,)).fetchall(), began)

    async def _follow(self) -> None:
        while True:
            try:
                self._read_changelog(self._session.execute)
            except StoreUnavailable:
                self._failed_at = clock()
            await asyncio.sleep(_POLL_SECONDS)

    def _catch_up(self) -> None:
        """The poll is late, or nobody polls: ask now, unless it has just been tried."""
        if not self._follower.is_current and clock() - self._failed_at < _APART_SECONDS:
            return
        try:
            self._read_changelog(self._session.execute)
        except StoreUnavailable:
            self._failed_at = clock()
            if not self._is_followed:
                raise

    def _read_changelog(self, execute: Callable[..., Any]) -> None:
        asked, began = self._follower.revision, clock()
        self._follower.read(asked, execute(_SINCE, (asked,)).fetchall(), began)


async def _await(work: Any) -> Any:
    return await work


def open_store(url: str, *, ephemeral: bool = False) -> PostgresStore:
    """Open the store in a database, creating or migrating its tables first.

    Raises ValueError for a URL that is none, NewerFormat, UnfitDatabase, StoreUnavailable.
    """
    address = Address(url)
    metadata = schema()
    prepare(address, metadata)
    statements = {kind.name: Statements(kind, metadata, POSTGRESQL) for kind in KINDS}
    return PostgresStore(address, statements, ephemeral=ephemeral)
