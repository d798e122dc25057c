"""Signature Version 4 in the query string: a presigned URL."""

import re
from collections.abc import Mapping
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults, payload
from iamd.wire.sigv4.claim import AuthScheme, Claim
from iamd.wire.sigv4.faults import Fault
from iamd.wire.sigv4.scope import IN_QUERY, check_singles, parse_time, read_credential, read_signed_headers

MAX_EXPIRES: Final = 604_800
_REQUIRED: Final = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
)
_S3_INCOMPLETE: Final = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
_NUMBER: Final = re.compile("-?[0-9]{1,18}")


def read(request: HttpRequest, parameters: Mapping[str, str], protocol: str) -> Claim:
    """`parameters` are the query's authentication parameters, decoded, by the name sent; each is there once."""
    _check_complete(parameters, protocol)
    check_singles(request, protocol, IN_QUERY)
    if parameters["X-Amz-Algorithm"] != "AWS4-HMAC-SHA256":
        raise _malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"', protocol)
    amz_date = parameters["X-Amz-Date"]
    timestamp = parse_time(amz_date)
    if timestamp is None:
        raise _malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"", protocol)
    expires = _expires(parameters.get("X-Amz-Expires"), protocol)
    key_id, date, region, service = read_credential(parameters["X-Amz-Credential"], amz_date, protocol, IN_QUERY)
    return Claim(
        scheme=AuthScheme.PRESIGNED_V4,
        access_key_id=key_id,
        signature=parameters["X-Amz-Signature"],
        signed_headers=read_signed_headers(request, parameters["X-Amz-SignedHeaders"], protocol, IN_QUERY),
        date=date,
        region=region,
        service=service,
        timestamp=timestamp,
        amz_date=amz_date,
        expires=expires,
        payload_hash=payload.in_query(request, parameters.get("X-Amz-Content-Sha256"), protocol),
        session_token=_token(request, parameters, protocol),
    )


def _malformed(detail: str, protocol: str) -> AwsError:
    return faults.answer(Fault.MALFORMED_QUERY, protocol, detail)


def _check_complete(parameters: Mapping[str, str], protocol: str) -> None:
    missing = [name for name in _REQUIRED if name not in parameters]
    if protocol == "rest-xml":
        if missing or "X-Amz-Expires" not in parameters:
            raise _malformed(_S3_INCOMPLETE, protocol)
    elif missing:
        lines = [f"AWS query-string parameters must include '{name}'." for name in missing]
        raise _malformed(" ".join([*lines, "Re-examine the query-string parameters."]), protocol)


def _expires(text: str | None, protocol: str) -> int | None:
    """Seconds; None only outside S3, where the usual window of the clock applies then."""
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise _malformed("X-Amz-Expires should be a number", protocol)
    seconds = int(text)
    if seconds < 0:
        raise _malformed("X-Amz-Expires must be non-negative", protocol)
    if seconds > MAX_EXPIRES:
        detail = (
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            "604800 seconds"
        )
        raise _malformed(detail, protocol)
    return seconds


def _token(request: HttpRequest, parameters: Mapping[str, str], protocol: str) -> str | None:
    in_query = parameters.get("X-Amz-Security-Token")
    in_header = request.header(b"x-amz-security-token")
    if in_query is not None and in_header is not None:
        raise faults.two_mechanisms(protocol)
    return in_query if in_header is None else in_header
