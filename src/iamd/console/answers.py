"""The console's answers: JSON, never kept by anybody in between, and the headers that every one of them has."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse

COMMON: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
NO_STORE: Final = (b"cache-control", b"no-store")
_CLOSED: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'")


class ExplainedError(AwsError):
    """A denial with what it was decided on (`Question.to_json`)."""

    def __init__(self, denial: AwsError, explanation: Mapping[str, Any] | None) -> None:
        super().__init__(denial.code, denial.message, denial.status)
        self.explanation = explanation


def as_json(content: Any, status: int = 200, headers: Headers | None = None) -> HttpResponse:
    body = orjson.dumps(content, default=_plain)
    kind = (b"content-type", b"application/json")
    return HttpResponse(status, [kind, NO_STORE, _CLOSED, *COMMON, *(headers or ())], body)


def refusal(
    fault: AwsError, request_id: str = "", explanation: Mapping[str, Any] | None = None, headers: Headers | None = None
) -> HttpResponse:
    if isinstance(fault, ExplainedError):
        explanation = fault.explanation
    content: dict[str, Any] = {"code": fault.code, "message": fault.message, "request_id": request_id}
    if explanation is not None:
        content["explanation"] = explanation
    return as_json(content, fault.status, headers)


def iso(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    """What JSON has no type for: bytes as base64."""
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(type(value).__name__)
