"""Signature Version 2 in the query string, for S3 alone (S3 User Guide, "Signing and authenticating REST requests")."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hmac import digest
from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import payload
from iamd.wire.sigv4.claim import AuthScheme, Claim

_SUB_RESOURCES: Final = frozenset(
    b"accelerate acl analytics cors defaultObjectAcl delete encryption inventory legal-hold lifecycle location logging "
    b"metrics notification object-lock partNumber policy policyStatus publicAccessBlock replication requestPayment "
    b"response-cache-control response-content-disposition response-content-encoding response-content-language "
    b"response-content-type response-expires restore retention select select-type storageClass tagging torrent "
    b"uploadId uploads versionId versioning versions website".split()
)
# Version 2 does not sign these. They only page and filter a listing, or belong to the signature itself; every other
# unsigned parameter could turn a signed URL into another operation and is refused.
_HARMLESS: Final = frozenset(
    b"AWSAccessKeyId Expires Signature content-md5 content-type continuation-token delimiter encoding-type fetch-owner "
    b"key-marker list-type marker max-keys max-parts max-uploads part-number-marker prefix start-after "
    b"upload-id-marker version-id-marker x-id".split()
)
_EPOCH: Final = re.compile("[0-9]{1,11}")


def read(request: HttpRequest, parameters: Mapping[str, str]) -> Claim:
    """`parameters` as for `presigned.read`."""
    if not all(name in parameters for name in ("AWSAccessKeyId", "Signature", "Expires")):
        raise _denied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
    expires = parameters["Expires"]
    if not _EPOCH.fullmatch(expires):
        raise _denied(f"Invalid date (should be seconds since epoch): {expires[:32]}")
    token = _amz_values(request).get("x-amz-security-token")
    _refuse_unsigned(request)
    return Claim(
        scheme=AuthScheme.PRESIGNED_V2,
        access_key_id=parameters["AWSAccessKeyId"],
        signature=parameters["Signature"],
        signed_headers=(),
        date="",
        region="",
        service="s3",
        timestamp=datetime.fromtimestamp(int(expires), UTC),
        amz_date=expires,
        expires=int(expires),
        payload_hash=payload.UNSIGNED,
        session_token=token,
    )


def string_to_sign(request: HttpRequest, claim: Claim) -> bytes:
    values = _amz_values(request)
    lines = [
        _standard(request, "content-md5"),
        _standard(request, "content-type"),
        claim.amz_date,
        *[f"{name}:{values[name]}" for name in sorted(values)],
    ]
    return b"\n".join((request.method.encode("utf-8"), "\n".join(lines).encode("latin-1"), _resource(request)))


def sign(secret: str, text: bytes) -> str:
    return b64encode(digest(secret.encode("utf-8"), text, "sha1")).decode("ascii")


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, 403)


def _decoded_pairs(request: HttpRequest) -> list[tuple[bytes, bytes]]:
    return [(unquote_to_bytes(name), value) for name, value in request.query_pairs]


def _standard(request: HttpRequest, name: str) -> str:
    """A header's value; else the parameter of that name, where botocore writes down what it signed."""
    value = request.header(name.encode("ascii"))
    if value is not None:
        return value.strip()
    for key, raw in _decoded_pairs(request):
        if key == name.encode("ascii"):
            return unquote_to_bytes(raw).decode("latin-1")
    return ""


def _amz_values(request: HttpRequest) -> dict[str, str]:
    """Every `x-amz-…` header and parameter: all of them are signed; one with two values is refused."""
    values = {
        name.decode("latin-1"): ",".join([value.decode("latin-1").strip() for value in given])
        for name, given in request.header_lists.items()
        if name.startswith(b"x-amz-")
    }
    for raw_name, raw in _decoded_pairs(request):
        name = raw_name.lower().decode("latin-1")
        if name.startswith("x-amz-"):
            value = unquote_to_bytes(raw).decode("latin-1")
            if values.setdefault(name, value) != value:
                raise _denied(f"The parameter {name} was given more than once")
    return values


def _resource(request: HttpRequest) -> bytes:
    bucket = b"" if request.bucket is None else b"/" + request.bucket.encode("utf-8")
    resource = bucket + (request.raw_path or b"/")
    signed = []
    for raw_name, raw in request.query_pairs:
        name = unquote_to_bytes(raw_name)
        if name in _SUB_RESOURCES:
            signed.append((name, name + b"=" + unquote_to_bytes(raw) if raw else name))
    signed.sort(key=lambda pair: pair[0])
    return resource + (b"?" + b"&".join([text for _, text in signed]) if signed else b"")


def _refuse_unsigned(request: HttpRequest) -> None:
    for name, _ in _decoded_pairs(request):
        if name not in _SUB_RESOURCES and name not in _HARMLESS and not name.lower().startswith(b"x-amz-"):
            shown = name[:64].decode("ascii", "replace")
            raise _denied(f"Signature Version 2 does not cover the query parameter {shown!r}")
