"""One connection: uvicorn's HTTP/1.1 over httptools, with the bounds that it leaves to a proxy in front.

Headers have a size and a time in which they must come; what breaks the protocol is answered once and closed.
"""

import asyncio
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from iamd.edge.corking import CorkedTransport
from iamd.edge.upgrades import IgnoringParser

CAME: Final = "iamd.came"
"""In the scope of a request that is here as a whole: when its turn came, by `perf_counter`."""
HEADERS_LIMIT: Final = 128 * 1024
"""Bytes of a request up to the end of its headers, as they come from the socket."""
TARGET_LIMIT: Final = 32 * 1024
"""Bytes of a request target: the longest key, percent-encoded, beside the longest session token."""
_HEADER_SECONDS: Final = 30.0
_DRAIN_BYTES: Final = 1 << 20
_DRAIN_SECONDS: Final = 2.0


class GuardedProtocol(HttpToolsProtocol):
    """`headers_limit` and `header_seconds` hold for every request of the connection, the first byte included."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        *,
        headers_limit: int = HEADERS_LIMIT,
        header_seconds: float = _HEADER_SECONDS,
    ) -> None:
        super().__init__(config, state, {})
        self.parser = IgnoringParser(self)  # type: ignore[assignment]  # it stands for one
        self._headers_limit = headers_limit
        self._header_seconds = header_seconds
        self._in_message = False
        self._in_headers = False
        self._header_bytes = 0
        self._drained = -1
        self._ended = False
        self._fault = HTTPStatus.BAD_REQUEST
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        self._corked = CorkedTransport(transport, self.loop)
        super().connection_made(self._corked)  # type: ignore[arg-type]  # it stands for one
        self._expect(self._header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_message:
            self._expect(self._header_seconds)
        super().data_received(data)
        if self._in_headers and not self.transport.is_closing():
            self._header_bytes += len(data)
            if self._header_bytes > self._headers_limit:
                _refuse(self.transport, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """Who has said all that they will may still read what is owed to them; TLS knows no such half."""
        self._ended = True
        if _owes_an_answer(self._in_message, self.cycle) and self.transport.get_extra_info("sslcontext") is None:
            return True
        # By ourselves, so that an answer which is held for the end of this turn still leaves.
        self.transport.close()
        return False

    def on_message_begin(self) -> None:
        self._in_message = self._in_headers = True
        self._header_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > TARGET_LIMIT:
            self._fault = HTTPStatus.REQUEST_URI_TOO_LONG
            raise ValueError("the request target is too long")

    def on_headers_complete(self) -> None:
        """What is behind the method is kept byte by byte: object keys are opaque, and signatures cover them."""
        self._in_headers = False
        self._relax()
        super().on_headers_complete()
        self.headers = _Trailers()
        path, _, query = _without_authority(self.url).partition(b"?")
        self.scope["raw_path"] = path
        self.scope["query_string"] = query

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if not cycle.more_body:
            _come(cycle)
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self._drained >= 0:
            self._drained += len(body)
            if self._drained > _DRAIN_BYTES:
                self._too_late()

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._in_message = False
        if self._drained >= 0:
            self._drained = -1
            self._relax()
        super().on_message_complete()
        _come(self.cycle)

    def on_response_complete(self) -> None:
        """An answer before the end of its request: the client reads it while a little of the rest is thrown away.

        INVARIANT: what is left of that body is never taken for a request; either it ends, or the connection does.
        """
        self._corked.flush()
        super().on_response_complete()
        if self._in_message and self.cycle.response_complete and not self.transport.is_closing():
            self._drained = 0
            self._expect(_DRAIN_SECONDS)
        if self._ended and not _owes_an_answer(self._in_message, self.cycle):
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        del msg
        _refuse(self.transport, self._fault)

    def _expect(self, seconds: float) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(seconds, self._too_late)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()


class _Trailers(list[tuple[bytes, bytes]]):
    """Where uvicorn puts what comes behind the chunks: nowhere.

    INVARIANT: no trailer is taken for a header (RFC 9110, 6.5.1), which a proxy in front may have written or removed;
    and however many come, none is kept.
    """

    def append(self, trailer: tuple[bytes, bytes]) -> None:
        del trailer


def _come(cycle: RequestResponseCycle) -> None:
    """INVARIANT: neither before all of the request is here, nor before the one before it on its connection is answered.

    Whoever sends the end of a body late is not served by what was true at its beginning.
    """
    cycle.scope[CAME] = perf_counter()  # type: ignore[typeddict-unknown-key]  # our own


def _refuse(transport: asyncio.Transport, status: HTTPStatus) -> None:
    """For what is no request: nobody runs, and the connection ends."""
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
    head = line + "server: iamd\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    transport.write(head.encode("ascii"))
    transport.close()


def _owes_an_answer(in_message: bool, latest: Any) -> bool:
    """To the last request that came whole; those before it are answered first."""
    return not in_message and latest is not None and not latest.response_complete


def _without_authority(target: bytes) -> bytes:
    """The path and query of a request target, also of one in absolute form (RFC 9112, 3.2.2)."""
    if target[:1] == b"/" or b"://" not in target:
        return target
    rest = target.split(b"://", 1)[1]
    start = min((at for at in (rest.find(b"/"), rest.find(b"?")) if at >= 0), default=len(rest))
    found = rest[start:]
    return found if found[:1] == b"/" else b"/" + found
