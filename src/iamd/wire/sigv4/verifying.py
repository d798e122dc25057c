"""Check a claim against a secret."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import canonical, faults, version2
from iamd.wire.sigv4.claim import AuthScheme, Claim
from iamd.wire.sigv4.faults import Fault
from iamd.wire.sigv4.keys import SigningKeys, derive_signing_key

_WIDE: Final = timedelta(minutes=15)
_NARROW: Final = timedelta(minutes=5)
_NO_SECRET: Final = ""
"""An HMAC takes as long with it: shorter keys are filled up to a block."""


def verify(
    request: HttpRequest, claim: Claim, secret: str, now: datetime, *, protocol: str, keys: SigningKeys | None = None
) -> None:
    """Return if the request was signed with `secret` and is of now; else raise AwsError.

    `now` is aware. For S3 the body is not read here: hold it against `claim.payload_hash` afterwards
    (`payload.check_body`, or `chunked.ChunkedDecoder` for the STREAMING markers).
    """
    _check_time(claim, now, protocol)
    if claim.scheme is AuthScheme.PRESIGNED_V2:
        _verify_version_2(request, claim, secret, protocol)
        return
    request_text = canonical_request(request, claim, protocol)
    text = string_to_sign(claim, request_text)
    key, remembered = (keys or SigningKeys()).get(claim, secret)
    if compare_digest(digest(key, text, "sha256").hex().encode("ascii"), claim.signature.encode("utf-8")):
        return
    if remembered:
        # A failure costs one derivation whether the key was remembered, new, or unknown.
        derive_signing_key(_NO_SECRET, claim.date, claim.region, claim.service)
    raise faults.mismatch(protocol, claim, text, request_text)


def verify_unknown(request: HttpRequest, claim: Claim, now: datetime, *, protocol: str) -> AwsError:
    """The work of a failing `verify` for a key that does not exist or is inactive; gives the error to raise."""
    _check_time(claim, now, protocol)
    if claim.scheme is AuthScheme.PRESIGNED_V2:
        text = version2.string_to_sign(request, claim)
        compare_digest(version2.sign(_NO_SECRET, text).encode("ascii"), claim.signature.encode("utf-8"))
    else:
        text = string_to_sign(claim, canonical_request(request, claim, protocol))
        key = derive_signing_key(_NO_SECRET, claim.date, claim.region, claim.service)
        compare_digest(digest(key, text, "sha256").hex().encode("ascii"), claim.signature.encode("utf-8"))
    return faults.unknown_key(protocol, claim.access_key_id)


def canonical_request(request: HttpRequest, claim: Claim, protocol: str) -> bytes:
    path = canonical.s3_path if protocol == "rest-xml" else canonical.service_path
    presigned = claim.scheme is AuthScheme.PRESIGNED_V4
    return b"\n".join(
        (
            request.method.encode("utf-8"),
            path(request.raw_path),
            canonical.query_string(request, presigned=presigned),
            canonical.header_block(request, claim.signed_headers),
            ";".join(claim.signed_headers).encode("ascii"),
            claim.payload_hash.encode("ascii"),
        )
    )


def string_to_sign(claim: Claim, request_text: bytes) -> bytes:
    hashed = sha256(request_text).hexdigest()
    return f"AWS4-HMAC-SHA256\n{claim.amz_date}\n{claim.scope}\n{hashed}".encode("ascii")


def _verify_version_2(request: HttpRequest, claim: Claim, secret: str, protocol: str) -> None:
    if protocol != "rest-xml":
        raise faults.answer(Fault.MISMATCH, protocol)
    text = version2.string_to_sign(request, claim)
    if not compare_digest(version2.sign(secret, text).encode("ascii"), claim.signature.encode("utf-8")):
        raise faults.mismatch(protocol, claim, text, None)


def _check_time(claim: Claim, now: datetime, protocol: str) -> None:
    """±15 minutes for S3 and EC2, 5 elsewhere; a presigned URL is good until it expires."""
    if claim.scheme is AuthScheme.PRESIGNED_V2:
        if now > claim.timestamp:
            raise faults.url_expired(protocol, claim, now, claim.timestamp)
        return
    window = _WIDE if protocol in ("rest-xml", "ec2") else _NARROW
    if claim.expires is None:
        if abs(now - claim.timestamp) > window:
            raise faults.skewed(protocol, claim, now, window)
        return
    if claim.timestamp - now > window:
        raise faults.url_not_yet_valid(protocol, claim, now)
    expires_at = claim.timestamp + timedelta(seconds=claim.expires)
    if now > expires_at:
        raise faults.url_expired(protocol, claim, now, expires_at)
