"""The door where Prometheus asks: `GET /metrics`, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from iamd.bootstrap.metrics.families import Snapshot
from iamd.edge.answers import Send
from iamd.edge.body import Receive
from iamd.edge.expecting import close_unless_read
from iamd.edge.hosts import Hosts

_TEXT: Final = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
_HEADERS: Final = [_TEXT, (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class MetricsDoor:
    """An ASGI application. Nobody signs here: it tells counts by the names of operations, and of no caller."""

    def __init__(self, hosts: Hosts, measures: Callable[[], Awaitable[Snapshot]]) -> None:
        self._hosts = hosts
        self._measures = measures

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        _, send = close_unless_read(scope, receive, send)
        status, body = await self._answer(scope)
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: dict[str, Any]) -> tuple[int, bytes]:
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or not self._hosts.read(named[0].decode("latin-1")).trusted:
            return 421, b"this host is not this server's: see --public-url\n"
        if scope["path"] != "/metrics":
            return 404, b"not found\n"
        if scope["method"] not in ("GET", "HEAD"):
            return 405, b"GET\n"
        from iamd.bootstrap.metrics.exposition import expose  # noqa: PLC0415  # a tenth of a second, for those who ask

        return 200, expose(await self._measures())
