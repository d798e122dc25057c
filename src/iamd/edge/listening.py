"""Two doors in one process: HTTP listeners on one event loop.

Granian's embedded server is behind this file alone (it calls itself experimental).
"""

import errno
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tls:
    certificate: Path
    key: Path


class PortTaken(Exception):  # noqa: N818  # names what was found
    """The port cannot be had; the text says which and why."""


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


def listener(application: Application, host: str, port: int, tls: Tls | None) -> Server:
    """A server for one door, not yet started; `await server.serve()` runs it until `server.stop()`."""
    return Server(
        application,
        address=host,
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
