"""A request that asks for another protocol is answered as if it had not: its body is a body, what follows a request."""

from collections.abc import Iterator

import pytest

from tests.clients.raw import Line
from tests.clients.server import Iamd
from tests.clients.test_edge import SMUGGLED, presigned

UPGRADES = {
    # As Java's HttpClient asks for it of every server that it has not met.
    "h2c": (
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
    ),
    "websocket": ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
    "unknown": ("Connection: keep-alive, upgrade", "Upgrade: x"),
}
UNKNOWN = "GET /_iamd/x HTTP/1.1"
each_upgrade = pytest.mark.parametrize("upgrade", UPGRADES.values(), ids=UPGRADES)


@pytest.fixture
def line(iamd: Iamd) -> Iterator[Line]:
    with Line(iamd.endpoint) as line:
        yield line


@each_upgrade
@pytest.mark.parametrize("cut", [0, 1, len(SMUGGLED) - 1, len(SMUGGLED)])
def test_an_upload_is_stored_whole_however_it_comes(iamd: Iamd, line: Line, upgrade: tuple[str, ...], cut: int) -> None:
    iamd.client("s3").create_bucket(Bucket="files")
    target = presigned(iamd, "put_object", "key")
    length = f"Content-Length: {len(SMUGGLED)}"
    line.request(f"PUT {target} HTTP/1.1", *upgrade, length, body=SMUGGLED[:cut])
    line.send(SMUGGLED[cut:])
    assert line.answer()[0] == 200
    line.request(UNKNOWN)
    assert line.answer()[0] == 404
    assert iamd.client("s3").get_object(Bucket="files", Key="key")["Body"].read() == SMUGGLED


@each_upgrade
@pytest.mark.parametrize("framing", ["Content-Length: %d", "Transfer-Encoding: chunked"])
def test_a_body_is_never_taken_for_a_request(line: Line, upgrade: tuple[str, ...], framing: str) -> None:
    chunked = "chunked" in framing
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED) if chunked else SMUGGLED
    line.request("POST /_iamd/x HTTP/1.1", *upgrade, framing if chunked else framing % len(body))
    # Refused unread, so that the body comes by itself.
    assert line.answer()[0] == 404
    line.send(body)
    line.request(UNKNOWN)
    assert line.answer()[0] == 404


@each_upgrade
def test_what_is_sent_together_is_answered_in_order(line: Line, upgrade: tuple[str, ...]) -> None:
    asking = "\r\n".join(["GET /_iamd/health HTTP/1.1", "Host: x", *upgrade, "", ""]).encode()
    unknown = f"{UNKNOWN}\r\nHost: x\r\n\r\n".encode()
    line.send((asking + unknown) * 200)
    assert [line.answer()[0] for _ in range(400)] == [200, 404] * 200


@each_upgrade
@pytest.mark.parametrize("framing", ["Content-Length: 6", "Transfer-Encoding: chunked"])
def test_two_framings_are_refused(line: Line, upgrade: tuple[str, ...], framing: str) -> None:
    line.request("POST / HTTP/1.1", *upgrade, "Content-Length: 5", framing, body=b"0\r\n\r\n" + SMUGGLED)
    assert line.answer()[0] >= 400
    assert line.is_closed()
