"""Continuation tokens: where a listing goes on, so written that what S3 never gave out is refused.

They name a place and grant nothing: the bucket, the prefix and the caller's rights are asked anew for every page.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from zlib import crc32

from iamd.services.s3.errors import invalid_argument


def write_token(place: bytes) -> str:
    return urlsafe_b64encode(crc32(place).to_bytes(4, "big") + place).decode("ascii")


def read_token(token: str) -> bytes:
    """Raises InvalidArgument."""
    try:
        raw = b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) < 5 or raw[:4] != crc32(raw[4:]).to_bytes(4, "big"):
        raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token)
    return raw[4:]
