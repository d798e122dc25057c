"""Events of reads and denials go after 90 days, or when they are more than the operator grants; changes stay."""

from typing import Final

from iamd.stores.ports.events import Event, EventVolume
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Store, Transaction

KEPT_MS: Final = 90 * 24 * 3_600_000
BATCH: Final = 50
"""Events a transaction: two to five milliseconds in the one writer."""
_HOUR_MS: Final = 3_600_000
_DROPPABLE: Final = True


async def prune(store: Store, now: int, limit: int, batch: int = BATCH) -> int:
    """Delete what is too old or over `limit` bytes, oldest first, in small transactions. Returns how many events."""
    removed = 0
    while _excess(store.state, now, limit):
        count = await store.write(lambda transaction: _remove(transaction, now, limit, batch))
        if not count:
            break
        removed += count
    return removed


def _excess(state: State, now: int, limit: int) -> bool:
    volumes = state.event_volumes.page("key")
    if not volumes:
        return False
    return sum(volume.bytes for volume in volumes) > limit or volumes[0].hour < (now - KEPT_MS) // _HOUR_MS


def _remove(transaction: Transaction, now: int, limit: int, batch: int) -> int:
    state = transaction.state
    volumes = {volume.hour: volume.bytes for volume in state.event_volumes.page("key")}
    total = sum(volumes.values())
    removed = 0
    for event in state.events.page("droppable", _DROPPABLE, limit=batch):
        if total <= limit and event.at >= now - KEPT_MS:
            break
        state.events.delete(event.at, event.id)
        total -= len(event.record)
        volumes[_hour(event)] = volumes.get(_hour(event), 0) - len(event.record)
        removed += 1
    _keep_volumes(state, volumes, removed, batch)
    return removed


def _keep_volumes(state: State, volumes: dict[int, int], removed: int, batch: int) -> None:
    """Hours before the oldest event that is left hold nothing, whatever their count says."""
    oldest = next(iter(state.events.page("droppable", _DROPPABLE, limit=1)), None) if removed < batch else None
    for hour, size in volumes.items():
        known = state.event_volumes.get(hour)
        is_past = removed < batch and (oldest is None or hour < _hour(oldest))
        if size <= 0 or is_past:
            state.event_volumes.delete(hour)
        elif known is None or known.bytes != size:
            state.event_volumes.put(EventVolume(hour, size))


def _hour(event: Event) -> int:
    return event.at // _HOUR_MS
