"""The trail writes in batches, survives a store that cannot commit, counts what it drops, and forgets at a reset."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from iamd.audit.trail import Trail
from iamd.stores.ports.credentials import AccessKeyUse
from iamd.stores.ports.identities import RoleUse
from iamd.stores.ports.store import StoreUnavailable
from tests.unit.audit.made import ACCOUNT, Store, add_key, add_role, event

KEY = "AKIA1"


def use(at: int, key_id: str = KEY) -> AccessKeyUse:
    return AccessKeyUse(key_id, at, "iam", "us-east-1")


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


async def settle(store: Store, count: int) -> None:
    async with asyncio.timeout(5):
        while len(store.events()) < count:  # noqa: ASYNC110  # the store in memory tells nobody
            await asyncio.sleep(0)


def test_events_are_written_together_a_moment_later() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=0)
        trail.add([event(1), event(2)])
        trail.add([event(3)])
        assert store.events() == []
        await settle(store, 3)
        assert [each.at for each in store.events()] == [1, 2, 3]
        await trail.close()

    run(story())


def test_many_events_are_written_in_small_transactions_and_none_is_lost() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=3600)
        trail.add(event(number) for number in range(1001))
        await trail.flush()
        assert [each.at for each in store.events()] == list(range(1001))
        assert store.writes == 6
        await trail.close()

    run(story())


def test_closing_writes_what_waits() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=3600)
        trail.add([event(1)])
        await trail.close()
        assert len(store.events()) == 1

    run(story())


def test_events_wait_while_the_store_cannot_commit_and_keep_their_order() -> None:
    async def story() -> None:
        store = Store()
        store.down = True
        trail = Trail(store, delay=3600)
        trail.add([event(1)])
        with pytest.raises(StoreUnavailable):
            await trail.flush()
        trail.add([event(2)])
        store.down = False
        await trail.flush()
        assert [each.at for each in store.events()] == [1, 2]
        assert trail.dropped == 0
        await trail.close()

    run(story())


def test_a_flush_in_the_background_outlives_a_store_that_cannot_commit(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        store = Store()
        store.down = True
        trail = Trail(store, delay=0)
        trail.add([event(1)])
        await store.writing.wait()
        await asyncio.sleep(0)
        store.down = False
        await settle(store, 1)
        await trail.close()

    run(story())
    assert "wait for the store" in caplog.text


def test_the_oldest_beyond_the_limit_are_dropped_and_counted() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=3600, limit=2)
        trail.add([event(1), event(2), event(3)])
        assert trail.dropped == 1
        store.down = True
        with pytest.raises(StoreUnavailable):
            await trail.flush()
        trail.add([event(4)])
        store.down = False
        await trail.flush()
        assert [each.at for each in store.events()] == [3, 4]
        assert trail.dropped == 2
        await trail.close()

    run(story())


def test_where_a_full_trail_stops_everything_what_came_first_is_kept() -> None:
    async def story() -> None:
        store = Store()
        store.reads_wait = True
        trail = Trail(store, delay=3600, limit=2)
        trail.add([event(1)])
        assert not trail.is_full
        trail.add([event(2)])
        assert trail.is_full
        trail.add([event(3)])
        assert trail.dropped == 1
        await trail.close()
        assert [each.at for each in store.events()] == [1, 2]
        assert not trail.is_full

    run(story())


def test_what_is_under_way_to_the_store_when_it_is_emptied_never_arrives() -> None:
    async def story() -> None:
        store = Store()
        store.gate = asyncio.Event()
        trail = Trail(store, delay=3600)
        trail.add([event(1)])
        flushing = asyncio.ensure_future(trail.flush())
        await store.writing.wait()
        await store.reset(lambda _: None)
        trail.turn()
        trail.add([event(2)], store.epoch)
        store.gate.set()
        await flushing
        await trail.close()
        assert [each.at for each in store.events()] == [2]

    run(story())


def test_nothing_of_before_is_written_after_a_reset() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=3600)
        before = store.epoch
        trail.add([event(1)], before)
        trail.key_used(use(1))
        await store.reset(lambda _: None)
        add_key(store, KEY)
        trail.turn()
        trail.add([event(4)], before)
        trail.add([event(5)], store.epoch)
        await trail.close()
        assert [each.at for each in store.events()] == [5]
        assert store.state.access_key_uses.count("key") == 0

    run(story())


def test_a_gap_that_is_no_reset_drops_nothing() -> None:
    async def story() -> None:
        store = Store()
        trail = Trail(store, delay=3600)
        trail.add([event(1)])
        trail.turn()
        await trail.close()
        assert [each.at for each in store.events()] == [1]

    run(story())


def test_a_stamp_is_seen_at_once_and_kept_later() -> None:
    async def story() -> None:
        store = Store()
        add_key(store, KEY)
        add_role(store, "AROA1")
        trail = Trail(store, delay=3600)
        trail.key_used(use(7))
        trail.role_used(RoleUse(ACCOUNT, "AROA1", 8, "eu-west-1"))
        assert trail.view.access_key_uses.get(KEY) == use(7)
        assert store.state.access_key_uses.get(KEY) is None
        await trail.flush()
        assert store.state.access_key_uses.get(KEY) == use(7)
        assert trail.view.access_key_uses.get(KEY) == use(7)
        assert store.state.role_uses.get(ACCOUNT, "AROA1") == RoleUse(ACCOUNT, "AROA1", 8, "eu-west-1")
        await trail.close()

    run(story())


def test_a_stamp_can_be_seen_while_it_is_being_written() -> None:
    async def story() -> None:
        store = Store()
        add_key(store, KEY)
        store.gate = asyncio.Event()
        trail = Trail(store, delay=3600)
        trail.key_used(use(7))
        flushing = asyncio.ensure_future(trail.flush())
        await store.writing.wait()
        assert trail.view.access_key_uses.get(KEY) == use(7)
        trail.key_used(use(9))
        store.gate.set()
        await flushing
        assert trail.view.access_key_uses.get(KEY) == use(9)
        await trail.close()
        assert store.state.access_key_uses.get(KEY) == use(9)

    run(story())


def test_a_newer_stamp_of_another_worker_stays_and_a_deleted_key_gets_none() -> None:
    async def story() -> None:
        store = Store()
        add_key(store, KEY)
        store.write_now(lambda transaction: transaction.state.access_key_uses.insert(use(9)))
        trail = Trail(store, delay=3600)
        trail.key_used(use(7))
        trail.key_used(use(7, "AKIAGONE"))
        trail.role_used(RoleUse(ACCOUNT, "AROAGONE", 8, "eu-west-1"))
        await trail.close()
        assert store.state.access_key_uses.page("key") == [use(9)]
        assert store.state.role_uses.count("key") == 0

    run(story())


def test_stamps_change_nothing_that_a_decision_rests_on() -> None:
    async def story() -> None:
        store = Store()
        add_key(store, KEY)
        add_role(store, "AROA1")
        store.changes()
        trail = Trail(store, delay=3600)
        trail.key_used(use(7))
        trail.role_used(RoleUse(ACCOUNT, "AROA1", 8, "eu-west-1"))
        await trail.close()
        assert store.changes() == ()

    run(story())


def test_the_view_is_read_only() -> None:
    trail = Trail(Store())
    with pytest.raises(TypeError):
        trail.view.access_key_uses.put(use(1))
