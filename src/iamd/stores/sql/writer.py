"""The one writer: what waits runs in one transaction, each in its savepoint, with one commit for all of them.

Measured (docs: performance): statements on the event loop and only COMMIT in a thread give the most, because a thread
that runs the statements starves for the interpreter's lock while reads saturate the loop. On a quick disk a lone change
is committed on the loop too, and one of several that nobody else waits beside.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from iamd.stores.ports.store import DiskFull, StoreUnavailable, Transaction
from iamd.stores.sql.batches import PATIENCE_SECONDS, RETRY_SECONDS, Batches
from iamd.stores.sql.checkpoints import Checkpoints
from iamd.stores.sql.engine import Engine, Job, Work
from iamd.stores.sql.gathering import Gathering
from iamd.stores.sql.lone import LoneCommits

T = TypeVar("T")
_BATCH = 64


class _Waiting(Job):
    """A job whose caller waits on an event loop."""

    __slots__ = ("future",)

    def __init__(self, work: Work, epoch: int | None, future: "asyncio.Future[None]", *, urgent: bool) -> None:
        super().__init__(work, epoch, urgent=urgent)
        self.future = future


class Writer:
    def __init__(
        self, engine: Engine, checkpoints: Checkpoints, *, commit_inline: bool, calls: Callable[[], int]
    ) -> None:
        """`calls`: how many are being served that may come to write."""
        self._engine = engine
        self._batches = Batches(engine, checkpoints)
        self._inline = commit_inline
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="iamd-commit")
        self._queue: deque[_Waiting] = deque()
        # Held from BEGIN until after COMMIT, by whichever thread is at it.
        self._mutex = threading.Lock()
        self._flushing_on: asyncio.AbstractEventLoop | None = None
        self._committing_for: asyncio.AbstractEventLoop | None = None
        self._refused_since: float | None = None
        self._refusals = 0
        self._gathering = Gathering()
        self._lone = LoneCommits()
        self._calls = calls
        self._closed = False

    async def write(self, work: Callable[[Transaction], T], epoch: int | None = None, *, urgent: bool = False) -> T:
        """See the port. A caller that is cancelled does not take its work back."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        loop = asyncio.get_running_loop()
        job = _Waiting(work, epoch, loop.create_future(), urgent=urgent)
        self._queue.append(job)
        is_first = self._flushing_on is not loop
        self._flush_soon(loop)
        if is_first and self._gathering.is_over and self._lone.may_stay(len(self._queue), 0, self._calls()):
            # Nobody else wrote of late: neither the next turn of the loop nor one after the commit is waited for.
            try:
                self._flush_queue(loop)
            except Exception as error:  # noqa: BLE001  # as the loop does; whoever waits has been told
                loop.call_exception_handler({"message": "the writer was interrupted", "exception": error})
        await job.future
        result: T = job.result
        return result

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """See the port; blocks."""
        job = Job(work, urgent=True)
        if self._closed or not self._mutex.acquire(timeout=PATIENCE_SECONDS):
            raise StoreUnavailable("the store is closed" if self._closed else "the writer is busy")
        try:
            error = self._batches.run_with_room(job)
        finally:
            self._mutex.release()
        if error or job.error:
            raise error or job.error  # type: ignore[misc]  # one of them is there
        result: T = job.result
        return result

    def close(self) -> None:
        """Commit what waits, then stop."""
        self._closed = True
        self._thread.shutdown(wait=True)
        with self._mutex:
            while self._queue:
                batch = self._take()
                self._answer(batch, self._batches.run_blocking(batch))
            self._engine.close()

    def _flush_soon(self, loop: asyncio.AbstractEventLoop, delay: float | None = None) -> None:
        """Flush once in this turn of the loop. A loop that has died meanwhile does not count."""
        if self._flushing_on is loop:
            return
        self._flushing_on = loop
        if delay is None:
            loop.call_soon(self._flush, loop)
        else:
            loop.call_later(delay, self._flush, loop)

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        self._flushing_on = None
        self._flush_queue(loop)

    def _flush_queue(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._queue or self._closed:
            return
        if not self._mutex.acquire(blocking=False):
            # The end of a commit for this loop flushes again; of what another thread does, nobody tells.
            if self._committing_for is not loop:
                self._flush_soon(loop, RETRY_SECONDS[-1])
            return
        handed_over = False
        try:
            handed_over = not self._gathering.wants_more(len(self._queue)) and self._run_batch(loop)
        finally:
            if not handed_over:
                self._mutex.release()
        if self._queue and not handed_over:
            self._flush_soon(loop)

    def _run_batch(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Begin, run and commit; whether the commit now runs in the thread, which then holds the mutex."""
        try:
            if not self._engine.begin():
                self._refused(loop)
                return False
        except StoreUnavailable as unavailable:
            self._refused_since = None
            self._answer(self._take(), unavailable)
            return False
        self._refused_since, self._refusals = None, 0
        batch = self._take()
        self._gathering.took(len(batch))
        try:
            rows, error = self._batches.run(batch)
            if error is None and rows and not self._stays(batch, rows):
                self._committing_for = loop
                self._thread.submit(self._commit_in_thread, batch, rows, loop)
                return True
            error = error or self._commit(rows)
        except BaseException:
            self._answer(batch, StoreUnavailable("the writer was interrupted"))
            raise
        self._answer(batch, error)
        return False

    def _stays(self, batch: list[_Waiting], rows: int) -> bool:
        return self._inline or (self._lone.may_stay(len(batch), rows, self._calls()) and not self._batches.are_behind)

    def _commit(self, rows: int) -> StoreUnavailable | None:
        begun = time.monotonic()
        error = self._batches.commit(rows)
        if rows:
            self._lone.took(time.monotonic() - begun, rows)
        return error

    def _refused(self, loop: asyncio.AbstractEventLoop) -> None:
        """Another process writes: try again soon, but not for ever."""
        now = time.monotonic()
        if self._refused_since is None:
            self._refused_since, self._refusals = now, 0
        if now - self._refused_since > PATIENCE_SECONDS:
            self._engine.give_up()
            self._refused_since = None
            self._answer(self._take(len(self._queue)), StoreUnavailable("another process holds the write lock"))
            return
        delay = RETRY_SECONDS[min(self._refusals, len(RETRY_SECONDS) - 1)]
        self._refusals += 1
        self._flush_soon(loop, delay)

    def _take(self, most: int = _BATCH) -> list[_Waiting]:
        return [self._queue.popleft() for _ in range(min(most, len(self._queue)))]

    def _commit_in_thread(self, batch: list[_Waiting], rows: int, loop: asyncio.AbstractEventLoop) -> None:
        error: StoreUnavailable | None = StoreUnavailable("the writer was interrupted")
        try:
            error = self._commit(rows)
        finally:
            self._committing_for = None
            self._mutex.release()
            # Where the loop has been closed nobody is left to answer.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._committed, batch, error, loop)

    def _committed(
        self, batch: list[_Waiting], error: StoreUnavailable | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._answer(batch, error)
        if self._queue:
            # After those who have just been answered: what they write next rides along.
            self._flush_soon(loop)

    def _answer(self, batch: list[_Waiting], error: StoreUnavailable | None) -> None:
        """What was urgent in a batch that found no space goes first in the next one, with the room that is made now."""
        again = []
        if isinstance(error, DiskFull):
            self._engine.make_room()
            again = [job for job in batch if job.urgent and not job.again]
        for job in batch:
            if job in again:
                job.again, job.error = True, None
            else:
                _tell(job, error or job.error)
        self._queue.extendleft(reversed(again))


def _tell(job: _Waiting, failure: Exception | None) -> None:
    loop = job.future.get_loop()
    if loop.is_closed():
        return
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        running = None
    if running is loop:
        _settle(job.future, failure)
    else:
        loop.call_soon_threadsafe(_settle, job.future, failure)


def _settle(future: "asyncio.Future[None]", failure: Exception | None) -> None:
    if future.done():
        return
    if failure is None:
        future.set_result(None)
    else:
        future.set_exception(failure)
