"""A store and blobs that are used at once by uploads, copies, deletions and the collector, in an order that is drawn.

Everything that waits gives way to the others for a while, so that they meet at every point where they may.
"""

import asyncio
import itertools
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from iamd.services.s3.stored import delete_row, put_row
from iamd.services.s3.uploads import delete_upload, put_part
from iamd.stores.blobs import orphans
from iamd.stores.memory import MemoryBlobs
from iamd.stores.ports.buckets import S3Object, Upload, UploadPart
from iamd.stores.ports.state import State

HOUR = 3_600_000
START = 1_800_000_000_000
KEYS = [f"k{number}".encode() for number in range(4)]


class GivesWay:
    """The store, and what the collector does in threads, at a moment that chance picks."""

    def __init__(self, store: Any, chance: random.Random) -> None:
        self._store = store
        self._chance = chance

    @property
    def state(self) -> State:
        state: State = self._store.state
        return state

    async def pause(self, most: int = 6) -> None:
        for _ in range(self._chance.randrange(most)):
            await asyncio.sleep(0)

    async def write(self, work: Callable[[Any], Any], *, urgent: bool = False) -> Any:
        del urgent
        await self.pause()
        result = await self._store.write(work)
        await self.pause()
        return result

    async def to_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        await self.pause()
        result = function(*arguments)
        await self.pause()
        return result


class World:
    """`now` moves by hours whenever chance says so, now and then backwards."""

    def __init__(self, store: Any, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # to be repeated by its seed
        self.store = GivesWay(store, self.chance)
        self.now = START
        numbers = itertools.count()
        self.blobs = MemoryBlobs(lambda: f"blob-{next(numbers)}", lambda: self.now)
        self.running = True
        self.stored = 0
        self.collected = 0

    async def run(self) -> None:
        actors = [self.uploads() for _ in range(3)] + [self.copies(), self.deletions(), self.parts(), self.time()]
        collecting = asyncio.ensure_future(self.collecting())
        await asyncio.gather(*actors)
        self.running = False
        await collecting

    async def collecting(self) -> None:
        while self.running:
            await self.collect()
            await self.store.pause()

    async def collect(self) -> None:
        store: Any = self.store
        self.collected += await orphans.collect(store, self.blobs, lambda: self.now)

    async def time(self) -> None:
        for _ in range(12):
            self.now += self.chance.choice((1, 5, 25, 25, 49, -30)) * HOUR
            await self.store.pause(30)

    async def uploads(self) -> None:
        for _ in range(4):
            writer = self.blobs.create()
            writer.write(b"bytes")
            await self.store.pause(20)
            blob_id = writer.commit()
            # A pause between the blob and its row, as long as it may be.
            await self.store.pause(60)
            fate = self.chance.random()
            if fate < 0.7:
                await self.put(self.chance.choice(KEYS), extents(blob_id))
                self.blobs.release(blob_id)
                self.stored += 1
            elif fate < 0.85:
                self.blobs.delete(blob_id)
            else:
                # Its process dies.
                self.blobs.release(blob_id)

    async def put(self, key: bytes, columns: str | None) -> None:
        def work(transaction: Any) -> None:
            row = S3Object("b", key, "e", 5, self.now, "{}", "{}", extents=columns)
            put_row(transaction.state, row, transaction.state.objects.get("b", key))

        await self.store.write(work)

    async def copies(self) -> None:
        for _ in range(6):
            await self.store.pause(30)
            source, target = self.chance.choice(KEYS), self.chance.choice(KEYS)

            def work(transaction: Any, source: bytes = source, target: bytes = target) -> None:
                state = transaction.state
                found = state.objects.get("b", source)
                if found is not None:
                    row = S3Object("b", target, "e", 5, self.now, "{}", "{}", extents=found.extents)
                    put_row(state, row, state.objects.get("b", target))

            await self.store.write(work)

    async def deletions(self) -> None:
        for _ in range(6):
            await self.store.pause(40)
            key = self.chance.choice(KEYS)

            def work(transaction: Any, key: bytes = key) -> None:
                found = transaction.state.objects.get("b", key)
                if found is not None:
                    delete_row(transaction.state, found)

            await self.store.write(work)

    async def parts(self) -> None:
        """An upload whose part becomes an object, or goes."""
        upload = Upload("b", b"k0", "upload", START, "", "{}", "crc32", "FULL_OBJECT", checksum_named=False)
        for _ in range(3):
            writer = self.blobs.create()
            blob_id = writer.commit()
            await self.store.pause(40)
            part = UploadPart("upload", 1, "e", 5, self.now, "{}", extents(blob_id))
            await self.store.write(partial(_put_part, part=part))
            self.blobs.release(blob_id)
            await self.store.pause(40)

            def complete(transaction: Any, *, kept: bool = self.chance.random() < 0.5) -> None:
                state = transaction.state
                found = state.upload_parts.get("upload", 1)
                if kept:
                    row = S3Object("b", b"k0", "e", 5, self.now, "{}", "{}", extents=found.extents)
                    put_row(state, row, state.objects.get("b", b"k0"))
                delete_upload(state, upload)

            await self.store.write(complete)

    def used(self) -> set[str]:
        """Blobs that rows refer to."""
        state = self.store.state
        objects = [state.objects.get("b", key) for key in KEYS]
        rows = [row for row in (*objects, state.upload_parts.get("upload", 1)) if row is not None]
        return {run["blob"] for row in rows for run in orjson.loads(row.extents or "[]")}

    def there(self) -> set[str]:
        return set(self.blobs.every())


def _put_part(transaction: Any, *, part: UploadPart) -> None:
    put_part(transaction.state, part)


def extents(blob_id: str) -> str:
    return orjson.dumps([{"size": 5, "blob": blob_id}]).decode()
