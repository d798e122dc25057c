"""A call's blobs are held until it is settled whether a row refers to them."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from iamd.kernel.stream import forget_stream, refer
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.stores.memory import MemoryBlobs
from iamd.stores.ports.store import StoreUnavailable

ANSWER = HttpResponse(200, [], b"")


class Lab:
    """A call that has written one blob, and the end of its transaction, which the test decides."""

    def __init__(self) -> None:
        self.blobs = MemoryBlobs(lambda: "blob")
        writer = self.blobs.create()
        writer.commit()
        self.kernel = cast("Any", SimpleNamespace(blobs=self.blobs))
        self.call = cast("Any", SimpleNamespace(held=("blob",)))
        self.end: asyncio.Future[HttpResponse]

    async def begin(self) -> "asyncio.Future[HttpResponse]":
        self.end = asyncio.get_running_loop().create_future()

        async def writing() -> HttpResponse:
            return await self.end

        waiting = asyncio.ensure_future(refer(self.kernel, self.call, writing()))
        await asyncio.sleep(0)
        # As the road does at its end, however it ends.
        forget_stream(self.kernel, self.call)
        return waiting


async def callbacks() -> None:
    """What was to happen at the end of the transaction has happened."""
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_committed_row_keeps_its_blob() -> None:
    async def main() -> None:
        lab = Lab()
        waiting = await lab.begin()
        assert not lab.blobs.seize("blob")
        lab.end.set_result(ANSWER)
        assert await waiting is ANSWER
        await callbacks()
        assert not lab.blobs.held
        assert lab.blobs.every() == ["blob"]

    asyncio.run(main())


def test_a_refused_row_s_blob_goes_at_once() -> None:
    async def main() -> None:
        lab = Lab()
        waiting = await lab.begin()
        lab.end.set_exception(AwsError("NoSuchBucket", "", 404))
        with pytest.raises(AwsError):
            await waiting
        await callbacks()
        assert not lab.blobs.held
        assert lab.blobs.every() == []

    asyncio.run(main())


def test_after_a_failed_commit_the_blob_stays_for_the_collector() -> None:
    """The log may have kept what the disk refused to make durable: the next start would find the row."""

    async def main() -> None:
        lab = Lab()
        waiting = await lab.begin()
        lab.end.set_exception(StoreUnavailable("disk I/O error"))
        with pytest.raises(StoreUnavailable):
            await waiting
        await callbacks()
        assert not lab.blobs.held
        assert lab.blobs.every() == ["blob"]

    asyncio.run(main())


def test_a_cancelled_call_s_blob_is_held_until_its_transaction_ends() -> None:
    async def main() -> None:
        lab = Lab()
        waiting = await lab.begin()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert lab.blobs.held == {"blob"}
        lab.end.set_result(ANSWER)
        await callbacks()
        assert not lab.blobs.held
        assert lab.blobs.every() == ["blob"]

    asyncio.run(main())


def test_what_no_transaction_was_begun_for_goes() -> None:
    lab = Lab()
    forget_stream(lab.kernel, lab.call)
    assert lab.blobs.every() == []
    assert lab.blobs.held == set()
