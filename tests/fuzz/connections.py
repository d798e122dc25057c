"""Whole connections made worse: bytes on a socket, and what may come back."""

import contextlib
import re
import socket
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from tests.clients.server import Iamd
from tests.clients.ways import WAYS

HEAD: Final = re.compile(rb"HTTP/1\.1 ([1-5]\d\d)(?: [^\r\n]*)?\r\n")
CHUNKED: Final = re.compile(rb"(?im)^transfer-encoding: *chunked")
LENGTH: Final = re.compile(rb"(?im)^content-length: *(\d+)")
PATIENCE: Final = 20.0


def conversations(iamd: Iamd) -> Sequence[bytes]:
    """Good requests of every kind, alone and one behind the other."""
    host = iamd.endpoint.removeprefix("http://")
    signed = []
    for way in WAYS:
        sent = way.sign(iamd.endpoint, iamd.key)
        fields = [f"{name}: {value}" for name, value in sent.headers if name.lower() not in ("host", "content-length")]
        head = [f"{sent.method} {sent.target} HTTP/1.1", f"Host: {host}", *fields, f"Content-Length: {len(sent.body)}"]
        signed.append("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + sent.body)
    health = f"GET /_iamd/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    chunks = f"PUT /bucket/k HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunks += b"5\r\nhello\r\n0\r\n\r\n"
    expecting = signed[3].replace(b"Content-Length", b"Expect: 100-continue\r\nContent-Length")
    two = health + signed[0], signed[0] + health, signed[3] + signed[3], expecting
    upgrading = signed[3].replace(b"Content-Length", b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length")
    return [*signed, health, chunks, health * 3, *two, chunks + health, upgrading + health]


def talk(endpoint: str, data: bytes) -> bytes:
    """Everything that the server says until it closes; the client says no more than `data`."""
    url = urlsplit(endpoint)
    assert url.hostname is not None
    said = b""
    with socket.create_connection((url.hostname, url.port or 80), timeout=PATIENCE) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while piece := line.recv(65536):
                said += piece
    return said


def check(said: bytes) -> list[int]:
    """The statuses of what must be whole answers, one behind the other. A 500 is nobody's answer to bad bytes."""
    statuses = []
    while said:
        match = HEAD.match(said)
        assert match is not None, f"no answer begins with {said[:80]!r}"
        head, gap, said = said.partition(b"\r\n\r\n")
        assert gap, "an answer without the end of its head"
        status = int(match[1])
        assert status != 500, head
        statuses.append(status)
        length = LENGTH.search(head)
        if length is not None and status not in (100, 304) and said:
            # A HEAD's answer has a length and no body: what follows tells.
            said = said if said.startswith(b"HTTP/1.1 ") else said[int(length[1]) :]
        elif CHUNKED.search(head):
            said = said.partition(b"0\r\n\r\n")[2]
    return statuses
