"""Blobs that no row refers to: noted once they are a day old, deleted when they have been unused for a further day.

That nobody is about to refer to one is not a matter of time but of holds (see BlobStore): however long an upload
pauses, its blob is held. The days are for those who read: a download or a backup that began before an object went.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from iamd.stores.ports.blobs import BlobStore
from iamd.stores.ports.buckets import Orphan
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Store, Transaction

DAY_MS: Final = 24 * 3_600_000
_LOOK: Final = 200
"""Blobs looked at in one go, off the event loop: a few milliseconds."""
_BATCH: Final = 50
_PAUSE_SECONDS: Final = 0.02


async def collect(store: Store, blobs: BlobStore, clock: Callable[[], Millis]) -> int:
    """Go through all blobs once; how many were deleted. For one process of those that share the store.

    Raises StoreUnavailable, OSError; what has been done until then is done.
    """
    await asyncio.to_thread(blobs.sweep_unfinished, clock() - DAY_MS)
    found = blobs.written()
    count = _LOOK
    while count == _LOOK:
        count, unused = await asyncio.to_thread(_look, store.state, found, clock())
        if unused:
            await store.write(partial(_note, unused=unused, now=clock()), urgent=True)
        await asyncio.sleep(_PAUSE_SECONDS)
    return await _collect_noted(store, blobs, clock)


def _look(state: State, found: Iterator[tuple[str, Millis]], now: Millis) -> tuple[int, list[str]]:
    """How many came, and which of them are a day old, used by nobody and not noted yet.

    Where the clock has gone back, what was written in its future counts as old: when is not known.
    """
    page = list(islice(found, _LOOK))
    return len(page), [
        blob_id
        for blob_id, at in page
        if abs(now - at) >= DAY_MS and not _is_used(state, blob_id) and state.orphans.get(blob_id) is None
    ]


def _is_used(state: State, blob_id: str) -> bool:
    return bool(state.blob_uses.page("key", blob_id, limit=1))


def _note(transaction: Transaction, *, unused: Sequence[str], now: Millis) -> None:
    state = transaction.state
    for blob_id in unused:
        if not _is_used(state, blob_id) and state.orphans.get(blob_id) is None:
            state.orphans.insert(Orphan(blob_id, now))


async def _collect_noted(store: Store, blobs: BlobStore, clock: Callable[[], Millis]) -> int:
    deleted = 0
    after: tuple[str] | None = None
    while page := store.state.orphans.page("key", after=after, limit=_BATCH):
        after = (page[-1].blob_id,)
        now = clock()
        due = [orphan.blob_id for orphan in page if not 0 <= now - orphan.since < DAY_MS]
        if due:
            deleted += await _collect_due(store, blobs, due, now)
    return deleted


async def _collect_due(store: Store, blobs: BlobStore, due: Sequence[str], now: Millis) -> int:
    """INVARIANT: what is deleted is held by the collector itself while a transaction finds that nobody uses it.

    So whoever wrote it has ended, one way or the other, before that transaction began; and who copies an object needs
    it to be used. After that transaction nobody can come to use it.
    """
    free = await asyncio.to_thread(lambda: [blob_id for blob_id in due if blobs.seize(blob_id)])
    gone: list[str] = []
    try:
        gone = await store.write(partial(_decide, free=free, now=now), urgent=True)
        await asyncio.to_thread(blobs.delete_many, gone)
    finally:
        for blob_id in free:
            blobs.release(blob_id)
    return len(gone)


def _decide(transaction: Transaction, *, free: Sequence[str], now: Millis) -> list[str]:
    """Which are to be deleted; they are noted no longer."""
    state = transaction.state
    gone = []
    for blob_id in free:
        noted = state.orphans.get(blob_id)
        if noted is None:
            continue
        if _is_used(state, blob_id):
            state.orphans.delete(blob_id)
        elif noted.since > now:
            # The clock has gone back: a day from now on.
            state.orphans.put(Orphan(blob_id, now))
        elif now - noted.since >= DAY_MS:
            state.orphans.delete(blob_id)
            gone.append(blob_id)
    return gone
