"""Requests that ask for another protocol are requests like any other: a server may ignore it (RFC 9110, 7.8).

httptools takes whatever stands behind the head of such a request for the other protocol. Left at that, the request has
no body, and its body is read as the next request of the connection.
"""

from collections.abc import Sequence
from typing import Any, Final

from httptools import HttpParserUpgrade, HttpRequestParser

_FRAMING: Final = (b"content-length", b"transfer-encoding")


class IgnoringParser:
    """Stands for httptools' parser.

    INVARIANT: that a message is complete says nothing while `should_upgrade` is true: it is complete when it is told so
    again.
    """

    def __init__(self, protocol: Any) -> None:
        """`protocol.scope["headers"]` are those of the head that was read last."""
        self._protocol = protocol
        self._use(_parser(protocol))

    def feed_data(self, data: bytes) -> None:
        rest: bytes | memoryview = data
        while True:
            try:
                self._parser.feed_data(rest)
            except HttpParserUpgrade as upgrade:
                # Not copied: a client may send as many of these as fit.
                rest = memoryview(rest)[upgrade.args[0] :]
                self._read_on(self._protocol.scope["headers"])
            else:
                return

    def _read_on(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """INVARIANT: the message goes on with the framing that its head has, which httptools has found to be valid."""
        heard = _Heard(self._protocol)
        parser = _parser(heard)
        self._use(parser)
        framing = [b"%b: %b\r\n" % (name, value) for name, value in headers if name in _FRAMING]
        parser.feed_data(b"".join((b"POST / HTTP/1.1\r\n", *framing, b"\r\n")))

    def _use(self, parser: HttpRequestParser) -> None:
        self._parser = parser
        self.get_http_version = parser.get_http_version
        self.get_method = parser.get_method
        self.should_keep_alive = parser.should_keep_alive
        self.should_upgrade = parser.should_upgrade


class _Heard:
    """Passes everything on to the protocol, save the first head: that it has been told."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._is_behind = False
        self.on_body = protocol.on_body
        self.on_message_complete = protocol.on_message_complete

    def on_message_begin(self) -> None:
        if self._is_behind:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if self._is_behind:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_behind:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._is_behind:
            self._protocol.on_headers_complete()
        self._is_behind = True


def _parser(protocol: Any) -> HttpRequestParser:
    parser = HttpRequestParser(protocol)
    # As uvicorn sets it: what is sent behind the last request of a connection is no fault of that request.
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
