"""Two doors in one process: HTTP listeners on one event loop.

Granian's embedded server is behind this file alone (it calls itself experimental).
"""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

_LOCALHOST: Final = "localhost"
_REACHED_AT: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", _LOCALHOST: "127.0.0.1"}  # noqa: S104  # not to listen on
_PATIENCE: Final = 5.0
_STEP: Final = 0.002
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tls:
    certificate: Path
    key: Path


class PortTaken(Exception):  # noqa: N818  # names what was found
    """The port cannot be had; the text says which and why."""


class TlsRefused(Exception):  # noqa: N818  # names what was found
    """The certificate and its key cannot be used; the text says why."""


def check_tls(tls: Tls) -> None:
    """Raises TlsRefused unless the files hold a certificate and the key that belongs to it."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key, password="")
    except (OSError, ssl.SSLError) as error:
        reason = error.reason if isinstance(error, ssl.SSLError) and error.reason else error.strerror
        raise TlsRefused(f"--tls-cert {tls.certificate}, --tls-key {tls.key}: {reason}") from None


class PortClaim:
    """A port that no other server gets while this is held; the doors of this one may listen on it.

    Tried without SO_REUSEPORT, because servers that share it would bind one port without a word. It is set afterwards,
    so that the doors, which set it too, fit beside.
    """

    def __init__(self, host: str, port: int) -> None:
        """The port, or a free one for 0. Raises PortTaken."""
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        # Connections that an ended server has left behind are no hindrance.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound: {error.strerror}"
            raise PortTaken(f"port {port} on {host} {reason}") from None
        # INVARIANT: never listens, so no connection waits here for an answer; the next claim is refused all the same.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.port: int = self._socket.getsockname()[1]

    def release(self) -> None:
        self._socket.close()


def reachable(host: str) -> str:
    """An address by which this machine itself reaches what listens on `host`."""
    return _REACHED_AT.get(host, host)


class Door:
    """A listener on the running loop. `ended` is done once it serves no more, wanted or not."""

    def __init__(self, application: Application, host: str, port: int, tls: Tls | None) -> None:
        self._port = port
        self._name = f"port {port} on {host}"
        self._server = _server(application, host, port, tls)
        self.ended = asyncio.ensure_future(self._server.serve())

    async def listens(self) -> None:
        """Returns once it accepts connections. Raises PortTaken if it does not."""
        until = asyncio.get_running_loop().time() + _PATIENCE
        while not _listens(self._port):
            if self.ended.done() or asyncio.get_running_loop().time() > until:
                why = self.ended.exception() if self.ended.done() else None
                raise PortTaken(f"{self._name} does not accept connections{f': {why}' if why else ''}")
            await asyncio.sleep(_STEP)

    def stop(self) -> None:
        self._server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped


def _listens(port: int) -> bool:
    """Whether this very process does: a connection would reach any of those that share the port."""
    for descriptor in tuple(Path("/dev/fd").iterdir()):
        try:
            with socket.socket(fileno=os.dup(int(descriptor.name))) as ours:
                if ours.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and ours.getsockname()[1] == port:
                    return True
        except OSError:
            # No socket, or no longer open.
            continue
    return False


def _server(application: Application, host: str, port: int, tls: Tls | None) -> Server:
    return Server(
        application,
        # The listener takes addresses only.
        address=reachable(host) if host == _LOCALHOST else host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=30_000, keep_alive=True, max_buffer_size=128 * 1024),
        websockets=False,
        log_enabled=False,
        backlog=1024,
        ssl_cert=None if tls is None else tls.certificate,
        ssl_key=None if tls is None else tls.key,
    )
