"""Bodies that a client has compressed, for the operations whose model allows it."""

import zlib
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import serialization

MAX_INFLATED: Final = 5 << 20
"""Bytes; what a body that is not compressed may have."""

_GZIP: Final = 16 + zlib.MAX_WBITS


def inflated(request: HttpRequest) -> HttpRequest:
    """The request with its body as it was before it was compressed. Raises AwsError.

    The signature covers what was sent: call it when that is verified.
    """
    encoding = request.header(b"content-encoding") or ""
    if encoding.rpartition(",")[2].strip().lower() != "gzip":
        return request
    return HttpRequest(
        request.method,
        request.raw_path,
        request.raw_query,
        request.headers,
        _inflate(request.body),
        scheme=request.scheme,
        client_ip=request.client_ip,
        bucket=request.bucket,
    )


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj(_GZIP)
    try:
        text = inflater.decompress(body, MAX_INFLATED + 1)
    except zlib.error:
        raise serialization("The request body is not gzip.") from None
    if len(text) > MAX_INFLATED:
        raise AwsError("RequestEntityTooLarge", "The request body is too large.", 413)
    if not inflater.eof or inflater.unused_data:
        raise serialization("The request body is not gzip.")
    return text
