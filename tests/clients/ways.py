"""The ways in which a request can be signed, each as the bytes that a client of that kind would send."""

import hmac
import re
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.clients.forging import signing_key
from tests.clients.raw import Line

VERSION: Final = "2010-05-08"
FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"
CREATE: Final = f"Action=CreateUser&UserName=forged&Version={VERSION}"


@dataclass(frozen=True)
class Sent:
    """A request as it goes out; faults are put in by changing it after it was signed."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def with_header(self, name: str, value: str) -> "Sent":
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))

    def without_header(self, name: str) -> "Sent":
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def header(self, name: str) -> str:
        return next(value for key, value in self.headers if key.lower() == name.lower())

    def has_header(self, name: str) -> bool:
        return any(key.lower() == name.lower() for key, _ in self.headers)

    def swap(self, old: str, new: str) -> "Sent":
        """In the target and in every header; that something was there to swap is checked."""
        changed = replace(
            self,
            target=self.target.replace(old, new),
            headers=tuple((name, value.replace(old, new)) for name, value in self.headers),
        )
        assert changed != self, old
        return changed

    def over(self, line: Line) -> tuple[int, bytes, bytes]:
        head = [f"{name}: {value}" for name, value in self.headers if name.lower() not in ("host", "content-length")]
        if self.body:
            head.append(f"Content-Length: {len(self.body)}")
        line.request(f"{self.method} {self.target} HTTP/1.1", *head, body=self.body)
        return line.answer()


@dataclass(frozen=True)
class Way:
    """`protocol` is how its faults are told; `place` is where the signature is: a header or the query."""

    name: str
    protocol: str
    place: str
    service: str
    method: str
    target: str
    signer: Callable[..., Any]
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    payload: str | None = None
    chunks: Callable[[Sent, Credentials], bytes] | None = None
    """Makes the body out of the signed headers, where its chunks continue their signature."""

    def sign(
        self, endpoint: str, key: Credentials, service: str | None = None, region: str = "us-east-1", **options: Any
    ) -> Sent:
        """As the client sends it, right in every way. `options` go to the signer (`expires`)."""
        signed_body = b"" if self.place == "query" else self.body  # a URL is signed before anybody knows the body
        request = AWSRequest(self.method, endpoint + self.target, headers=dict(self.headers), data=signed_body)
        if self.signer is HmacV1QueryAuth:
            signer = HmacV1QueryAuth(key, **options)
            request.auth_path = urlsplit(request.url).path
        else:
            signer = self.signer(key, service or self.service, region, **options)
        if self.payload is not None:
            request.headers["x-amz-content-sha256"] = self.payload
            signer.payload = lambda _: self.payload
        signer.add_auth(request)
        prepared = request.prepare()
        headers = tuple(
            (name, value.decode() if isinstance(value, bytes) else value) for name, value in prepared.headers.items()
        )
        sent = Sent(self.method, prepared.url.removeprefix(endpoint), headers, self.body)
        return sent if self.chunks is None else replace(sent, body=self.chunks(sent, key))


_S3: Final = {"Content-Type": "text/plain", "x-amz-meta-who": "me"}
_PUT: Final = ("s3", "header", "s3", "PUT", "/bucket/forged", S3SigV4Auth)
_CHUNKED: Final = {**_S3, "x-amz-decoded-content-length": "6", "Content-Encoding": "aws-chunked"}
_TRAILING: Final = {**_CHUNKED, "x-amz-trailer": "x-amz-checksum-crc32"}
_TRAILER: Final = f"x-amz-checksum-crc32:{b64encode(zlib.crc32(b'stolen').to_bytes(4, 'big')).decode()}"


def _unsigned_trailer() -> bytes:
    return f"6\r\nstolen\r\n0\r\n{_TRAILER}\r\n\r\n".encode()


def _signed_chunks(sent: Sent, key: Credentials) -> bytes:
    """`stolen` in two chunks and an empty last one, and the trailer if one is announced."""
    match = re.search(r"Credential=[^/]+/([^,]+), .*Signature=([0-9a-f]+)", sent.header("authorization"))
    assert match is not None
    scope, previous = match.groups()
    place = f"{sent.header('x-amz-date')}\n{scope}"
    secret = signing_key(key, scope)

    def next_signature(kind: str, hashes: str) -> str:
        nonlocal previous
        text = f"AWS4-HMAC-SHA256-{kind}\n{place}\n{previous}\n{hashes}"
        previous = hmac.new(secret, text.encode(), "sha256").hexdigest()
        return previous

    body = ""
    for piece in ("sto", "len", ""):
        hashes = f"{sha256(b'').hexdigest()}\n{sha256(piece.encode()).hexdigest()}"
        body += f"{len(piece):x};chunk-signature={next_signature('PAYLOAD', hashes)}\r\n{piece}"
        body += "\r\n" if piece else ""
    if sent.has_header("x-amz-trailer"):
        proof = next_signature("TRAILER", sha256(f"{_TRAILER}\n".encode()).hexdigest())
        body += f"{_TRAILER}\r\nx-amz-trailer-signature:{proof}\r\n"
    return f"{body}\r\n".encode()


WAYS: Final = (
    Way("query, form", "query", "header", "iam", "POST", "/", SigV4Auth, CREATE.encode(), {"Content-Type": FORM}),
    Way("query, get", "query", "header", "iam", "GET", f"/?{CREATE}", SigV4Auth),
    Way("query, presigned", "query", "query", "iam", "GET", f"/?{CREATE}", SigV4QueryAuth),
    Way("s3, header", *_PUT, b"stolen", _S3),
    Way("s3, unsigned payload", *_PUT, b"stolen", _S3, "UNSIGNED-PAYLOAD"),
    Way("s3, unsigned trailer", *_PUT, _unsigned_trailer(), _TRAILING, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    Way("s3, chunked", *_PUT, b"stolen", _CHUNKED, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", _signed_chunks),
    Way(
        "s3, chunked with trailer",
        *_PUT,
        b"stolen",
        _TRAILING,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        _signed_chunks,
    ),
    Way("s3, presigned", "s3", "query", "s3", "PUT", "/bucket/forged", S3SigV4QueryAuth, b"stolen"),
    Way("s3, presigned V2", "s3v2", "query", "s3", "PUT", "/bucket/forged", HmacV1QueryAuth, b"stolen"),
)
"""Every one of them writes: what must not happen can be seen."""
