"""Answers of completed uploads are kept for a day."""

import asyncio
from functools import partial

from iamd.services.s3.retention import KEPT_MS, forget_completed
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.buckets import CompletedUpload
from iamd.stores.ports.store import Transaction


def _insert(transaction: Transaction, *, done: CompletedUpload) -> None:
    transaction.state.completed_uploads.insert(done)


def test_only_what_is_older_than_a_day_is_forgotten() -> None:
    store, now = MemoryStore(), 10 * KEPT_MS
    ages = [KEPT_MS - 1, *range(KEPT_MS, KEPT_MS + 120)]

    for number, age in enumerate(ages):
        done = CompletedUpload("b", b"k", f"{number}", now - age, "", "")
        store.write_now(partial(_insert, done=done))
    assert asyncio.run(forget_completed(store, now)) == 120
    assert [done.id for done in store.state.completed_uploads.page("key")] == ["0"]
    assert asyncio.run(forget_completed(store, now)) == 0
