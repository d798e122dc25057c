"""What can be wrong with a signature, each as a change of a request that was right."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import pytest
from botocore import auth as botocore_auth
from botocore.credentials import Credentials

from tests.clients.ways import WAYS, Sent, Way


@dataclass(frozen=True)
class Keys:
    """Credentials of every condition that they can be in; the good ones may do everything."""

    good: Credentials
    session: Credentials
    other_session: Credentials
    expired: Credentials
    inactive: Credentials
    deleted: Credentials
    ownerless: Credentials


def altered(token: str) -> str:
    at = len(token) // 2
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def signed_at(shift: timedelta, sign: Callable[[], Sent]) -> Sent:
    """Signed by a client whose clock is wrong."""
    with pytest.MonkeyPatch.context() as patch:
        right = botocore_auth.get_current_datetime
        patch.setattr(botocore_auth, "get_current_datetime", lambda **kw: right(**kw) + shift)
        return sign()


Fault = Callable[[Callable[..., Sent], Keys, Way], Sent | None]
"""Gives the faulty request; None where the way has no such fault."""


def _with(**changes: Any) -> Fault:
    return lambda sign, keys, _: sign(key=Credentials(**{**vars_of(keys.good), **changes}))


def vars_of(key: Credentials) -> dict[str, Any]:
    return {"access_key": key.access_key, "secret_key": key.secret_key, "token": key.token}


def _tampered_query(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    sent = sign()
    mark = "&" if "?" in sent.target else "?"
    # Signature Version 2 covers sub-resources only; whatever else it does not cover is refused by its own rule.
    return replace(sent, target=sent.target + mark + ("x-id=Other" if way.protocol != "s3v2" else "tagging="))


def _tampered_header(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if "x-amz-meta-who" in way.headers:
        return sign().with_header("x-amz-meta-who", "you")
    return sign().with_header("content-type", "text/html") if "Content-Type" in way.headers else None


def _added_header(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return sign().with_header("x-amz-acl", "public-read") if way.service == "s3" else None


def _tampered_body(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    covered = way.place == "header" and way.body and way.payload is None
    return replace(sign(), body=way.body.replace(b"st", b"ts").replace(b"forged", b"forgot")) if covered else None


def _edited_body(*edits: tuple[bytes, bytes]) -> Fault:
    """The first edit that the body has a place for, of bodies that are chunked."""

    def fault(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
        if "x-amz-decoded-content-length" not in way.headers:
            return None
        sent = sign()
        bodies = (re.sub(old, new, sent.body, count=1) for old, new in edits)
        changed = next((body for body in bodies if body != sent.body), None)
        return None if changed is None else replace(sent, body=changed)

    return fault


def _region(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    """IAM and STS are signed for anywhere."""
    return sign(region="eu-west-1") if way.protocol == "s3" else None


def _header_twice(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    sent = sign()
    if way.place == "query":
        return None
    name = "x-amz-content-sha256" if way.service == "s3" else "x-amz-date"
    return replace(sent, headers=(*sent.headers, (name, sent.header(name))))


def _two_places(sign: Callable[..., Sent], keys: Keys, way: Way) -> Sent:
    other_place = "query" if way.place == "header" else "header"
    other = next(each for each in WAYS if each.service == way.service and each.place == other_place)
    extra = replace(other, method=way.method, target=way.target, body=way.body).sign("http://localhost", keys.good)
    sent = sign()
    if other_place == "header":
        for name in ("x-amz-date", "x-amz-content-sha256", "authorization"):
            sent = sent.with_header(name, extra.header(name)) if extra.has_header(name) else sent
        return sent
    signature = extra.target.partition("X-Amz-Algorithm")[2]
    return replace(sent, target=f"{sent.target}{'&' if '?' in sent.target else '?'}X-Amz-Algorithm{signature}")


def _no_credentials(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    return replace(sign(), target=way.target).without_header("authorization")


def _short_scope(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.protocol == "s3v2":
        return None
    return sign().swap(*(("%2Faws4_request", "") if way.place == "query" else ("/aws4_request", "")))


def _other_algorithm(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return None if way.protocol == "s3v2" else sign().swap("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")


def _foreign_scope(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    """Lesson 32: what is signed for one service never runs in another."""
    return None if way.protocol == "s3v2" else sign(service="iam" if way.service == "s3" else "s3")


def _skew(shift: timedelta) -> Fault:
    """Of a URL the past is its expiry, which is another fault; Version 2 in the query has no time but that."""
    return lambda sign, _, way: None if way.place == "query" else signed_at(shift, sign)


def _late_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.place == "header":
        return None
    if way.protocol == "s3v2":
        return sign(expires=-10)
    return signed_at(timedelta(minutes=-2), lambda: sign(expires=60))


def _early_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    if way.place == "header" or way.protocol == "s3v2":
        return None
    return signed_at(timedelta(minutes=20), lambda: sign(expires=60))


def _week_url(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent | None:
    return sign(expires=604_801) if way.place == "query" and way.protocol != "s3v2" else None


def _other_method(sign: Callable[..., Sent], _: Keys, way: Way) -> Sent:
    """For a GET of IAM the other method that it knows."""
    return replace(sign(), method="POST" if way.method == "GET" else "GET" if way.service == "iam" else "DELETE")


FAULTS: Final[dict[str, Fault]] = {
    "wrong secret": _with(secret_key="x" * 40),
    "unknown key": _with(access_key="AKIAIOSFODNN7EXAMPLE"),
    "magic key": _with(access_key="000000000000", secret_key="test"),
    "inactive key": lambda sign, keys, _: sign(key=keys.inactive),
    "deleted key": lambda sign, keys, _: sign(key=keys.deleted),
    "key of a deleted user": lambda sign, keys, _: sign(key=keys.ownerless),
    "token beside a user's key": lambda sign, keys, _: sign(
        key=Credentials(keys.good.access_key, keys.good.secret_key, keys.session.token)
    ),
    "wrong secret of a session": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, "x" * 40, keys.session.token)
    ),
    "expired token": lambda sign, keys, _: sign(key=keys.expired),
    "altered token": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, altered(keys.session.token))
    ),
    "token of another session": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, keys.other_session.token)
    ),
    "token of nobody": lambda sign, keys, _: sign(
        key=Credentials(keys.session.access_key, keys.session.secret_key, "AQoDYXdzEJr//////////wE=")
    ),
    "missing token": lambda sign, keys, _: sign(key=Credentials(keys.session.access_key, keys.session.secret_key)),
    "tampered path": lambda sign, _, way: (
        sign().swap("/bucket/forged", "/bucket/other")
        if way.service == "s3"
        else replace(sent := sign(), target="/other" + sent.target[1:])
    ),
    "tampered query": _tampered_query,
    "tampered header": _tampered_header,
    "added header": _added_header,
    "tampered body": _tampered_body,
    "tampered chunk": _edited_body((rb"sto", b"sta")),
    "tampered chunk signature": _edited_body((rb"(chunk-signature=)....", rb"\g<1>0000")),
    "chunks in another order": _edited_body((rb"(?s)(3;.*?\r\nsto\r\n)(3;.*?\r\nlen\r\n)", rb"\2\1")),
    "chunk left out": _edited_body((rb"3;.*?\r\nsto\r\n", b"")),
    "chunk without a signature": _edited_body((rb";chunk-signature=[0-9a-f]+", b"")),
    "tampered trailer": _edited_body((rb"(x-amz-checksum-crc32:)....", rb"\g<1>AAAA")),
    "trailer left out": _edited_body((rb"x-amz-checksum-crc32:[^\r]*\r\n", b"")),
    "trailer signature left out": _edited_body((rb"x-amz-trailer-signature:[^\r]*\r\n", b"")),
    "trailer not announced": _edited_body((rb"(x-amz-checksum-crc32:)", rb"x-amz-meta-who:you\r\n\1")),
    "truncated stream": _edited_body((rb"(?s)(stolen|len).*", b"")),
    "stream without its end": _edited_body((rb"(?s)(stolen\r\n|len\r\n).*", rb"\1")),
    "header twice": _header_twice,
    "signed for another region": _region,
    "other method": _other_method,
    "clock behind": _skew(timedelta(minutes=-20)),
    "clock ahead": _skew(timedelta(minutes=20)),
    "expired URL": _late_url,
    "URL not yet valid": _early_url,
    "URL for more than a week": _week_url,
    "credentials in two places": _two_places,
    "no credentials": _no_credentials,
    "short scope": _short_scope,
    "other algorithm": _other_algorithm,
    "signed for another service": _foreign_scope,
}
