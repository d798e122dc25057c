"""Bytes on a socket, for what no well-behaved client sends."""

import contextlib
import re
import socket
from typing import Self
from urllib.parse import urlsplit


class Line:
    """One connection. `head` and `body` of the last answer that was read."""

    def __init__(self, endpoint: str) -> None:
        url = urlsplit(endpoint)
        assert url.hostname is not None
        self.host = f"{url.hostname}:{url.port}"
        self._socket = socket.create_connection((url.hostname, url.port or 80), timeout=15)
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """What the server does not want any more is lost, as on any connection."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(data)

    def receive(self, size: int) -> bytes:
        return self._socket.recv(size)

    def end(self) -> None:
        """Nothing more is said; what comes is still read."""
        self._socket.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        self._socket.close()

    def request(self, line: str, *headers: str, body: bytes = b"", host: str | None = None) -> None:
        head = "\r\n".join([line, *([] if host == "" else [f"Host: {host or self.host}"]), *headers])
        self.send(head.encode("latin-1") + b"\r\n\r\n" + body)

    def answer(self) -> tuple[int, bytes, bytes]:
        """Status, head and body of the next answer; (0, b"", b"") when the connection has been closed."""
        while b"\r\n\r\n" not in self._rest:
            if not self._receive():
                return 0, b"", b""
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        if length is not None:
            while len(self._rest) < int(length[1]) and self._receive():
                pass
            body, self._rest = self._rest[: int(length[1])], self._rest[int(length[1]) :]
        elif re.search(rb"(?im)^transfer-encoding: *chunked", head):
            while b"0\r\n\r\n" not in self._rest and self._receive():
                pass
            body, _, self._rest = self._rest.partition(b"0\r\n\r\n")
        else:
            body = b""
        return int(head.split(b" ", 2)[1]), head, body

    def is_closed(self) -> bool:
        return not self._rest and not self._receive()

    def _receive(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError:
            return False
        self._rest += data
        return bool(data)
