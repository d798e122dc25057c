"""Answers of completed uploads are kept for a day, for who lost theirs."""

from functools import partial
from typing import Final

from iamd.stores.ports.identities import Millis
from iamd.stores.ports.store import Store, Transaction

KEPT_MS: Final = 24 * 3_600_000
_BATCH: Final = 50


async def forget_completed(store: Store, now: Millis) -> int:
    """Delete the old ones in small transactions; how many. Raises StoreUnavailable."""
    forgotten = 0
    while oldest := store.state.completed_uploads.page("time", limit=1):
        if oldest[0].completed_at > now - KEPT_MS:
            break
        forgotten += await store.write(partial(_forget, before=now - KEPT_MS), urgent=True)
    return forgotten


def _forget(transaction: Transaction, *, before: Millis) -> int:
    kept = transaction.state.completed_uploads
    old = [done for done in kept.page("time", limit=_BATCH) if done.completed_at <= before]
    for done in old:
        kept.delete(done.bucket_id, done.key, done.id)
    return len(old)
