"""What a request says about who signed it, before anything is verified."""

from dataclasses import field
from datetime import datetime
from enum import Enum, auto

from iamd.model.values import value


class AuthScheme(Enum):
    HEADER_V4 = auto()
    PRESIGNED_V4 = auto()
    PRESIGNED_V2 = auto()
    ANONYMOUS = auto()


@value
class Claim:
    """Read from one place of one request; nothing here is verified until `verify` returns.

    `date`, `region` and `service` are the credential scope's (empty for Signature Version 2, which has none).
    `amz_date` is the timestamp as it stands in the string to sign. `expires` is in seconds after `timestamp` for a
    presigned V4 URL and None in the header; for V2, which names no time of signing, `timestamp` is when the URL
    expires and `expires` the same in epoch seconds. `payload_hash` is the literal that was signed for S3
    (64 hex digits, `UNSIGNED-PAYLOAD` or `STREAMING-…`) and the computed SHA-256 of the body elsewhere.
    """

    scheme: AuthScheme
    access_key_id: str
    signature: str
    signed_headers: tuple[str, ...]
    date: str
    region: str
    service: str
    timestamp: datetime
    amz_date: str
    expires: int | None
    payload_hash: str
    session_token: str | None = field(default=None, repr=False)

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"
