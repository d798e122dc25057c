"""The writer of one node: what waits runs in one transaction, each in its savepoint, with one commit for all."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

from iamd.stores.ports.store import OutcomeUnknown, StoreUnavailable, Transaction
from iamd.stores.sql.engine import Job
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.bridge import bridged, wait
from iamd.stores.sql.postgres.engine import Engine
from iamd.stores.sql.postgres.faults import Contended, Unreachable
from iamd.stores.sql.postgres.lines import BlockingLine, LoopLine
from iamd.stores.sql.postgres.outcome import was_committed
from iamd.stores.sql.statements import Statements

T = TypeVar("T")
_BATCH: Final = 64
_AGAIN_SECONDS: Final = 1.5
"""For so long a batch that left nothing is tried again. With the patience of a connection it is under five seconds."""
_ANSWER_SECONDS: Final = 4.0
_ASK_SECONDS: Final = 1.5
"""Within the first a caller is told what has become of a lost commit, or within the second where that took too long."""
_SOON_SECONDS: Final = 0.5
_PAUSES: Final = (0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
Told = Callable[[int, list[str]], None]


class _Waiting(Job):
    """A job whose caller waits on an event loop."""

    __slots__ = ("future", "since")

    def __init__(self, work: Any, epoch: int | None, future: "asyncio.Future[None]", *, urgent: bool) -> None:
        super().__init__(work, epoch, urgent=urgent)
        self.future = future
        self.since = time.monotonic()


class Writer:
    """`told` hears of the revisions that were committed, before anybody is answered."""

    def __init__(self, address: Address, statements: dict[str, Statements], told: Told) -> None:
        self._address = address
        self._statements = statements
        self._told = told
        self._queue: deque[_Waiting] = deque()
        self._flushing: asyncio.Task[None] | None = None
        self._engine: Engine | None = None
        self._engine_loop: asyncio.AbstractEventLoop | None = None
        self._blocking: Engine | None = None
        self._one_blocking = threading.Lock()
        self._current: Engine | None = None
        self._closed = False

    async def write(self, work: Callable[[Transaction], T], epoch: int | None, *, urgent: bool) -> T:
        """See the port. A caller that is cancelled does not take its work back."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        loop = asyncio.get_running_loop()
        job = _Waiting(work, epoch, loop.create_future(), urgent=urgent)
        self._queue.append(job)
        if self._flushing is None or self._flushing.done() or self._flushing.get_loop() is not loop:
            self._flushing = loop.create_task(bridged(self._flush()))
        await job.future
        result: T = job.result
        return result

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """See the port; blocks, on a connection of its own."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        job = Job(work, urgent=True)
        with self._one_blocking:
            error = self._perform([job], self._of_threads)
        if error or job.error:
            raise error or job.error  # type: ignore[misc]  # one of them is there
        result: T = job.result
        return result

    def clear(self) -> None:
        """Empty every table, from inside a mutation."""
        assert self._current is not None  # noqa: S101  # a mutation is running
        self._current.clear()

    def close(self) -> None:
        self._closed = True
        for engine in (self._engine, self._blocking):
            if engine is not None:
                engine.close()

    async def _flush(self) -> None:
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(_BATCH, len(self._queue)))]
            error: StoreUnavailable | None = StoreUnavailable("the writer was interrupted")
            try:
                error = self._perform(batch, self._of_loop)
            finally:
                _answer(batch, error)
                if isinstance(error, Unreachable | OutcomeUnknown):
                    _answer(self._overdue(), Unreachable(str(error)))

    def _overdue(self) -> list[_Waiting]:
        """Those in the queue who would wait for too long if they waited for another attempt as well."""
        before = time.monotonic() - _SOON_SECONDS
        overdue: list[_Waiting] = []
        while self._queue and self._queue[0].since < before:
            overdue.append(self._queue.popleft())
        return overdue

    def _of_threads(self) -> Engine:
        if self._blocking is not None and self._blocking.line.is_lost:
            self._blocking.close()
            self._blocking = None
        if self._blocking is None:
            self._blocking = Engine(BlockingLine(self._address), self._statements)
        return self._blocking

    def _of_loop(self) -> Engine:
        """The engine of the event loop, on a connection that stays open."""
        loop = asyncio.get_running_loop()
        engine = self._engine
        if engine is None or engine.line.is_lost or self._engine_loop is not loop:
            if engine is not None:
                engine.close()
            self._engine = None
            line = wait(LoopLine.open(self._address))
            engine = self._engine = Engine(line, self._statements)
            self._engine_loop = loop
        return engine

    def _perform(self, jobs: "list[Job] | list[_Waiting]", engine: Callable[[], Engine]) -> StoreUnavailable | None:
        """Run and commit; gives why nothing was, if so. What left nothing behind is tried again."""
        began = time.monotonic()
        until = began + _AGAIN_SECONDS
        attempt = 0
        while True:
            try:
                self._attempt(jobs, engine(), began)
            except OutcomeUnknown as error:
                return error
            except (Contended, Unreachable) as error:
                if time.monotonic() > until:
                    return error
                _pause(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
            except StoreUnavailable as error:
                return error
            else:
                return None

    def _attempt(self, jobs: "list[Job] | list[_Waiting]", engine: Engine, began: float) -> None:
        try:
            engine.begin()
            for job in jobs:
                job.result = job.error = None
                self._current = engine
                engine.run(job)
            if all(job.error for job in jobs):
                # Nothing is left to commit, and nobody has to wait for it.
                engine.rollback()
            else:
                self._commit(engine, began)
        except StoreUnavailable:
            engine.rollback()
            raise
        except BaseException:
            # In the middle of something: what the server still thinks of it ends with the connection.
            engine.close()
            raise
        first, texts = engine.changed
        if texts:
            self._told(first, texts)

    def _commit(self, engine: Engine, began: float) -> None:
        """Raises StoreUnavailable; OutcomeUnknown only where the database could not say in time what came of it."""
        try:
            engine.commit()
        except OutcomeUnknown as unknown:
            witness = engine.witness
            if witness is None:
                raise
            left = max(_ASK_SECONDS, _ANSWER_SECONDS - (time.monotonic() - began))
            if not was_committed(self._address, witness, left):
                raise Unreachable(f"the transaction was lost with its connection: {unknown}") from unknown


def _pause(seconds: float) -> None:
    """Not as long as others who met the same pause."""
    length = seconds * (time.monotonic_ns() % 1009) / 1009
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        time.sleep(length)
    else:
        wait(asyncio.sleep(length))


def _answer(batch: list[_Waiting], error: StoreUnavailable | None) -> None:
    for job in batch:
        failure = error or job.error
        if job.future.done():
            continue
        if failure is None:
            job.future.set_result(None)
        else:
            job.future.set_exception(failure)
