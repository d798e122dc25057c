"""An answer on its way out: plain bytes, or a slice of a blob that is streamed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from iamd.kernel.body_copy import pieces
from iamd.model.blob import BlobSlice
from iamd.model.http import HttpResponse
from iamd.stores.ports.blobs import BlobStore

Send = Callable[[dict[str, Any]], Awaitable[None]]
_END: Final = b""
_SERVER: Final = (b"server", b"iamd")
_BODILESS: Final = (204, 304)


async def send_response(send: Send, response: HttpResponse, blobs: BlobStore, *, head: bool = False) -> None:
    """`head`: the answer to a HEAD request has its headers and no body."""
    body = b"" if head else _at_hand(response.body)
    headers = [*response.headers, _SERVER]
    if isinstance(body, bytes) and response.status not in _BODILESS and not head and not _has_length(response):
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": body})
        return
    rest = pieces(body, blobs)
    while piece := await asyncio.to_thread(next, rest, _END):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _has_length(response: HttpResponse) -> bool:
    return any(name == b"content-length" for name, _ in response.headers)


def _at_hand(body: bytes | BlobSlice) -> bytes | BlobSlice:
    """Small objects lie in memory already: they need no thread that waits for a disk."""
    if isinstance(body, BlobSlice):
        extents = body.blob.extents
        if not extents:
            return b""
        if len(extents) == 1 and extents[0].inline is not None:
            return extents[0].inline[body.start : body.start + body.length]
    return body
