"""A store whose commits are counted and timed."""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from iamd.model.histogram import Histogram
from iamd.stores.ports.store import Store, StoreUnavailable, Transaction

T = TypeVar("T")


class MeteredStore:
    """The store that it was given, but for `write`. `waiting`: what was handed over and has not been answered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads_wait = store.reads_wait
        self.attended = store.attended
        self.following = store.following
        self.state = store.state
        self.recent = store.recent
        self.snapshot = store.snapshot
        self.is_current = store.is_current
        self.write_now = store.write_now
        self.changes = store.changes
        self.behind = store.behind
        self.close = store.close
        self.waiting = 0
        self.failures = 0
        self.seconds = Histogram()

    @property
    def calls(self) -> int:
        return self._store.calls

    @calls.setter
    def calls(self, number: int) -> None:
        self._store.calls = number

    @property
    def was_read(self) -> bool:
        return self._store.was_read

    @property
    def epoch(self) -> int:
        return self._store.epoch

    async def write(self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False) -> T:
        self.waiting += 1
        begun = perf_counter()
        try:
            result = await self._store.write(work, epoch=epoch, urgent=urgent)
        except StoreUnavailable:
            self.failures += 1
            raise
        finally:
            self.waiting -= 1
        self.seconds.add(perf_counter() - begun)
        return result
