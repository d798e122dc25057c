"""One HTTP request and one answer, as every door and every protocol sees them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any, Final

from iamd.model.blob import BlobSlice

Headers = list[tuple[bytes, bytes]]
NOW: Final = inf
"""When a request came of which nobody knows it better: nothing has been found out since."""


def header_text(raw: bytes) -> str:
    """What a header says: UTF-8 where it is, else latin-1; the spaces around it mean nothing (RFC 9110, 5.5).

    INVARIANT: an operation's input and the condition keys of its checks read a header alike.
    """
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


class HttpRequest:
    """What came over the socket, parsed once.

    `raw_path` and `raw_query` are the bytes sent, percent-encoding untouched, without `?`. Header names are lower-case.
    `body` is empty while a streaming body has not been read. `client_ip` is the socket's address, or what a configured
    proxy says. `header_lists` has every value of every header, by name, in the order sent. `bucket` is the bucket that
    the Host names (virtual-host style), set by the door. `came` is when its turn came and all of it was here, a moment
    of `time.perf_counter`. `derived` keeps what a protocol has made of the request (its form, its decoded query), so
    that each is parsed once and all see the same.
    """

    def __init__(
        self,
        method: str,
        raw_path: bytes,
        raw_query: bytes = b"",
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        *,
        scheme: str = "http",
        client_ip: str = "127.0.0.1",
        bucket: str | None = None,
        came: float = NOW,
    ) -> None:
        self.method = method
        self.raw_path = raw_path
        self.raw_query = raw_query
        self.headers: Headers = list(headers)
        self.body = body
        self.scheme = scheme
        self.client_ip = client_ip
        self.bucket = bucket
        self.came = came
        self.derived: dict[str, Any] = {}
        self.header_lists: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            self.header_lists.setdefault(name, []).append(value)

    def header(self, name: bytes) -> str | None:
        """The first value of a header as text (latin-1, as HTTP has it), or None."""
        values = self.header_lists.get(name)
        return values[0].decode("latin-1") if values else None

    @cached_property
    def query_pairs(self) -> list[tuple[bytes, bytes]]:
        """The query's names and values in the order sent, still percent-encoded; a name without `=` has value b""."""
        pairs = []
        for part in self.raw_query.split(b"&"):
            if part:
                name, _, value = part.partition(b"=")
                pairs.append((name, value))
        return pairs


@dataclass(slots=True)
class HttpResponse:
    """An answer: `body` is bytes, or a slice of a blob that the door streams."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes | BlobSlice = b""
