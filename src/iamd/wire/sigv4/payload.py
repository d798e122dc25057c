"""What a request says about its body's hash."""

import re
from hashlib import sha256
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
STREAMING_SIGNED: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
STREAMING_SIGNED_TRAILER: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
STREAMING_UNSIGNED_TRAILER: Final = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
STREAMING: Final = frozenset({STREAMING_SIGNED, STREAMING_SIGNED_TRAILER, STREAMING_UNSIGNED_TRAILER})
EMPTY_SHA256: Final = sha256(b"").hexdigest()

_HEADER: Final = b"x-amz-content-sha256"
_SHA256: Final = re.compile("[0-9a-f]{64}")


def _bad_literal(value: str) -> AwsError:
    return AwsError(
        "InvalidArgument",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 "
        "value.",
        members={
            "ArgumentName": "x-amz-content-sha256",
            "ArgumentValue": value[:256].encode("ascii", "replace").decode(),
        },
    )


def _checked(value: str) -> str:
    if value != UNSIGNED and value not in STREAMING and not _SHA256.fullmatch(value):
        raise _bad_literal(value)
    return value


def in_header(request: HttpRequest, protocol: str) -> str:
    """For a signature in the header. S3 wants the literal; elsewhere the body in hand is hashed."""
    if protocol != "rest-xml":
        return sha256(request.body).hexdigest() if request.body else EMPTY_SHA256
    value = request.header(_HEADER)
    if value is None:
        raise AwsError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    return _checked(value.strip())


def in_query(request: HttpRequest, parameter: str | None, protocol: str) -> str:
    """For a presigned URL, where S3 signs `UNSIGNED-PAYLOAD` unless told otherwise."""
    if protocol != "rest-xml":
        return in_header(request, protocol)
    value = request.header(_HEADER)
    if value is not None and parameter is not None and value.strip() != parameter:
        raise faults.two_mechanisms(protocol)
    value = parameter if value is None else value.strip()
    return UNSIGNED if value is None else _checked(value)


def check_body(payload_hash: str, computed: str) -> None:
    """Raises XAmzContentSHA256Mismatch unless the body read has the signed hash.

    `computed` is the lower-case hex SHA-256 of the whole body. Markers say nothing about it: chunks have their own
    signatures (`chunked`).
    """
    if _SHA256.fullmatch(payload_hash) and payload_hash != computed:
        raise faults.content_sha256_mismatch(payload_hash, computed)
