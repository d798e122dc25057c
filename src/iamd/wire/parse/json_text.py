"""A JSON body as a value: strict and bounded."""

from typing import Any

from iamd.policy.jsontext import JsonTextError, load_json
from iamd.wire.faults import serialization


def read_object(body: bytes) -> dict[str, Any]:
    """The members of the body; none if it is empty. A name given twice is refused: no two readers may differ.

    Raises AwsError.
    """
    if not body:
        return {}
    try:
        value = load_json(body)
    except JsonTextError as bad:
        raise serialization(f"The request body is not valid JSON: {str(bad)[:200]}") from None
    if isinstance(value, dict):
        return value
    raise serialization("Start of list found where not expected" if isinstance(value, list) else "Expected null")
