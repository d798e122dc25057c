"""The AWS door: HTTP in, the road, HTTP out."""

from typing import Any, Final

from iamd import __version__
from iamd.edge.answers import Send, send_response
from iamd.edge.body import AsgiBody, Receive
from iamd.edge.expecting import close_unless_read
from iamd.edge.hosts import Hosts
from iamd.edge.in_flight import InFlight
from iamd.edge.protocol import CAME
from iamd.edge.proxies import Proxies
from iamd.gateway.reset import Reset
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.model.http import NOW, HttpRequest, HttpResponse

_OWN: Final = b"/_iamd/"
_EXPECT: Final = b"expect"
_HEALTH: Final = b"/_iamd/health"
_RESET: Final = b"/_iamd/reset"
_OWN_LIMIT: Final = 4096
"""Bytes of a body of iamd's own requests: none needs any, but one that was signed counts."""
_HEADERS_LIMIT: Final = 64 * 1024
"""Bytes of all headers. The server has a limit too, but a burst can carry a request past it."""
_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_TEXT: Final = [(b"content-type", b"text/plain"), (b"connection", b"close")]


class Gateway:
    """An ASGI application. `reset` is there only in an ephemeral server."""

    def __init__(self, kernel: Kernel, hosts: Hosts, proxies: Proxies, reset: Reset | None = None) -> None:
        self._kernel = kernel
        self._hosts = hosts
        self._proxies = proxies
        self._reset = reset
        self._in_flight = InFlight()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        client_ip, scheme = self._proxies.origin(scope["client"][0], scope["scheme"], scope["headers"])
        request = HttpRequest(
            scope["method"],
            scope["raw_path"] or b"/",
            scope["query_string"],
            scope["headers"],
            scheme=scheme,
            client_ip=client_ip,
            came=scope.get(CAME, NOW),
        )
        if _EXPECT in request.header_lists:
            receive, send = close_unless_read(scope, receive, send)
        if request.raw_path.startswith(_OWN):
            own = await self._own(request, receive)
            await send_response(send, own, self._kernel.blobs, receive, head=request.method == "HEAD")
            return
        await self._in_flight.enter()
        try:
            response = await self._answer(request, receive)
            await send_response(send, response, self._kernel.blobs, receive, head=request.method == "HEAD")
        finally:
            self._in_flight.leave()

    async def drained(self, timeout: float) -> None:  # noqa: ASYNC109  # a bound that is not the caller's to enforce
        """Returns when no request is in flight, or after `timeout` seconds."""
        await self._in_flight.drained(timeout)

    async def _answer(self, request: HttpRequest, receive: Receive) -> HttpResponse:
        named = request.header_lists.get(b"host", [])
        if len(named) != 1 or not named[0]:
            return HttpResponse(400, _TEXT, b"one Host header is required\n")
        if sum([len(name) + len(value) for name, value in request.headers]) > _HEADERS_LIMIT:
            return HttpResponse(431, _TEXT, b"the headers are too large\n")
        host = self._hosts.read(named[0].decode("latin-1"))
        request.bucket = host.bucket
        return await run(self._kernel, request, AsgiBody(request, receive), host_is_trusted=host.trusted)

    async def _own(self, request: HttpRequest, receive: Receive) -> HttpResponse:
        """What is iamd's own; no bucket can have this name."""
        match (request.method, request.raw_path):
            case ("GET" | "HEAD", path) if path == _HEALTH:
                return HttpResponse(200, _JSON, f'{{"status":"ok","version":"{__version__}"}}'.encode())
            case ("POST", path) if path == _RESET and self._reset is not None:
                request.body = await AsgiBody(request, receive).read(_OWN_LIMIT) or b""
                return HttpResponse(await self._reset.answer(request, self._in_flight))
            case _:
                return HttpResponse(404, _JSON, b'{"error":"not found"}')
