"""Events of reads, denials and faults, and last-used stamps: kept in batches, at most 100 ms after the call.

A crash may lose the batch that waits and nothing more; a change's event never comes this way, it commits with it.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from iamd.audit.uses import Overlaid, stamp
from iamd.stores.ports.credentials import AccessKeyUse
from iamd.stores.ports.events import Event, EventVolume
from iamd.stores.ports.identities import RoleUse
from iamd.stores.ports.records import Value
from iamd.stores.ports.state import State
from iamd.stores.ports.store import EpochEnded, Store, StoreUnavailable, Transaction

_LOG: Final = logging.getLogger(__name__)
_DELAY: Final = 0.1
_LONGEST_DELAY: Final = 5.0
_LIMIT: Final = 100_000
"""Events that wait while the store cannot commit; those beyond it are dropped and counted."""
_BATCH: Final = 200
"""Events a transaction: two to five milliseconds."""
_HOUR_MS: Final = 3_600_000


class Trail:
    """Collects what need not commit with its call. Used from the event loop's thread alone.

    `view` is the committed state with the stamps that wait laid over it: what is read through it is as new as the last
    call; `recent` is the same over `Store.recent`. `dropped` counts the events that were lost because the store could
    not take them, `failures` how often it could not, whatever came later.
    """

    def __init__(self, store: Store, *, delay: float = _DELAY, limit: int = _LIMIT) -> None:
        self._store = store
        self._delay = delay
        self._limit = limit
        self._events: list[Event] = []
        self._key_uses: dict[tuple[Value, ...], AccessKeyUse] = {}
        self._role_uses: dict[tuple[Value, ...], RoleUse] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._one_flush = asyncio.Lock()
        self._epoch = store.epoch
        self.dropped = 0
        self.failures = 0
        self.view, self.recent = self._over(store.state), self._over(store.recent)

    def _over(self, state: State) -> State:
        return replace(
            state,
            access_key_uses=Overlaid(state.access_key_uses, self._key_uses.get),
            role_uses=Overlaid(state.role_uses, self._role_uses.get),
        )

    def add(self, events: Iterable[Event], epoch: int | None = None) -> None:
        """Events of a call that was decided in `epoch`: those of one that has ended go with it."""
        if epoch not in (None, self._epoch):
            return
        self._events.extend(events)
        if len(self._events) > self._limit:
            self._drop_excess()
        self._flush_later()

    @property
    def waiting(self) -> int:
        """Events that are not written yet."""
        return len(self._events)

    def key_used(self, use: AccessKeyUse) -> None:
        self._key_uses[use.key_id,] = use
        self._flush_later()

    def role_used(self, use: RoleUse) -> None:
        self._role_uses[use.account, use.role_id] = use
        self._flush_later()

    def turn(self) -> None:
        """Drop what waits if the store's epoch has ended.

        INVARIANT: nothing of an epoch that has ended is ever written; what is under way to the store is refused there.
        """
        if self._epoch == self._store.epoch:
            return
        self._epoch = self._store.epoch
        self._events = []
        self._key_uses.clear()
        self._role_uses.clear()

    async def flush(self, *, urgent: bool = False) -> None:
        """Write what waits now, on a full disk only if it is `urgent`. Raises StoreUnavailable; it then waits on."""
        async with self._one_flush:
            left = len(self._events)
            while True:
                # Many small transactions: the writer's statements run on the event loop, and others wait meanwhile.
                count = min(left, _BATCH)
                await self._write(count, urgent=urgent)
                left -= count
                if not left:
                    return

    async def _write(self, count: int, *, urgent: bool) -> None:
        events, self._events = self._events[:count], self._events[count:]
        key_uses, role_uses = dict(self._key_uses), dict(self._role_uses)
        epoch = self._epoch
        if not events and not key_uses and not role_uses:
            return

        def work(transaction: Transaction) -> None:
            record(transaction, events)
            stamp(transaction.state, key_uses.values(), role_uses.values())

        try:
            await self._store.write(work, epoch=epoch, urgent=urgent)
        except EpochEnded:
            # They went with the world that they were of; what came meanwhile is kept.
            pass
        except StoreUnavailable:
            if epoch == self._epoch:
                self._events = events + self._events
                self._drop_excess()
            raise
        # Only now, so that a stamp can be seen in one place or the other at every moment.
        _remove(self._key_uses, key_uses)
        _remove(self._role_uses, role_uses)

    async def close(self) -> None:
        """Flush for the last time. Raises StoreUnavailable."""
        if self._flushing is not None:
            self._flushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._flushing
        try:
            await self.flush(urgent=True)
        except StoreUnavailable:
            # It may have come back by the time that this was known.
            await self.flush(urgent=True)

    @property
    def is_full(self) -> bool:
        """Whether one more event would cost another."""
        return len(self._events) >= self._limit

    def _drop_excess(self) -> None:
        """The oldest. Where nothing is decided while it is full (`kernel.settle`), the newest: they are of refusals."""
        excess = len(self._events) - self._limit
        if excess > 0:
            self.dropped += excess
            if self._store.reads_wait:
                del self._events[self._limit :]
            else:
                del self._events[:excess]

    def _flush_later(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush_after_delay())

    async def _flush_after_delay(self) -> None:
        delay = self._delay
        while self._events or self._key_uses or self._role_uses:
            await asyncio.sleep(delay)
            try:
                await self.flush()
            except StoreUnavailable as unavailable:
                delay = min(2 * delay, max(self._delay, _LONGEST_DELAY))
                self.failures += 1
                _LOG.warning(
                    "%d audit events wait for the store, %d were dropped: %s", self.waiting, self.dropped, unavailable
                )
            else:
                delay = self._delay


def record(transaction: Transaction, events: Iterable[Event]) -> None:
    """Write events, and note the volume of those that may be dropped one day."""
    events = tuple(events)
    transaction.record_many(events)
    grown: Counter[int] = Counter()
    for event in events:
        if event.droppable:
            grown[event.at // _HOUR_MS] += event.size
    volumes = transaction.state.event_volumes
    for hour, size in grown.items():
        known = volumes.get(hour)
        volumes.put(EventVolume(hour, size + (0 if known is None else known.bytes)))


def _remove(waiting: dict[tuple[Value, ...], Any], written: dict[tuple[Value, ...], Any]) -> None:
    for key, use in written.items():
        if waiting.get(key) is use:
            del waiting[key]
