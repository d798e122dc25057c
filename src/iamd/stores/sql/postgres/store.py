"""The SQL store on PostgreSQL: one truth for any number of nodes."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import Transaction
from iamd.stores.sql.changes import EPOCH
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.bridge import bridged
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.opening import prepare
from iamd.stores.sql.postgres.pool import Pool, SnapshotSession, StateSession
from iamd.stores.sql.postgres.watch import Watch
from iamd.stores.sql.postgres.writer import Writer
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import EVERYWHERE, schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state

T = TypeVar("T")


class PostgresStore:
    """See the port. Reads on an event loop happen inside `attended` alone."""

    reads_wait = True

    def __init__(self, address: Address, statements: dict[str, Statements], *, ephemeral: bool) -> None:
        self.calls = 0
        self._statements = statements
        self._epochs_end = ephemeral
        self._pool = Pool(address)
        self._session = StateSession(self._pool)
        self._state = read_state(statements, SqlRecords, self._session)  # type: ignore[arg-type]  # a cursor's two methods
        self._idle_snapshots: list[tuple[SnapshotSession, State]] = []
        try:
            self._watch = Watch(self._pool)
        except BaseException:
            self._pool.close()
            raise
        self._writer = Writer(address, statements, self._watch.follower.committed)

    @property
    def state(self) -> State:
        return self._state

    @property
    def recent(self) -> State:
        """No reading tells whether something was committed since the one before it."""
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
            self._watch.read(session.execute)
            yield state
        self._idle_snapshots.append((session, state))

    @property
    def epoch(self) -> int:
        epoch: int = self._watch.follower.epoch
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

    @property
    def was_read(self) -> bool:
        """What has changed is in memory: it costs nothing to ask."""
        return True

    def changes(self) -> tuple[Topic, ...] | None:
        """See the port. Raises StoreUnavailable where nobody could say what has changed within the last second."""
        return self._watch.changes()

    def behind(self) -> int:
        """See the port: of those that this node knows of."""
        return self._watch.follower.behind()

    def attended(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """See the port."""
        return _await(bridged(work))

    def following(self) -> AbstractAsyncContextManager[None]:
        """See the port."""
        return self._watch.following()

    def close(self) -> None:
        self._writer.close()
        self._pool.close()


async def _await(work: Any) -> Any:
    return await work


def open_store(url: str, *, ephemeral: bool = False) -> PostgresStore:
    """Open the store in a database, creating or migrating its tables first.

    Raises ValueError for a URL that is none, NewerFormat, UnfitDatabase, StoreUnavailable.
    """
    address = Address(url)
    metadata = schema(EVERYWHERE)
    prepare(address, metadata)
    statements = {kind.name: Statements(kind, metadata, POSTGRESQL) for kind in KINDS}
    return PostgresStore(address, statements, ephemeral=ephemeral)
