"""A body is bounded before it is buffered."""

import asyncio
from typing import Any

import pytest

from iamd.edge.body import AsgiBody
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest


class Socket:
    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.read = 0

    async def __call__(self) -> dict[str, Any]:
        self.read += 1
        return self.messages.pop(0)


def piece(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


def body(socket: Socket, **headers: str) -> AsgiBody:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return AsgiBody(HttpRequest("POST", b"/", headers=pairs), socket)


def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    socket = Socket()
    assert asyncio.run(body(socket, content_length="11").read(10)) is None
    assert socket.read == 0


def test_a_body_that_says_nothing_is_read_up_to_the_limit() -> None:
    socket = Socket(piece(b"12345"), piece(b"678901"), piece(b"never", more=False))
    assert asyncio.run(body(socket, transfer_encoding="chunked").read(10)) is None
    assert socket.read == 2


def test_a_body_that_fits_is_whole() -> None:
    socket = Socket(piece(b"12345"), piece(b""), piece(b"67890", more=False))
    assert asyncio.run(body(socket, content_length="10").read(10)) == b"1234567890"


def test_behind_the_end_nothing_is_waited_for() -> None:
    socket = Socket(piece(b"", more=False))
    empty = body(socket, content_length="0")
    assert [asyncio.run(empty.read(10)), asyncio.run(empty.read(10))] == [b"", b""]
    assert socket.read == 1


def test_no_body_is_not_waited_for() -> None:
    socket = Socket()
    assert asyncio.run(body(socket).read(10)) == b""
    assert socket.read == 0


def test_a_client_that_leaves_has_sent_no_body() -> None:
    socket = Socket(piece(b"12345"), {"type": "http.disconnect"})
    with pytest.raises(AwsError, match="IncompleteBody"):
        asyncio.run(body(socket, content_length="10").read(10))
