"""The collector deletes what nobody uses, and nothing else, whoever it meets."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from iamd.kernel.body import plan_body, receive
from iamd.model.http import HttpRequest
from iamd.services.s3.stored import delete_row, put_row
from iamd.stores.blobs import LocalBlobs, orphans
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.buckets import S3Object
from iamd.stores.sql import SqlStore
from tests.faults.blobs.interleaving import HOUR, START, World, extents
from tests.stores.conftest import shared_sql_store

__all__ = ["shared_sql_store"]
DAY = 24 * HOUR


class Place:
    """A memory store, real files, and a clock."""

    def __init__(self, directory: Path) -> None:
        numbers = itertools.count()
        self.directory = directory
        self.blobs = LocalBlobs(directory, lambda: f"blob-{next(numbers)}", durable=False)
        self.store = MemoryStore()
        self.now = START

    def blob(self) -> str:
        """A blob whose writer has it still in hand, written now."""
        writer = self.blobs.create()
        writer.write(b"bytes")
        blob_id = writer.commit()
        path = self.directory / blob_id[:2] / blob_id
        os.utime(path, ns=(self.now * 1_000_000,) * 2)
        return blob_id

    def put(self, blob_id: str, key: bytes = b"k") -> None:
        def work(transaction: Any) -> None:
            row = S3Object("b", key, "e", 5, self.now, "{}", "{}", extents=extents(blob_id))
            put_row(transaction.state, row, transaction.state.objects.get("b", key))

        self.store.write_now(work)

    def delete(self, key: bytes = b"k") -> None:
        def work(transaction: Any) -> None:
            row = transaction.state.objects.get("b", key)
            delete_row(transaction.state, row)

        self.store.write_now(work)

    def collect(self, after: int = 0) -> int:
        self.now += after
        return asyncio.run(orphans.collect(self.store, self.blobs, lambda: self.now))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "blobs")


def test_a_blob_goes_a_day_after_it_was_noted_and_it_is_noted_when_it_is_a_day_old(place: Place) -> None:
    orphan = place.blob()
    place.blobs.release(orphan)
    assert place.collect(DAY - 1) == 0
    assert place.store.state.orphans.page("key") == []
    assert place.collect(1) == 0
    assert [noted.blob_id for noted in place.store.state.orphans.page("key")] == [orphan]
    assert place.collect(DAY - 1) == 0
    assert place.blobs.every() == [orphan]
    assert place.collect(1) == 1
    assert place.blobs.every() == []
    assert place.store.state.orphans.page("key") == []


def test_a_deleted_object_s_bytes_stay_for_a_day_at_least_for_those_who_read_them(place: Place) -> None:
    blob_id = place.blob()
    place.put(blob_id)
    place.blobs.release(blob_id)
    for _ in range(5):
        assert place.collect(DAY) == 0
    place.delete()
    assert place.collect() == 0
    assert place.collect(DAY - 1) == 0
    assert place.collect(1) == 1


def test_a_paused_upload_keeps_its_bytes_whatever_the_collector_does(place: Place) -> None:
    """Between the blob and the row, for a month; by a writer of another process it is the same lock."""
    blob_id = place.blob()
    elsewhere = LocalBlobs(place.directory, lambda: "unused", durable=False)
    for blobs in (place.blobs, elsewhere) * 15:
        place.now += DAY
        assert asyncio.run(orphans.collect(place.store, blobs, lambda: place.now)) == 0
    place.put(blob_id)
    place.blobs.release(blob_id)
    assert place.store.state.orphans.page("key") == []
    for _ in range(3):
        assert place.collect(DAY) == 0
    assert b"".join(place.blobs.read(blob_id, 0, 5)) == b"bytes"


def test_a_day_begins_anew_for_a_blob_that_was_used_meanwhile(place: Place) -> None:
    blob_id = place.blob()
    place.collect(DAY)
    place.collect(10 * DAY)
    place.put(blob_id)
    place.blobs.release(blob_id)
    place.delete()
    assert place.collect() == 0
    assert place.collect(DAY - 1) == 0
    assert place.collect(1) == 1


def test_an_upload_that_still_receives_keeps_its_file_and_a_dead_one_s_goes(place: Place) -> None:
    living, dead = place.blobs.create(), place.blobs.create()
    for writer in (living, dead):
        writer.write(b"half")
    names = sorted((place.directory / "tmp").iterdir())
    for name in names:
        os.utime(name, (1, 1))
    assert dead._file is not None
    os.close(dead._file)
    assert place.collect() == 0
    assert sorted((place.directory / "tmp").iterdir()) == names[:1]
    assert [living.commit()] == place.blobs.every()


def test_a_clock_that_goes_back_delays_by_a_day_and_no_more(place: Place) -> None:
    orphan = place.blob()
    place.blobs.release(orphan)
    place.collect(DAY)
    place.now -= 1000 * DAY
    assert place.collect() == 0
    assert place.collect(DAY) == 1


def test_what_fails_to_receive_is_not_held(place: Place) -> None:
    async def short() -> AsyncIterator[bytes]:
        yield b"x" * 100_000

    http = HttpRequest("PUT", b"/", b"", [(b"content-length", b"200000")])
    with pytest.raises(Exception, match="number of bytes"):
        asyncio.run(receive(short(), plan=plan_body(http, None), blobs=place.blobs))
    assert place.blobs.every() == []
    assert place.blobs._held == {}


def interleave(make_store: Callable[[], Any], seeds: range, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Runs one world a seed; how much was stored and collected in all of them."""
    stored = collected = 0
    monkeypatch.setattr(orphans, "_PAUSE_SECONDS", 0)
    for seed in seeds:
        world = World(make_store(), seed)
        monkeypatch.setattr(asyncio, "to_thread", world.store.to_thread)
        asyncio.run(world.run())
        assert world.used() <= world.there(), f"seed {seed}"
        # The clock may have gone back before: two days more until a blob's time is past.
        for _ in range(5):
            world.now += DAY
            asyncio.run(world.collect())
        assert world.used() == world.there(), f"seed {seed}"
        assert world.blobs.held == set(), f"seed {seed}"
        stored += world.stored
        collected += world.collected
    return stored, collected


def test_no_order_of_events_loses_a_used_blob_or_keeps_an_orphan(monkeypatch: pytest.MonkeyPatch) -> None:
    stored, collected = interleave(MemoryStore, range(200), monkeypatch)
    assert stored > 1000
    assert collected > 1000


def test_nor_does_it_with_the_sql_store(shared_sql_store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def emptied() -> SqlStore:
        asyncio.run(shared_sql_store.reset(lambda _: None))
        return shared_sql_store

    stored, collected = interleave(emptied, range(1000, 1040), monkeypatch)
    assert stored > 200
    assert collected > 200
