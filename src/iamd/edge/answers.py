"""An answer on its way out: plain bytes, or a slice of a blob that is streamed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Final

from iamd.edge.body import Receive
from iamd.kernel.body_copy import pieces
from iamd.model.blob import BlobSlice
from iamd.model.http import HttpResponse
from iamd.stores.ports.blobs import BlobStore

Send = Callable[[dict[str, Any]], Awaitable[None]]
_END: Final = b""
_SERVER: Final = (b"server", b"iamd")
_BODILESS: Final = (204, 304)


async def send_response(
    send: Send, response: HttpResponse, blobs: BlobStore, receive: Receive, *, head: bool = False
) -> None:
    """`head`: the answer to a HEAD request has its headers and no body. `receive` tells when the client leaves."""
    body = b"" if head else _at_hand(response.body)
    headers = [*response.headers, _SERVER]
    if isinstance(body, bytes) and response.status not in _BODILESS and not head and not _has_length(response):
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": body})
        return
    await _stream(send, pieces(body, blobs), receive)


async def _stream(send: Send, rest: Generator[bytes, None, None], receive: Receive) -> None:
    """INVARIANT: nothing more is read for a client that has left, and no file stays open behind it."""
    left = asyncio.ensure_future(_client_left(receive))
    try:
        while piece := await asyncio.to_thread(next, rest, _END):
            if left.done():
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        left.cancel()
        with contextlib.suppress(ValueError):
            # Cancelled while a thread is at it: the file is closed when that ends.
            rest.close()


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


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
