"""The people's door. The console itself is not built yet: this page says so."""

from typing import Any, Final

from iamd.edge.answers import Send
from iamd.edge.body import Receive
from iamd.edge.expecting import close_unless_read
from iamd.edge.hosts import Hosts

_PAGE: Final = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>iamd</title></head>
<body><h1>iamd</h1><p>The web console is not built yet. The AWS API answers on the API port: use the aws CLI or any AWS
SDK with the keys of bootstrap.json.</p></body></html>
"""
_HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_PLAIN: Final = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]


class Console:
    """An ASGI application."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        _, send = close_unless_read(scope, receive, send)
        status, headers, body = self._answer(scope)
        headers = [*headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, scope: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or not self._hosts.read(named[0].decode("latin-1")).trusted:
            return 421, _PLAIN, b"this host is not the console's\n"
        if scope["method"] not in ("GET", "HEAD"):
            return 405, _PLAIN, b"the console is not built yet\n"
        if scope["path"] != "/":
            return 404, _PLAIN, b"not found\n"
        return 200, _HEADERS, _PAGE
