"""A request's body, still on the socket, as ASGI hands it over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest

Receive = Callable[[], Awaitable[dict[str, Any]]]


class AsgiBody:
    """Reads on demand: the server answers `Expect: 100-continue` only when the first piece is asked for.

    INVARIANT: behind its end nothing is waited for, however often somebody asks.
    """

    def __init__(self, request: HttpRequest, receive: Receive) -> None:
        self._request = request
        self._receive = receive
        self._more = True

    async def read(self, limit: int) -> bytes | None:
        """All of it, or None if it is longer than `limit` bytes; nothing is read when its length says so."""
        length = self._request.header(b"content-length")
        if length is None and self._request.header(b"transfer-encoding") is None:
            return b""
        if length is not None and length.isdigit() and int(length) > limit:
            return None
        pieces: list[bytes] = []
        total = 0
        more = True
        while more:
            piece, more = await self._next()
            total += len(piece)
            if total > limit:
                return None
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its pieces as they arrive. Raises AwsError when the client leaves before the end."""
        more = True
        while more:
            piece, more = await self._next()
            if piece:
                yield piece

    async def _next(self) -> tuple[bytes, bool]:
        """A piece, and whether more will come."""
        if not self._more:
            return b"", False
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise AwsError("IncompleteBody", "The request body terminated unexpectedly", 400)
        self._more = message.get("more_body", False)
        return message.get("body", b""), self._more
