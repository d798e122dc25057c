"""Signature Version 4 in the Authorization header."""

import re
from base64 import b64encode
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults, payload
from iamd.wire.sigv4.claim import AuthScheme, Claim
from iamd.wire.sigv4.faults import Fault
from iamd.wire.sigv4.scope import IN_HEADER, check_singles, parse_time, read_credential, read_signed_headers, utc

ALGORITHM: Final = "AWS4-HMAC-SHA256"
_USUAL: Final = re.compile(r"AWS4-HMAC-SHA256 +Credential=([^,= ]+), *SignedHeaders=([^,= ]+), *Signature=([^,= ]+) *")
_COMPONENTS: Final = ("Credential", "SignedHeaders", "Signature")


def read(request: HttpRequest, protocol: str) -> Claim:
    values = request.header_lists[b"authorization"]
    if len(values) > 1:
        raise faults.two_mechanisms(protocol)
    text = values[0].decode("latin-1").strip()
    match = _USUAL.fullmatch(text)
    credential, signed, signature = match.groups() if match else _components(request, text, protocol)
    check_singles(request, protocol, IN_HEADER)
    amz_date, timestamp = _time(request, protocol)
    key_id, date, region, service = read_credential(credential, amz_date, protocol, IN_HEADER)
    return Claim(
        scheme=AuthScheme.HEADER_V4,
        access_key_id=key_id,
        signature=signature,
        signed_headers=read_signed_headers(request, signed, protocol, IN_HEADER),
        date=date,
        region=region,
        service=service,
        timestamp=timestamp,
        amz_date=amz_date,
        expires=None,
        payload_hash=payload.in_header(request, protocol),
        session_token=request.header(b"x-amz-security-token"),
    )


def _components(request: HttpRequest, text: str, protocol: str) -> tuple[str, str, str]:
    """Components in another order or with other spaces; else the fault."""
    algorithm, _, rest = text.partition(" ")
    if algorithm != ALGORITHM:
        raise _mechanism_fault(request, text, algorithm, protocol)
    found: dict[str, str] = {}
    for part in rest.split(","):
        name, equals, value = part.strip().partition("=")
        if not equals or name not in _COMPONENTS or name in found or not value:
            raise _malformed(request, text, protocol, found)
        found[name] = value
    if len(found) != 3:
        raise _malformed(request, text, protocol, found)
    return found["Credential"], found["SignedHeaders"], found["Signature"]


def _mechanism_fault(request: HttpRequest, text: str, algorithm: str, protocol: str) -> AwsError:
    """Signature Version 2, SigV4A and what is no AWS signature at all (Basic, Bearer)."""
    if protocol != "rest-xml":
        return _malformed(request, text, protocol, {})
    if algorithm.startswith("AWS"):
        return faults.unsupported_mechanism()
    return AwsError("InvalidArgument", "Unsupported Authorization Type", members={"ArgumentName": "Authorization"})


def _malformed(request: HttpRequest, text: str, protocol: str, found: dict[str, str]) -> AwsError:
    if protocol == "rest-xml":
        detail = "the authorization header requires three components: Credential, SignedHeaders, and Signature."
        return faults.answer(Fault.MALFORMED_HEADER, protocol, detail)
    hashed = b64encode(sha256(text.encode("latin-1")).digest()).decode("ascii")
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if name not in found
    ]
    if b"x-amz-date" not in request.header_lists and b"date" not in request.header_lists:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        detail = f"{' '.join(missing)} (Hashed with SHA-256 and encoded with Base64) Authorization={hashed}"
    else:
        detail = (
            "Invalid key=value pair (missing equal-sign) in Authorization header "
            f"(hashed with SHA-256 and encoded with Base64): '{hashed}'."
        )
    return faults.answer(Fault.MALFORMED_HEADER, protocol, detail)


def _time(request: HttpRequest, protocol: str) -> tuple[str, datetime]:
    """`x-amz-date`, else `Date` (in either form), as text for the string to sign and as a time."""
    text = request.header(b"x-amz-date")
    source = text if text is not None else request.header(b"date")
    if source is None:
        detail = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        raise faults.answer(Fault.BAD_DATE, protocol, detail)
    time = parse_time(source)
    if time is not None:
        return source, time
    if text is None:
        try:
            time = utc(parsedate_to_datetime(source))
            return faults.compact(time), time
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    detail = f"Date must be in ISO-8601 'basic format'. Got '{source[:64]}'. See http://en.wikipedia.org/wiki/ISO_8601"
    raise faults.answer(Fault.BAD_DATE, protocol, detail)
