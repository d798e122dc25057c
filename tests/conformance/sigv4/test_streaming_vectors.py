"""The two worked examples of S3's chunked uploads (S3 API Reference, sigv4-streaming and sigv4-streaming-trailers)."""

from datetime import UTC, datetime

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import read_claim, verify
from iamd.wire.sigv4.chunked import ChunkedDecoder, decoder

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NOW = datetime(2013, 5, 24, tzinfo=UTC)

PLAIN = (
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
TRAILER = (
    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
)
TRAILER_SIGNATURE = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"


def request(signatures: tuple[str, ...], *, trailer: bool) -> HttpRequest:
    headers = [
        ("content-encoding", "aws-chunked"),
        ("content-length", "66824"),
        ("host", "s3.amazonaws.com"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + "-TRAILER" * trailer),
        ("x-amz-date", "20130524T000000Z"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ]
    if trailer:
        headers.append(("x-amz-trailer", "x-amz-checksum-crc32c"))
    signed = ";".join(name for name, _ in headers if not (trailer and name == "content-length"))
    credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
    value = f"AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={signed},Signature={signatures[0]}"
    headers.append(("authorization", value))
    return HttpRequest(
        "PUT", b"/examplebucket/chunkObject.txt", b"", [(name.encode(), text.encode()) for name, text in headers]
    )


def body(signatures: tuple[str, ...], tail: str) -> bytes:
    _, first, second, last = signatures
    return (
        f"10000;chunk-signature={first}\r\n{'a' * 65536}\r\n"
        f"400;chunk-signature={second}\r\n{'a' * 1024}\r\n"
        f"0;chunk-signature={last}\r\n{tail}\r\n"
    ).encode()


def open_decoder(signatures: tuple[str, ...], *, trailer: bool) -> ChunkedDecoder:
    sent = request(signatures, trailer=trailer)
    claim = read_claim(sent, protocol="rest-xml")
    assert claim is not None
    verify(sent, claim, SECRET, NOW, protocol="rest-xml")
    made = decoder(sent, claim, SECRET)
    assert made is not None
    return made


TAIL = f"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{TRAILER_SIGNATURE}\r\n"


@pytest.mark.parametrize("step", [1, 7, 1000, 100_000])
def test_chunks(step: int) -> None:
    made = open_decoder(PLAIN, trailer=False)
    raw = body(PLAIN, "")
    pieces = [piece for at in range(0, len(raw), step) for piece in made.feed(raw[at : at + step])]
    assert b"".join(pieces) == b"a" * 66560
    assert made.finish() == {}


@pytest.mark.parametrize("step", [1, 1000, 100_000])
def test_chunks_with_a_trailer(step: int) -> None:
    made = open_decoder(TRAILER, trailer=True)
    raw = body(TRAILER, TAIL)
    pieces = [piece for at in range(0, len(raw), step) for piece in made.feed(raw[at : at + step])]
    assert b"".join(pieces) == b"a" * 66560
    assert made.finish() == {"x-amz-checksum-crc32c": "sOO8/Q=="}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"aaaa", b"aaab"),
        (TRAILER[1].encode(), TRAILER[2].encode()),
        (TRAILER[3].encode(), TRAILER[2].encode()),
        (b"sOO8", b"sOO9"),
        (TRAILER_SIGNATURE.encode(), TRAILER[2].encode()),
        (f"x-amz-trailer-signature:{TRAILER_SIGNATURE}\r\n".encode(), b""),
    ],
)
def test_a_changed_byte_is_refused(old: bytes, new: bytes) -> None:
    made = open_decoder(TRAILER, trailer=True)
    raw = body(TRAILER, TAIL)
    assert old in raw

    def run() -> None:
        made.feed(raw.replace(old, new, 1))
        made.finish()

    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        run()
