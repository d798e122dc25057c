"""Events of reads and denials go after 90 days, or when they are more than the operator grants; changes stay."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Final

from iamd.stores.ports.events import EventVolume
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Store, Transaction

KEPT_MS: Final = 90 * 24 * 3_600_000
BATCH: Final = 50
"""Events a transaction: two to five milliseconds in the one writer."""
_HOUR_MS: Final = 3_600_000
_AFTER_ALL: Final = 1 << 62
Place = tuple[int, str]
"""Time and id of an event."""


async def prune(store: Store, now: int, limit: int, batch: int = BATCH) -> int:
    """Delete what is too old or over `limit` bytes, oldest first, in small transactions. Returns how many events."""
    removed = 0
    place: Place | None = None
    while _excess(store.state, now, limit):
        work = partial(_remove, now=now, limit=limit, batch=batch, place=place)
        count, place = await store.write(work, urgent=True)
        removed += count
    return removed


def _excess(state: State, now: int, limit: int) -> bool:
    volumes = state.event_volumes.page("key")
    if not volumes:
        return False
    return sum(volume.bytes for volume in volumes) > limit or volumes[0].hour < (now - KEPT_MS) // _HOUR_MS


def _remove(
    transaction: Transaction, *, now: int, limit: int, batch: int, place: Place | None
) -> tuple[int, Place | None]:
    """Go through the oldest hour that counts droppable events, from where the last transaction came to."""
    state = transaction.state
    volumes = state.event_volumes.page("key")
    total = sum(volume.bytes for volume in volumes)
    begin = (volumes[0].hour * _HOUR_MS, "") if volumes else (0, "")
    page = state.events.page("key", after=max(begin, place or begin), limit=batch)
    gone: Counter[int] = Counter()
    removed = 0
    # Hours before this one have been gone through. A page that is not full was the last one.
    passed = page[-1].at // _HOUR_MS if len(page) == batch else _AFTER_ALL
    for event in page:
        if total <= limit and event.at >= now - KEPT_MS:
            passed = event.at // _HOUR_MS
            break
        place = event.at, event.id
        if event.droppable:
            whole = state.events.delete(event.at, event.id) or event
            total -= whole.size
            gone[event.at // _HOUR_MS] += whole.size
            removed += 1
    _keep_volumes(state, volumes, gone, passed)
    return removed, place


def _keep_volumes(state: State, volumes: list[EventVolume], gone: Mapping[int, int], passed: int) -> None:
    """Hours that were gone through hold no droppable event any more, whatever their count says."""
    for volume in volumes:
        left = volume.bytes - gone.get(volume.hour, 0)
        if left <= 0 or volume.hour < passed:
            state.event_volumes.delete(volume.hour)
        elif left != volume.bytes:
            state.event_volumes.put(EventVolume(volume.hour, left))
