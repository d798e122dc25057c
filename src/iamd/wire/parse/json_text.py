"""A JSON body as a value: strict, bounded, and of a type that JSON services take."""

from typing import Any, Final

from iamd.model.http import HttpRequest
from iamd.policy.jsontext import JsonTextError, load_json
from iamd.wire.faults import serialization

_KINDS: Final = frozenset({"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"})


def is_json(request: HttpRequest) -> bool:
    """Whether the content type is one that SDKs write for JSON, or none is said."""
    kind = request.header(b"content-type")
    return kind is None or kind.partition(";")[0].strip().lower() in _KINDS


def read_object(body: bytes) -> dict[str, Any]:
    """The members of the body; none if it is empty. A name given twice is refused: no two readers may differ.

    Raises AwsError.
    """
    if not body:
        return {}
    try:
        value = load_json(body)
    except JsonTextError as bad:
        raise serialization(f"The request body is not valid JSON: {bad}") from None
    if isinstance(value, dict):
        return value
    raise serialization("Start of list found where not expected" if isinstance(value, list) else "Expected null")
