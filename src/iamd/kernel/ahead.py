"""What a change has made different is read while its answer is on its way, not when somebody waits for it."""

import asyncio
from contextlib import suppress

from iamd.authz.facts import Facts
from iamd.stores.ports.store import Store, StoreUnavailable


class Ahead:
    """For one event loop. A store that is read over a network keeps up by itself."""

    def __init__(self, facts: Facts, store: Store) -> None:
        self._facts = facts
        self._keeps_up = store.reads_wait
        self._is_due = False

    def soon(self) -> None:
        """Behind the turn of the loop in which the answer leaves; once for all who wrote together."""
        if self._is_due or self._keeps_up:
            return
        self._is_due = True
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, loop.call_soon, self._refresh)

    def _refresh(self) -> None:
        self._is_due = False
        # Whoever asks next is told.
        with suppress(StoreUnavailable):
            self._facts.refresh()
