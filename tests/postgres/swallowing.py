"""A wire to a database that can fall silent: what is sent is taken and goes nowhere, and connections stay open."""

import selectors
import socket
import threading
from dataclasses import dataclass
from typing import Final, Self

_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True)
class Losing:
    """How a connection is lost: when `saying` is sent on it, which `arrives` or not, and whether it `closes` then.

    `falls_silent`: every other connection is swallowed from then on.
    """

    saying: bytes
    arrives: bool
    closes: bool
    falls_silent: bool = False


class Swallowing:
    """A proxy on a loopback port, in a thread of its own. A connection that was silenced stays so."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._swallows = False
        self._losing: Losing | None = None
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # all are sockets
        self._selector.close()

    def swallow(self) -> None:
        self._swallows = True

    def pass_on(self) -> None:
        self._swallows = False

    def lose(self, losing: "Losing") -> None:
        """The next connection that says something; others go on."""
        self._losing = losing

    @property
    def has_lost(self) -> bool:
        """Whether that has happened."""
        return self._losing is None

    def _run(self) -> None:
        while not self._ends.is_set():
            for key, _ in self._selector.select(_LOOK_SECONDS):
                if key.fileobj is self._listener:
                    self._connect()
                else:
                    assert isinstance(key.fileobj, socket.socket)
                    self._carry(key.fileobj, key.data)

    def _connect(self) -> None:
        near, _ = self._listener.accept()
        far = socket.create_connection(("127.0.0.1", self._to))
        ends = [near, far]
        for end in ends:
            self._selector.register(end, selectors.EVENT_READ, ends)

    def _carry(self, end: socket.socket, ends: list[socket.socket]) -> None:
        """`ends` is emptied once the connection is silenced."""
        try:
            piece = end.recv(65536)
        except ConnectionError:
            piece = b""
        if self._losing is not None and self._losing.saying in piece:
            self._lose(self._losing, end, piece, ends)
        if self._swallows:
            ends.clear()
        if not piece:
            self._selector.unregister(end)
            end.close()
        for other in ends:
            if other is not end and other.fileno() != -1:
                _hand_on(other, piece)

    def _lose(self, losing: "Losing", near: socket.socket, piece: bytes, ends: list[socket.socket]) -> None:
        (far,) = (end for end in ends if end is not near)
        if losing.arrives:
            _hand_on(far, piece)
        ends.clear()
        if losing.closes:
            for end in (near,) if losing.arrives else (near, far):
                end.shutdown(socket.SHUT_RDWR)
        self._losing = None
        self._swallows = self._swallows or losing.falls_silent


def _hand_on(end: socket.socket, piece: bytes) -> None:
    try:
        if piece:
            end.sendall(piece)
        else:
            end.shutdown(socket.SHUT_WR)
    except OSError:
        # It has gone as well.
        return
