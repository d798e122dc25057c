"""An answer on its way out: plain bytes, or a slice of a blob that is streamed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from iamd.model.blob import BlobSlice
from iamd.model.http import HttpResponse
from iamd.stores.ports.blobs import BlobStore

Send = Callable[[dict[str, Any]], Awaitable[None]]
_END: Final = b""
_SERVER: Final = (b"server", b"iamd")


async def send_response(send: Send, response: HttpResponse, blobs: BlobStore, *, head: bool = False) -> None:
    """`head`: the answer to a HEAD request has its headers and no body."""
    body = b"" if head else _at_hand(response.body)
    headers = [*response.headers, _SERVER]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": body})
        return
    pieces = _pieces(body, blobs)
    while piece := await asyncio.to_thread(next, pieces, _END):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _at_hand(body: bytes | BlobSlice) -> bytes | BlobSlice:
    """Small objects lie in memory already: they need no thread that waits for a disk."""
    if isinstance(body, BlobSlice):
        extents = body.blob.extents
        if not extents:
            return b""
        if len(extents) == 1 and extents[0].inline is not None:
            return extents[0].inline[body.start : body.start + body.length]
    return body


def _pieces(part: BlobSlice, blobs: BlobStore) -> Iterator[bytes]:
    """The bytes of a slice, extent by extent."""
    start, left = part.start, part.length
    for extent in part.blob.extents:
        if left <= 0:
            return
        if start >= extent.size:
            start -= extent.size
            continue
        length = min(left, extent.size - start)
        if extent.inline is not None:
            yield extent.inline[start : start + length]
        elif extent.blob_id is not None:
            yield from blobs.read(extent.blob_id, start, length)
        left -= length
        start = 0
