"""The AWS door: HTTP in, the road, HTTP out."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from iamd import __version__
from iamd.edge.answers import Send, send_response
from iamd.edge.body import AsgiBody, Receive
from iamd.edge.hosts import Hosts
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.model.http import HttpRequest, HttpResponse

_OWN: Final = b"/_iamd/"
_HEALTH: Final = b"/_iamd/health"
_RESET: Final = b"/_iamd/reset"
_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]

Reset = Callable[[HttpRequest], Awaitable[int]]


class Gateway:
    """An ASGI application. `reset` is there only in an ephemeral server; it answers with a status."""

    def __init__(self, kernel: Kernel, hosts: Hosts, reset: Reset | None = None) -> None:
        self._kernel = kernel
        self._hosts = hosts
        self._reset = reset
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = HttpRequest(
            scope["method"],
            scope["raw_path"] or b"/",
            scope["query_string"],
            scope["headers"],
            scheme=scope["scheme"],
            client_ip=scope["client"][0],
        )
        self._running += 1
        self._idle.clear()
        try:
            response = await self._answer(request, receive)
            await send_response(send, response, self._kernel.blobs, head=request.method == "HEAD")
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def drained(self, timeout: float) -> None:  # noqa: ASYNC109  # a bound that is not the caller's to enforce
        """Returns when no request is in flight, or after `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), timeout)

    async def _answer(self, request: HttpRequest, receive: Receive) -> HttpResponse:
        named = request.header_lists.get(b"host", [])
        if len(named) != 1:
            return HttpResponse(400, [(b"connection", b"close")], b"")
        host = self._hosts.read(named[0].decode("latin-1"))
        if request.raw_path.startswith(_OWN):
            return await self._own(request)
        request.bucket = host.bucket
        return await run(self._kernel, request, AsgiBody(request, receive), host_is_trusted=host.trusted)

    async def _own(self, request: HttpRequest) -> HttpResponse:
        """What is iamd's own; no bucket can have this name."""
        match (request.method, request.raw_path):
            case ("GET" | "HEAD", path) if path == _HEALTH:
                return HttpResponse(200, _JSON, f'{{"status":"ok","version":"{__version__}"}}'.encode())
            case ("POST", path) if path == _RESET and self._reset is not None:
                return HttpResponse(await self._reset(request), [], b"")
            case _:
                return HttpResponse(404, _JSON, b'{"error":"not found"}')
