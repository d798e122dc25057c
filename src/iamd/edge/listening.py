"""Two doors in one process: HTTP listeners on one event loop.

Granian's embedded server is behind this file alone (it calls itself experimental).
"""

import asyncio
import errno
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


def claim_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises PortTaken.

    Tried without SO_REUSEPORT, because servers that share it would bind one port without a word.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound: {error.strerror}"
            raise PortTaken(f"port {port} on {host} {reason}") from None
        bound: int = probe.getsockname()[1]
        return bound


def reachable(host: str) -> str:
    """An address by which this machine itself reaches what listens on `host`."""
    return _REACHED_AT.get(host, host)


async def is_listening(host: str, port: int) -> None:
    """Returns once the port accepts connections. Raises PortTaken if that takes too long."""
    target = reachable(host)
    until = asyncio.get_running_loop().time() + _PATIENCE
    while True:
        try:
            _, writer = await asyncio.open_connection(target, port)
        except OSError:
            if asyncio.get_running_loop().time() > until:
                raise PortTaken(f"port {port} on {host} does not accept connections") from None
            await asyncio.sleep(_STEP)
        else:
            writer.close()
            return


def listener(application: Application, host: str, port: int, tls: Tls | None) -> Server:
    """A server for one door, not yet started; `await server.serve()` runs it until `server.stop()`."""
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
