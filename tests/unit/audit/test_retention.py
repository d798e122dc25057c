"""Old and surplus events of reads go, oldest first; those of changes stay whatever happens."""

import asyncio

from iamd.audit.retention import KEPT_MS, prune
from iamd.audit.trail import record
from iamd.stores.ports.events import Event
from tests.unit.audit.made import Store, event

HOUR = 3_600_000
NOW = 1_000_000 * HOUR


def store_with(*events: Event) -> Store:
    store = Store()
    store.write_now(lambda transaction: record(transaction, events))
    return store


def left(store: Store) -> list[int]:
    return [each.at for each in store.events()]


def total(store: Store) -> int:
    return sum(volume.bytes for volume in store.state.event_volumes.page("key"))


def test_what_is_younger_and_fits_stays() -> None:
    store = store_with(event(NOW - KEPT_MS), event(NOW))
    assert asyncio.run(prune(store, NOW, 1000)) == 0
    assert len(left(store)) == 2


def test_what_is_older_than_ninety_days_goes() -> None:
    store = store_with(event(NOW - KEPT_MS - HOUR), event(NOW - HOUR), event(NOW))
    assert asyncio.run(prune(store, NOW, 1000)) == 1
    assert left(store) == [NOW - HOUR, NOW]


def test_the_oldest_go_until_the_rest_fits_in_many_small_transactions() -> None:
    store = store_with(*(event(NOW - 100 + n, record="x" * 10) for n in range(100)))
    assert asyncio.run(prune(store, NOW, 255, batch=7)) == 75
    assert left(store) == [NOW - 100 + n for n in range(75, 100)]
    assert total(store) == 250


def test_events_of_changes_are_never_dropped() -> None:
    store = store_with(
        event(1, droppable=False, record="x" * 1000),
        event(2),
        event(NOW, droppable=False, record="x" * 1000),
    )
    assert asyncio.run(prune(store, NOW, 0)) == 1
    assert left(store) == [1, NOW]
    assert total(store) == 0


def test_a_count_that_is_wrong_ends_instead_of_running_for_ever() -> None:
    store = store_with(event(NOW, record="x" * 10))
    store.write_now(lambda transaction: transaction.state.events.delete(NOW, f"e{NOW}"))
    assert asyncio.run(prune(store, NOW, 5)) == 0
    assert total(store) == 0


def test_what_a_denial_was_decided_on_counts_and_goes_with_its_event() -> None:
    store = store_with(event(NOW - 1, details=b"x" * 500), event(NOW))
    assert total(store) == 504
    assert asyncio.run(prune(store, NOW, 400)) == 1
    assert left(store) == [NOW]
    assert total(store) == 2
