"""Connections to read by: some for the event loop, one for every other thread that asks."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.bridge import current, is_bridged, wait
from iamd.stores.sql.postgres.faults import Unreachable
from iamd.stores.sql.postgres.follower import clock
from iamd.stores.sql.postgres.lines import PATIENCE_SECONDS, BlockingLine, LoopLine, Rows

T = TypeVar("T")
_MOST: Final = 16
_SOON_SECONDS: Final = 0.5
Line = BlockingLine | LoopLine


class Pool:
    """`lent()` gives a connection to whoever runs: inside `bridged`, or in a thread without an event loop."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._threads = threading.local()
        self._blocking: list[BlockingLine] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle: list[LoopLine] = []
        self._places = asyncio.Semaphore(_MOST)
        self._closed = False

    @contextmanager
    def lent(self, *, at_once: bool = False) -> Iterator[Line]:
        """Raises Unreachable, soon. RuntimeError on an event loop that the wait would hold up.

        `at_once`: by those on whom everybody waits, however many are lent.
        """
        if is_bridged():
            inside = current()
            # Who holds one already is not made to wait for another: all might wait for each other.
            may_wait = inside.connections == 0 and not at_once
            line = wait(self._take(may_wait=may_wait))
            inside.connections += 1
            try:
                yield line
            finally:
                inside.connections -= 1
                self._give_back(line, may_wait=may_wait)
        elif _on_loop():
            raise RuntimeError("a read of the database would hold up the event loop")
        else:
            idle = self._idle_of_thread()
            while idle and idle[-1].is_lost:
                idle.pop().close()
            one = idle.pop() if idle else self._opened()
            try:
                yield one
            finally:
                if one.is_lost:
                    one.close()
                else:
                    idle.append(one)

    @property
    def timeline(self) -> int:
        """The newest that a server of the database has told."""
        return self._address.timeline

    def discard_idle(self) -> None:
        """After one was lost: the others are likely to be."""
        while self._idle:
            self._idle.pop().close()

    def close(self) -> None:
        self._closed = True
        self.discard_idle()
        for line in self._blocking:
            line.close()

    async def _take(self, *, may_wait: bool) -> LoopLine:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # A connection cannot leave the loop that it was opened on.
            self.discard_idle()
            self._loop, self._places = loop, asyncio.Semaphore(_MOST)
        if may_wait:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._places.acquire()
            except TimeoutError:
                raise Unreachable("all connections to the database are in use") from None
        while self._idle:
            line = self._idle.pop()
            if not line.is_lost:
                return line
            line.close()
        try:
            return await LoopLine.open(self._address)
        except BaseException:
            if may_wait:
                self._places.release()
            raise

    def _give_back(self, line: LoopLine, *, may_wait: bool) -> None:
        if may_wait:
            self._places.release()
        if line.is_lost or self._closed or not line.is_idle or len(self._idle) >= _MOST:
            line.close()
            if not self._closed:
                self.discard_idle()
        else:
            self._idle.append(line)

    def _idle_of_thread(self) -> list[BlockingLine]:
        idle: list[BlockingLine] | None = getattr(self._threads, "idle", None)
        if idle is None:
            idle = self._threads.idle = []
        return idle

    def _opened(self) -> BlockingLine:
        line = BlockingLine(self._address)
        # A lost one is closed by the thread that uses it.
        self._blocking = [each for each in self._blocking if not each.is_lost]
        self._blocking.append(line)
        return line


class ReadSession:
    """Where statements of the committed state run: each on a connection of its own, as of its own moment."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.execute: Callable[..., Rows] = self._execute

    def on_line(self, work: Callable[[Line], T]) -> T:
        """Raises StoreUnavailable."""
        began = time.monotonic()
        try:
            with self._pool.lent() as line:
                return work(line)
        except Unreachable:
            # The database may have been started anew since the connection was used last. One that hangs is not asked
            # again: the caller has waited long enough.
            if time.monotonic() - began > _SOON_SECONDS:
                raise
        with self._pool.lent() as line:
            return work(line)

    def _execute(self, sql: str, arguments: Any = ()) -> Rows:
        return self.on_line(lambda line: line.execute(sql, arguments))


class StateSession(ReadSession):
    """The same, noting for whoever reads that what it knows of changes has to be as new as its rows."""

    def _execute(self, sql: str, arguments: Any = ()) -> Rows:
        rows = super()._execute(sql, arguments)
        if is_bridged():
            current().read_at = clock()
        return rows


class SnapshotSession:
    """One connection inside one transaction, for reads as of one moment."""

    def __init__(self) -> None:
        self.execute: Callable[..., Rows] = _closed

    @contextmanager
    def pinned(self, line: Line) -> Iterator[None]:
        line.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self.execute = line.execute
        try:
            yield
        finally:
            self.execute = _closed
            if not line.is_lost:
                line.script("ROLLBACK")


def _closed(*_: Any) -> Rows:
    raise RuntimeError("the snapshot has ended")


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
