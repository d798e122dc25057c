"""A streaming body: read once, every digest updated in that pass, kept in memory if small, else spooled to a blob.

Memory for one body: at most two buffers of a mebibyte and what the socket hands over at a time.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final

from iamd.kernel.body_plan import BodyPlan, plan_body, trailing_checksum
from iamd.kernel.digests import Digest, new_digests
from iamd.model.blob import BlobRef, Extent
from iamd.model.errors import AwsError
from iamd.stores.ports.blobs import BlobStore, BlobWriter
from iamd.wire.sigv4.payload import check_body

__all__ = ["BodyPlan", "plan_body", "receive"]

INLINE_LIMIT: Final = 64 * 1024
"""Bytes up to which an object lies in its row (docs: where the line was measured)."""

_BUFFER: Final = 1 << 20
_MOST_PIECES: Final = 16
"""Of a buffer that is written as it came; more are put together first, so that nobody's crumbs cost a call each."""


async def receive(chunks: AsyncIterator[bytes], *, plan: BodyPlan, blobs: BlobStore) -> BlobRef:
    """The body, read to its end and stored durably, with `plan.digests` computed.

    Raises AwsError when the body is not what its headers and signature promise (IncompleteBody, BadDigest,
    XAmzContentSHA256Mismatch, …), DiskFull before anything is read, StoreUnavailable. INVARIANT: unless this returns,
    no blob stays behind.
    """
    sink: _Memory | _Spool
    if plan.size <= INLINE_LIMIT:
        sink = _Memory(plan)
    else:
        # While the client still listens: one that sends may not hear why it is cut off.
        blobs.require_room(plan.size)
        sink = _Spool(plan, blobs)
    try:
        trailers = await _read(chunks, plan, sink)
        digests = await sink.finish()
        _check(plan, digests, trailers)
        extents = await sink.commit()
    except BaseException:
        await sink.abort()
        raise
    return BlobRef(plan.size, extents, digests)


async def _read(chunks: AsyncIterator[bytes], plan: BodyPlan, sink: "_Memory | _Spool") -> dict[str, str]:
    """Hands the object's bytes to the sink; gives the trailers."""
    on_wire = size = 0
    async for chunk in chunks:
        on_wire += len(chunk)
        if plan.wire_size is not None and on_wire > plan.wire_size:
            raise _incomplete()
        pieces = [chunk] if plan.decoder is None else plan.decoder.feed(chunk)
        for piece in pieces:
            size += len(piece)
            if size > plan.size:
                raise _incomplete()
            await sink.write(piece)
    if plan.wire_size is not None and on_wire < plan.wire_size:
        raise _incomplete()
    trailers = {} if plan.decoder is None else plan.decoder.finish()
    if size != plan.size:
        raise _incomplete()
    return trailers


def _incomplete() -> AwsError:
    return AwsError(
        "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )


def _check(plan: BodyPlan, digests: dict[str, bytes], trailers: dict[str, str]) -> None:
    if plan.sha256 is not None:
        check_body(plan.sha256, digests["sha256"].hex())
    if plan.md5 is not None and plan.md5 != digests["md5"]:
        raise AwsError(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            members={
                "ExpectedDigest": b64encode(plan.md5).decode(),
                "CalculatedDigest": b64encode(digests["md5"]).decode(),
            },
        )
    promised = plan.checksum
    if plan.trailer is not None:
        promised = plan.trailer, trailing_checksum(plan.trailer, trailers)
    if promised is not None and promised[1] != digests[promised[0]]:
        raise AwsError("BadDigest", f"The {promised[0].upper()} you specified did not match the calculated checksum.")


class _Memory:
    """A small body. 64 KiB are hashed in a tenth of a millisecond: on the loop."""

    def __init__(self, plan: BodyPlan) -> None:
        self._digests = new_digests(plan.digests)
        self._pieces: list[bytes] = []
        self._bytes = b""

    async def write(self, piece: bytes) -> None:
        self._pieces.append(piece)

    async def finish(self) -> dict[str, bytes]:
        self._bytes = b"".join(self._pieces)
        return {name: _digest_of(digest, self._bytes) for name, digest in self._digests.items()}

    async def commit(self) -> tuple[Extent, ...]:
        return (Extent(len(self._bytes), inline=self._bytes),) if self._bytes else ()

    async def abort(self) -> None:
        self._pieces.clear()


def _digest_of(digest: Digest, data: bytes) -> bytes:
    digest.update(data)
    return digest.digest()


def _update(digest: Digest, pieces: list[bytes]) -> None:
    for piece in pieces:
        digest.update(piece)


class _Spool:
    """A large body: a buffer fills from the socket while threads write the one before it and compute its digests."""

    def __init__(self, plan: BodyPlan, blobs: BlobStore) -> None:
        self._size = plan.size
        self._blobs = blobs
        self._digests = new_digests(plan.digests)
        self._buffer: list[bytes] = []
        self._buffered = 0
        self._writer: BlobWriter | None = None
        self._work: tuple[asyncio.Future[None], ...] = ()
        self._committed: str | None = None

    async def write(self, piece: bytes) -> None:
        self._buffer.append(piece)
        self._buffered += len(piece)
        if self._buffered >= _BUFFER:
            await self._flush()

    async def finish(self) -> dict[str, bytes]:
        await self._flush()
        await self._settle()
        return {name: digest.digest() for name, digest in self._digests.items()}

    async def commit(self) -> tuple[Extent, ...]:
        await self._start(self._commit)
        await self._settle()
        return (Extent(self._size, blob_id=self._committed),)

    async def abort(self) -> None:
        """Waits for the threads: a blob that is being written cannot be thrown away."""
        if self._work:
            await asyncio.wait(self._work)
        if self._committed is not None:
            await asyncio.to_thread(self._blobs.delete, self._committed)
        elif self._writer is not None:
            await asyncio.to_thread(self._writer.abort)

    async def _flush(self) -> None:
        pieces, self._buffer, self._buffered = self._buffer, [], 0
        if len(pieces) > _MOST_PIECES:
            pieces = [b"".join(pieces)]
        if pieces:
            digests = self._digests.values()
            await self._start(partial(self._store, pieces), *(partial(_update, each, pieces) for each in digests))

    async def _start(self, *steps: Callable[[], None]) -> None:
        await self._settle()
        loop = asyncio.get_running_loop()
        self._work = tuple([loop.run_in_executor(None, step) for step in steps])

    async def _settle(self) -> None:
        # Shielded: a cancelled upload must not lose sight of its threads.
        for work in self._work:
            await asyncio.shield(work)
        self._work = ()

    def _store(self, pieces: list[bytes]) -> None:
        if self._writer is None:
            self._writer = self._blobs.create()
        for piece in pieces:
            self._writer.write(piece)

    def _commit(self) -> None:
        if self._writer is not None:
            self._committed = self._writer.commit()
