"""Events of reads, denials and faults, and last-used stamps: kept in batches, at most 100 ms after the call.

A crash may lose the batch that waits and nothing more; a change's event never comes this way, it commits with it.
"""

import asyncio
import contextlib
import logging
from typing import Final

from iamd.stores.ports.credentials import AccessKeyUse
from iamd.stores.ports.events import Event
from iamd.stores.ports.store import Store, StoreUnavailable, Transaction

_LOG: Final = logging.getLogger(__name__)
_DELAY: Final = 0.1
_LIMIT: Final = 100_000
"""Events that wait while the store cannot commit; the oldest beyond it are dropped and counted."""


class Trail:
    """Collects what need not commit with its call. Used from the event loop's thread alone."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._events: list[Event] = []
        self._uses: dict[str, AccessKeyUse] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._flushed = asyncio.Lock()
        self.dropped = 0

    def add(self, event: Event) -> None:
        self._events.append(event)
        self._flush_later()

    def used(self, use: AccessKeyUse) -> None:
        """Stamp a key. `last_use` shows it at once."""
        self._uses[use.key_id] = use
        self._flush_later()

    def last_use(self, key_id: str) -> AccessKeyUse | None:
        """The stamp that is not yet in the store, if one waits."""
        return self._uses.get(key_id)

    def forget(self) -> None:
        """Drop what waits: after a reset it belongs to a world that is gone."""
        self._events.clear()
        self._uses.clear()

    async def flush(self) -> None:
        """Write what waits now."""
        async with self._flushed:
            events, self._events = self._events, []
            uses, self._uses = self._uses, {}
            if not events and not uses:
                return

            def work(transaction: Transaction) -> None:
                transaction.record_many(events)
                for use in uses.values():
                    _stamp(transaction, use)

            try:
                await self._store.write(work)
            except StoreUnavailable:
                self._keep(events, uses)
                raise

    async def close(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._flushing
        await self.flush()

    def _keep(self, events: list[Event], uses: dict[str, AccessKeyUse]) -> None:
        waiting = events + self._events
        excess = max(0, len(waiting) - _LIMIT)
        self.dropped += excess
        self._events = waiting[excess:]
        self._uses = {**uses, **self._uses}

    def _flush_later(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush_after_delay())

    async def _flush_after_delay(self) -> None:
        while self._events or self._uses:
            await asyncio.sleep(_DELAY)
            try:
                await self.flush()
            except StoreUnavailable:
                _LOG.exception("%d audit events wait for the store", len(self._events))


def _stamp(transaction: Transaction, use: AccessKeyUse) -> None:
    uses = transaction.state.access_key_uses
    if uses.get(use.key_id) is None:
        uses.insert(use)
    else:
        uses.replace(use)
