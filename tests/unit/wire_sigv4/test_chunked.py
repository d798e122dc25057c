"""aws-chunked bodies: framing, limits, trailers, and who may send which kind."""

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import Claim, read_claim
from iamd.wire.sigv4.chunked import ChunkedDecoder, decoder
from tests.unit.wire_sigv4.signers import SECRET, signed

TRAILER = {"x-amz-trailer": "x-amz-checksum-crc32", "content-encoding": "aws-chunked"}


def unsigned(length: str = "5", **headers: str) -> HttpRequest:
    given = {**TRAILER, "x-amz-decoded-content-length": length, **headers}
    return HttpRequest("PUT", b"/b/k", b"", [(name.encode(), value.encode()) for name, value in given.items()])


def made(request: HttpRequest, claim: Claim | None = None) -> ChunkedDecoder:
    result = decoder(request, claim, None if claim is None else SECRET)
    assert result is not None
    return result


def decode(raw: bytes, request: HttpRequest | None = None, step: int = 3) -> tuple[bytes, dict[str, str]]:
    chunks = made(request or unsigned())
    pieces = [piece for at in range(0, len(raw), step) for piece in chunks.feed(raw[at : at + step])]
    return b"".join(pieces), chunks.finish()


def test_what_botocore_sends_over_https() -> None:
    raw = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    assert decode(raw) == (b"hello", {"x-amz-checksum-crc32": "NhCmhg=="})


def test_the_last_empty_line_may_be_missing() -> None:
    assert decode(b"5\r\nhello\r\n0\r\nX-Amz-Checksum-Crc32: NhCmhg==\r\n")[1] == {"x-amz-checksum-crc32": "NhCmhg=="}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "IncompleteBody"),
        (b"5\r\nhel", "IncompleteBody"),
        (b"5\r\nhello\r\n", "IncompleteBody"),
        (b"5\r\nhello", "IncompleteBody"),
        (b"4\r\nhell\r\n0\r\n\r\n", "IncompleteBody"),
        (b"6\r\nhello!\r\n0\r\n\r\n", "IncompleteBody"),
        (b"fffffffffffffff\r\n", "IncompleteBody"),
        (b"ffffffffffffffff\r\n", "InvalidRequest"),
        (b"-5\r\nhello\r\n", "InvalidRequest"),
        (b"5;chunk-signature=" + b"0" * 64 + b"\r\nhello\r\n", "InvalidRequest"),
        (b"5\r\nhello!\r\n0\r\n", "InvalidRequest"),
        (b"5" * 2000, "InvalidRequest"),
        (b"5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-sha1:a\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:b\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nno colon\r\n\r\n", "MalformedTrailerError"),
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\nmore\r\n", "InvalidRequest"),
    ],
)
def test_bad_bodies(raw: bytes, code: str) -> None:
    with pytest.raises(AwsError) as caught:
        decode(raw)
    assert caught.value.code == code


def test_bytes_are_not_held_back() -> None:
    chunks = made(unsigned("1000"))
    assert chunks.feed(b"3e8\r\nab") == [b"ab"]
    assert chunks.feed(b"c" * 500) == [b"c" * 500]


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 16])
def test_a_bad_length(length: str) -> None:
    with pytest.raises(AwsError) as caught:
        made(unsigned(length))
    assert caught.value.code == "InvalidArgument"


@pytest.mark.parametrize("marker", ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"])
def test_signed_chunks_need_a_signature_to_begin_with(marker: str) -> None:
    request = unsigned(**{"x-amz-content-sha256": marker})
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        made(request)
    url = signed("presigned-v2", "rest-xml", path="/b/k")
    request.raw_query = url.raw_query
    claim = read_claim(request, protocol="rest-xml")
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        made(request, claim)


def test_a_plain_body_has_no_decoder() -> None:
    request = signed("header", "rest-xml", path="/b/k", body=b"x")
    assert decoder(request, read_claim(request, protocol="rest-xml"), SECRET) is None
    assert decoder(HttpRequest("GET", b"/"), None, None) is None
