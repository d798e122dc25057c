"""Signed requests and chunked bodies: nothing that was altered in meaning verifies."""

import hashlib
import hmac
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from posixpath import normpath
from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import AuthScheme, Claim, SigningKeys, read_claim, verify, verify_unknown
from iamd.wire.sigv4.chunked import decoder
from tests.fuzz.target import Target, flat, request_of
from tests.unit.wire_sigv4.signers import NOW, SECRET, SIGNERS, signed

PROTOCOLS: Final = tuple(SIGNERS)
FORM: Final = {"content-type": "application/x-www-form-urlencoded", "x-amz-meta-a": "b  c"}
CONTENT: Final = b"hello, world"


@cache
def signed_requests() -> Sequence[bytes]:
    return [flat(made(scheme, protocol, number)) for scheme, protocol in PROTOCOLS for number in range(3)]


def made(scheme: str, protocol: str, number: int) -> HttpRequest:
    s3 = protocol == "rest-xml"
    path = ("/b/k", "/b/a%20b/%C3%A9", "/")[number] if s3 else "/"
    # Version 2 refuses what it does not cover.
    query = ("", "tagging=", "acl=" if scheme == "presigned-v2" else "list-type=2&prefix=a%2Fb&x=%2B")[number]
    token = "tok/en==" if number == 1 else None
    headers = FORM if scheme == "header" else {}
    return signed(scheme, protocol, path=path, query=query, headers=headers, token=token)


@cache
def meanings() -> frozenset[object]:
    """What those requests mean that were really signed."""
    return frozenset(meaning(made(*spoken, number), spoken[1]) for spoken in PROTOCOLS for number in range(3))


def meaning(request: HttpRequest, protocol: str) -> object:
    """What a Version 4 signature covers: paths but S3's are normalised."""
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    values = {name: request.header_lists.get(name.encode(), []) for name in claim.signed_headers}
    headers = tuple((name, tuple(b" ".join(each.split()) for each in values[name])) for name in sorted(values))
    path = (
        unquote_to_bytes(request.raw_path) if claim.service == "s3" else normpath(b"/" + request.raw_path.lstrip(b"/"))
    )
    pairs = [tuple(unquote_to_bytes(text.replace(b"+", b" ")) for text in pair) for pair in request.query_pairs]
    return request.method, path, tuple(sorted(pairs)), headers


def verify_one(data: bytes, chance: random.Random) -> bool:
    protocol = chance.choice(PROTOCOLS)[1]
    request = request_of(data)
    try:
        claim = read_claim(request, protocol=protocol)
        if claim is None:
            return False
        verify(request, claim, SECRET, NOW, protocol=protocol)
    except AwsError as error:
        assert 400 <= error.status < 500, error
        refused_alike(request, protocol)
        return False
    assert claim.scheme is not AuthScheme.ANONYMOUS
    if claim.scheme is not AuthScheme.PRESIGNED_V2:
        assert meaning(request, protocol) in meanings(), "a signature that nobody made"
        unsigned = {name for name in request.header_lists if name.startswith(b"x-amz-")} - {
            name.encode() for name in claim.signed_headers
        }
        assert unsigned <= {b"x-amz-date", b"x-amz-content-sha256", b"x-amz-security-token"}, unsigned
    return True


def refused_alike(request: HttpRequest, protocol: str) -> None:
    """What a holder of the secret is refused, nobody else gets in with."""
    try:
        claim = read_claim(request, protocol=protocol)
        assert claim is not None
        answer = verify_unknown(request, claim, NOW, protocol=protocol)
    except AwsError:
        return
    assert isinstance(answer, AwsError)


UNSIGNED: Final = HttpRequest(
    "PUT",
    b"/b/k",
    b"",
    [
        (b"x-amz-decoded-content-length", b"12"),
        (b"x-amz-trailer", b"x-amz-checksum-crc32"),
        (b"content-encoding", b"aws-chunked"),
    ],
)


def unsigned_bodies() -> Sequence[bytes]:
    end = b"0\r\nx-amz-checksum-crc32:/9SIyA==\r\n\r\n"
    return [
        b"c\r\nhello, world\r\n" + end,
        b"5\r\nhello\r\n7\r\n, world\r\n" + end,
        b"".join(b"1\r\n%c\r\n" % b for b in CONTENT) + end,
    ]


def unsigned_chunks(data: bytes, chance: random.Random) -> bool:
    decoded = decode(UNSIGNED, None, data, chance)
    assert decoded is None or len(decoded) == len(CONTENT)
    return decoded is not None


@cache
def chunked_request() -> tuple[HttpRequest, Claim]:
    headers = {"x-amz-decoded-content-length": "12", "content-encoding": "aws-chunked"}
    request = signed("header", "rest-xml", method="PUT", path="/b/k", headers=headers)
    claim = read_claim(request, protocol="rest-xml")
    assert claim is not None
    # botocore's signer knows no signed chunks; what was read is what counts.
    claim = replace(claim, payload_hash="STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    return request, claim


@cache
def signed_bodies() -> Sequence[bytes]:
    return [
        b"".join(signed_pieces(pieces)) for pieces in ((CONTENT,), (b"hello", b", world"), (b"h", b"ello, w", b"orld"))
    ]


def signed_pieces(pieces: Sequence[bytes]) -> list[bytes]:

    _, claim = chunked_request()
    key, previous, made_pieces = SigningKeys(1).get(claim, SECRET)[0], claim.signature, []
    for piece in (*pieces, b""):
        hashes = f"{hashlib.sha256(b'').hexdigest()}\n{hashlib.sha256(piece).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{claim.amz_date}\n{claim.scope}\n{previous}\n{hashes}"
        previous = hmac.new(key, text.encode(), "sha256").hexdigest()
        made_pieces.append(b"%x;chunk-signature=%b\r\n%b\r\n" % (len(piece), previous.encode(), piece))
    return made_pieces


def signed_chunks(data: bytes, chance: random.Random) -> bool:
    decoded = decode(*chunked_request(), data, chance)
    assert decoded in (None, CONTENT), "altered bytes behind a signature"
    return decoded is not None


def decode(request: HttpRequest, claim: Claim | None, data: bytes, chance: random.Random) -> bytes | None:
    """What comes out, fed in pieces of any size; None where it is refused."""
    chunks = decoder(request, claim, None if claim is None else SECRET)
    assert chunks is not None
    out, at = b"", 0
    try:
        while at < len(data):
            step = chance.choice((1, 2, 3, 7, 64, 4096))
            out += b"".join(chunks.feed(data[at : at + step]))
            at += step
            assert len(out) <= len(CONTENT)
        chunks.finish()
    except AwsError as error:
        assert 400 <= error.status < 500, error
        return None
    return out


TARGETS: Final = (
    Target("signatures", signed_requests, verify_one),
    Target("unsigned chunks", unsigned_bodies, unsigned_chunks),
    Target("signed chunks", signed_bodies, signed_chunks),
)
