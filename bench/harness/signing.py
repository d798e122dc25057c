"""A Signature Version 4 signer that writes whole HTTP/1.1 requests as bytes, before the clock runs."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final
from urllib.parse import quote, urlencode

REGION: Final = "us-east-1"
IAM: Final = "2010-05-08"
STS: Final = "2011-06-15"


@dataclass(frozen=True)
class Key:
    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class Signer:
    """Requests of one key to one address. A request made now is good for five minutes."""

    host: str
    key: Key

    def query(self, service: str, action: str, version: str, **parameters: str) -> bytes:
        """A call of the query protocol: POST / with a form."""
        body = urlencode({"Action": action, "Version": version, **parameters}).encode()
        return self._request(service, "POST", "/", {"content-type": "application/x-www-form-urlencoded"}, body)

    def s3(self, method: str, path: str, body: bytes = b"", *, query: str = "") -> bytes:
        """`query` is in canonical order and encoding."""
        extra = {"x-amz-content-sha256": hashlib.sha256(body).hexdigest()}
        return self._request("s3", method, quote(path), extra, body, query=query)

    def _request(
        self, service: str, method: str, path: str, extra: Mapping[str, str], body: bytes, *, query: str = ""
    ) -> bytes:
        now = datetime.now(UTC)
        stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        headers = dict(sorted({**extra, "host": self.host, "x-amz-date": stamp}.items()))
        signed = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        canonical = f"{method}\n{path}\n{query}\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{day}/{REGION}/{service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(_signing_key(self.key.secret_access_key, day, service), text.encode(), "sha256").hex()
        authorization = (
            f"AWS4-HMAC-SHA256 Credential={self.key.access_key_id}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        target = f"{path}?{query}" if query else path
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return (
            f"{method} {target} HTTP/1.1\r\n{head}authorization: {authorization}\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode() + body


@cache
def _signing_key(secret: str, day: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, REGION, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
