"""The canonical request of Signature Version 4 (IAM User Guide, "Create a signed AWS API request").

What a client sent in another percent-encoding is decoded and encoded again; nothing else is changed for S3, whose keys
are opaque. For every other service the path is normalised and encoded a second time.
"""

import re
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from iamd.model.http import HttpRequest
from iamd.wire.normal_path import normal_path

_CANONICAL: Final = re.compile(rb"(?:[A-Za-z0-9\-._~]|%(?!2[DE]|7E|5F|3[0-9]|[46][1-9A-F]|[57][0-9A])[0-9A-F]{2})*")
_PLAIN_QUERY: Final = re.compile(rb"[A-Za-z0-9\-._~=&]*")


def encode(raw: bytes) -> bytes:
    """A query name or value or a path segment, as it stands in the canonical form."""
    if _CANONICAL.fullmatch(raw):
        return raw
    return quote_from_bytes(unquote_to_bytes(raw), safe="-._~").encode("ascii")


def s3_path(raw_path: bytes) -> bytes:
    """Encoded once, never normalised: `a//b`, `../x` and `%2F` within a key stay what they are."""
    if not raw_path:
        return b"/"
    return b"/".join([encode(segment) for segment in raw_path.split(b"/")])


def service_path(raw_path: bytes) -> bytes:
    """The normal path, encoded on top of the client's own encoding."""
    return quote_from_bytes(normal_path(raw_path), safe="/-._~").encode("ascii")


def query_string(request: HttpRequest, *, presigned: bool) -> bytes:
    """Names and values encoded and sorted, without `X-Amz-Signature` if that is where the signature stands.

    `+` is a space, as S3 and the query protocol read it.
    """
    if not request.raw_query:
        return b""
    pairs = [(encode(_space(name)), encode(_space(value))) for name, value in request.query_pairs]
    if presigned:
        pairs = [pair for pair in pairs if pair[0] != b"X-Amz-Signature"]
    pairs.sort()
    return b"&".join([name + b"=" + value for name, value in pairs])


def _space(raw: bytes) -> bytes:
    return raw.replace(b"+", b"%20") if b"+" in raw else raw


def header_block(request: HttpRequest, signed_headers: tuple[str, ...]) -> bytes:
    """`name:value` lines; several values of a name joined by commas, white space trimmed and collapsed."""
    lists = request.header_lists
    lines = []
    for name in signed_headers:
        raw = name.encode("latin-1")
        values = lists.get(raw, ())
        value = b" ".join(values[0].split()) if len(values) == 1 else b",".join([b" ".join(v.split()) for v in values])
        lines.append(b"%b:%b\n" % (raw, value))
    return b"".join(lines)
