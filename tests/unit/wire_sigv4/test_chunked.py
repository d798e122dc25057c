"""aws-chunked bodies: framing, limits, trailers, and who may send which kind."""

import hmac
from dataclasses import replace
from hashlib import sha256

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import Claim, SigningKeys, read_claim
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


FRAMING = "The request is not valid aws-chunked data: {}."
TRAILERS = "The request contained trailing data that was not well-formed or did not conform to our published schema."
LENGTH = "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header."


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The request body terminated unexpectedly"),
        (b"4\r\nhell\r\n0\r\n\r\n", LENGTH),
        (b"6\r\nhello!\r\n", LENGTH),
        (b"x\r\n", FRAMING.format("a chunk does not begin with its size and signature")),
        (b"5" * 1024, FRAMING.format("a line of the chunked body is too long")),
        (
            b"5\r\nhello!\r\n",
            FRAMING.format("the chunked body has something where a chunk or its end should be"),
        ),
        (b"5\r\nhello\r\n0\r\n\r\n", TRAILERS),
    ],
)
def test_the_words_for_a_bad_body(raw: bytes, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        decode(raw)
    assert (caught.value.message, caught.value.status) == (message, 400)


def test_a_line_may_be_as_long_as_1022_characters() -> None:
    for step in (1, 100, 5000):
        value = "x" * (1022 - len("x-amz-checksum-crc32:"))
        raw = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:" + value.encode() + b"\r\n\r\n"
        assert decode(raw, step=step) == (b"hello", {"x-amz-checksum-crc32": value})
        with pytest.raises(AwsError, match="InvalidRequest"):
            decode(raw.replace(b"32:x", b"32:xxx"), step=step)


@pytest.mark.parametrize("step", [1, 1005, 1008, 1010, 4000])
def test_a_line_is_as_long_as_it_is_wherever_it_stands(step: int) -> None:
    raw = (b"3e8\r\n" + b"a" * 1000 + b"\r\n") * 3 + b"0\r\nx-amz-checksum-crc32:a\r\n\r\n"
    assert decode(raw, unsigned("3000"), step=step) == (b"a" * 3000, {"x-amz-checksum-crc32": "a"})


@pytest.mark.parametrize(("count", "good"), [(16, True), (17, False)])
def test_how_many_trailers_there_may_be(count: int, good: bool) -> None:
    names = [f"x-amz-{number}" for number in range(count)]
    raw = b"5\r\nhello\r\n0\r\n" + b"".join(f"{name}:v\r\n".encode() for name in names) + b"\r\n"
    request = unsigned(**{"x-amz-trailer": " , ".join([*names, ""]).upper()})
    if good:
        assert decode(raw, request) == (b"hello", dict.fromkeys(names, "v"))
    else:
        with pytest.raises(AwsError, match="MalformedTrailerError"):
            decode(raw, request)


def test_an_unsigned_trailer_has_no_signature() -> None:
    raw = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:a\r\nx-amz-trailer-signature:" + b"0" * 64 + b"\r\n\r\n"
    with pytest.raises(AwsError, match="MalformedTrailerError"):
        decode(raw)


def test_several_trailers_are_signed_line_by_line() -> None:
    """S3 API Reference, "Signature calculations: including trailing headers"."""
    names = {"x-amz-trailer": "x-amz-checksum-crc32,x-amz-meta-a", "x-amz-decoded-content-length": "0"}
    request = signed("header", "rest-xml", method="PUT", path="/b/k", headers=names)
    read = read_claim(request, protocol="rest-xml")
    assert read is not None
    claim = replace(read, payload_hash="STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
    key = SigningKeys().get(claim, SECRET)[0]
    empty = sha256(b"").hexdigest()

    def sign(algorithm: str, previous: str, hashes: str) -> str:
        text = f"AWS4-HMAC-SHA256-{algorithm}\n{claim.amz_date}\n{claim.scope}\n{previous}\n{hashes}"
        return hmac.digest(key, text.encode(), "sha256").hex()

    last = sign("PAYLOAD", claim.signature, f"{empty}\n{empty}")
    lines = b"x-amz-checksum-crc32:a\nx-amz-meta-a:b\n"
    trailing = sign("TRAILER", last, sha256(lines).hexdigest())
    body = f"0;chunk-signature={last}\r\nx-amz-checksum-crc32:a\r\nx-amz-meta-a:b\r\n"
    whole = f"{body}x-amz-trailer-signature:{trailing}\r\n\r\n".encode()
    chunks = made(request, claim)
    chunks.feed(whole)
    assert chunks.finish() == {"x-amz-checksum-crc32": "a", "x-amz-meta-a": "b"}
    for bad in (whole.replace(b"meta-a:b", b"meta-a:c"), f"{body}\r\n".encode()):
        with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
            made(request, claim).feed(bad)


def test_nothing_follows_the_end() -> None:
    raw = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n"
    for more in (b"\r\n", b"x"):
        with pytest.raises(AwsError):
            decode(raw + more)


@pytest.mark.parametrize(
    ("headers", "chunked"),
    [
        ({"content-encoding": "aws-chunked"}, True),
        ({"content-encoding": "gzip, AWS-Chunked "}, True),
        ({"content-encoding": "gzip"}, False),
        ({"content-encoding": "aws-chunkedx"}, False),
        ({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, True),
        ({"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, False),
        ({}, False),
    ],
)
def test_an_anonymous_body_is_chunked_where_a_header_says_so(headers: dict[str, str], chunked: bool) -> None:
    given = {"x-amz-decoded-content-length": "0", **headers}
    wire = [(name.encode(), value.encode()) for name, value in given.items()]
    assert (decoder(HttpRequest("PUT", b"/b/k", b"", wire), None, None) is not None) == chunked


def test_an_empty_object() -> None:
    request = unsigned("0", **{"x-amz-trailer": ""})
    assert decode(b"0\r\n\r\n", request) == (b"", {})


@pytest.mark.parametrize(
    ("length", "code", "message", "status"),
    [
        (None, "MissingContentLength", "You must provide the Content-Length HTTP header.", 411),
        ("-1", "InvalidArgument", "x-amz-decoded-content-length must be a number of bytes", 400),
    ],
)
def test_the_words_for_a_bad_length(length: str | None, code: str, message: str, status: int) -> None:
    headers = [(b"content-encoding", b"aws-chunked")]
    if length is not None:
        headers.append((b"x-amz-decoded-content-length", length.encode()))
    with pytest.raises(AwsError) as caught:
        decoder(HttpRequest("PUT", b"/b/k", b"", headers), None, None)
    assert (caught.value.code, caught.value.message, caught.value.status) == (code, message, status)


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
