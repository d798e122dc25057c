"""Two doors in one process: HTTP listeners on one event loop.

Uvicorn's protocol is behind this file and `protocol.py` alone.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import ServerState

from iamd.edge.protocol import GuardedProtocol

_LOCALHOST: Final = "localhost"
_REACHED_AT: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", _LOCALHOST: "127.0.0.1"}  # noqa: S104  # not to listen on
_BACKLOG: Final = 1024
_IDLE_SECONDS: Final = 60
_STEP: Final = 0.005
_GOODBYE_SECONDS: Final = 1.0
"""How long a client may take to close its side of TLS: an idle one reads nothing, and would hold up the end."""
Application = Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]]


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
        self._name = f"port {port} on {host}"
        self._state = ServerState()
        self._stopping = asyncio.Event()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # The listener takes addresses only.
        address = reachable(host) if host == _LOCALHOST else host
        self.ended = asyncio.ensure_future(self._serve(_config(application), address, port, tls))

    async def listens(self) -> None:
        """Returns once it accepts connections. Raises PortTaken if it does not."""
        await asyncio.wait((self._opened, self.ended), return_when=asyncio.FIRST_COMPLETED)
        if not self._opened.done():
            why = self.ended.exception()
            raise PortTaken(f"{self._name} does not accept connections{f': {why}' if why else ''}")

    def stop(self) -> None:
        """Accept nothing more; connections end behind the answer that they wait for."""
        self._stopping.set()

    async def _serve(self, config: Config, address: str, port: int, tls: Tls | None) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: GuardedProtocol(config, self._state),
            address,
            port,
            reuse_port=True,
            backlog=_BACKLOG,
            ssl=None if tls is None else _context(tls),
            ssl_shutdown_timeout=None if tls is None else _GOODBYE_SECONDS,
        )
        dating = asyncio.ensure_future(self._date())
        self._opened.set_result(None)
        try:
            await self._stopping.wait()
        finally:
            server.close()
            for connection in tuple(self._state.connections):
                connection.shutdown()
            while self._state.connections or self._state.tasks:  # noqa: ASYNC110  # nobody tells when they are gone
                await asyncio.sleep(_STEP)
            dating.cancel()

    async def _date(self) -> None:
        """Every answer says when it was given, to the second: clients correct their clocks by it."""
        while True:
            self._state.default_headers = [(b"date", formatdate(usegmt=True).encode("ascii"))]
            await asyncio.sleep(1)


def _config(application: Application) -> Config:
    """Of uvicorn, for its protocol alone: listening, signals and logging are this house's own."""
    config = Config(
        application,
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    config.load()
    return config


def _context(tls: Tls) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tls.certificate, tls.key, password="")
    return context
