"""Find the one place that carries credentials, and read it."""

from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults, header, presigned, version2
from iamd.wire.sigv4.claim import Claim
from iamd.wire.sigv4.faults import Fault

_V4: Final = frozenset(
    b"x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-signature x-amz-signedheaders "
    b"x-amz-security-token x-amz-content-sha256".split()
)
_V4_PROOF: Final = frozenset({"x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-signedheaders"})
_V2: Final = frozenset({b"AWSAccessKeyId", b"Signature", b"Expires"})


def read_claim(request: HttpRequest, *, protocol: str) -> Claim | None:
    """The credentials of a request, unverified; None if it has none at all.

    `protocol` is "query", "ec2", "json", "rest-json" or "rest-xml" (which means S3). Raises AwsError with AWS's code
    for that protocol for anything that is there and is not exactly one well-formed signature.
    """
    in_header = b"authorization" in request.header_lists
    if not request.raw_query:
        return header.read(request, protocol) if in_header else None
    parameters, duplicate = _parameters(request)
    lower = {name.lower() for name in parameters}
    version_4 = not lower.isdisjoint(_V4_PROOF) or "X-Amz-Security-Token" in parameters
    version_2 = "AWSAccessKeyId" in parameters or (protocol == "rest-xml" and "Signature" in parameters)
    version_4 = version_4 or (not version_2 and "x-amz-security-token" in lower)
    if in_header + version_4 + version_2 > 1 or (in_header and "x-amz-security-token" in lower):
        raise faults.two_mechanisms(protocol)
    if in_header:
        return header.read(request, protocol)
    if not (version_4 or version_2):
        return None
    if duplicate:
        detail = f"the query parameter {duplicate} was given more than once."
        raise faults.answer(Fault.MALFORMED_QUERY, protocol, detail)
    if version_2 and protocol == "rest-xml":
        return version2.read(request, parameters)
    return presigned.read(request, parameters, protocol)


def _parameters(request: HttpRequest) -> tuple[dict[str, str], str]:
    """The query's authentication parameters, decoded, and the name of one that is there twice (in any case)."""
    found: dict[str, str] = {}
    seen: set[bytes] = set()
    duplicate = ""
    for raw_name, raw in request.query_pairs:
        name = unquote_to_bytes(raw_name) if b"%" in raw_name else raw_name
        lower = name.lower()
        if lower in _V4 or name in _V2:
            text = name.decode("ascii")
            if lower in seen:
                duplicate = text
            seen.add(lower)
            found[text] = unquote_to_bytes(raw).decode("latin-1")
    return found, duplicate
