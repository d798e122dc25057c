"""Signatures made by hand, for requests that no SDK would make."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from botocore.credentials import Credentials

from tests.clients.raw import Line
from tests.clients.server import Iamd

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
REGION: Final = "us-east-1"
FORM: Final = ("content-type", "application/x-www-form-urlencoded")
Answer = tuple[int, bytes, bytes]
Pairs = Iterable[tuple[str, str]]


def send(iamd: Iamd, line: str, headers: Pairs = (), body: bytes = b"", *, host: str | None = None) -> Answer:
    """`line` is `GET /path?query`; status, head and body of the answer."""
    with Line(iamd.endpoint) as wire:
        fields = [f"{name}: {value}" for name, value in headers]
        if body:
            fields.append(f"Content-Length: {len(body)}")
        wire.request(f"{line} HTTP/1.1", *fields, body=body, host=host)
        return wire.answer()


def host_of(iamd: Iamd) -> str:
    return iamd.endpoint.removeprefix("http://")


def stamp(shift: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + shift).strftime("%Y%m%dT%H%M%SZ")


def signature(key: Credentials, scope: str, date: str, canonical: str) -> str:
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(signing_key(key, scope), text.encode(), "sha256").hexdigest()


def signing_key(key: Credentials, scope: str) -> bytes:
    derived = f"AWS4{key.secret_key}".encode()
    for part in scope.split("/"):
        derived = hmac.new(derived, part.encode(), "sha256").digest()
    return derived


def presigned(
    key: Credentials,
    line: str,
    query: Mapping[str, str],
    *,
    host: str,
    service: str = "s3",
    payload: str = UNSIGNED,
    date: str | None = None,
) -> str:
    """The query of a presigned URL for `line` (`GET /path`)."""
    method, path = line.split(" ")
    date = date or stamp()
    scope = f"{date[:8]}/{REGION}/{service}/aws4_request"
    whole = {
        **query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key.access_key}/{scope}",
        "X-Amz-Date": date,
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": "host",
    }
    if key.token:
        whole["X-Amz-Security-Token"] = key.token
    text = "&".join(f"{_plain(name)}={_plain(value)}" for name, value in sorted(whole.items()))
    canonical = "\n".join((method, path, text, f"host:{host}\n", "host", payload))
    return f"{text}&X-Amz-Signature={signature(key, scope, date, canonical)}"


def signed(
    key: Credentials,
    line: str,
    headers: Pairs = (),
    body: bytes = b"",
    *,
    host: str,
    service: str = "s3",
    payload: str | None = None,
    date: str | None = None,
) -> list[tuple[str, str]]:
    """The headers of a request signed in its header; `line` is `GET /path?query`, the query sorted and encoded."""
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    date = date or stamp()
    scope = f"{date[:8]}/{REGION}/{service}/aws4_request"
    payload = payload or hashlib.sha256(body).hexdigest()
    fields = [("x-amz-date", date), ("x-amz-content-sha256", payload), *headers]
    if key.token:
        fields.append(("x-amz-security-token", key.token))
    together: dict[str, list[str]] = {"host": [host]}
    for name, value in fields:
        together.setdefault(name.lower(), []).append(" ".join(value.split()))
    names = sorted(together)
    block = "".join(f"{name}:{','.join(together[name])}\n" for name in names)
    pairs = "&".join(sorted(part if "=" in part else f"{part}=" for part in query.split("&") if part))
    canonical = "\n".join((method, path, pairs, block, ";".join(names), payload))
    proof = signature(key, scope, date, canonical)
    credential = f"AWS4-HMAC-SHA256 Credential={key.access_key}/{scope}"
    return [*fields, ("authorization", f"{credential}, SignedHeaders={';'.join(names)}, Signature={proof}")]


def _plain(text: str) -> str:
    return quote(text, safe="-._~")
