"""An error of the JSON protocols: `__type`, the message under the model's own name for it, the modelled members."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Model, Shape
from iamd.wire.serialize.headers import header_bytes

_TYPED: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {"integer": int, "long": int, "float": float, "double": float, "boolean": "true".__eq__}
)


def json_error(model: Model, error: AwsError, request_id: str, kind: str) -> HttpResponse:
    shape = model.error_shape(error.code)
    members = shape.members if shape is not None else {}
    body: dict[str, Any] = {"__type": error.code, _message_name(members): error.message}
    headers: Headers = [
        (b"x-amzn-requestid", header_bytes(request_id)),
        (b"x-amzn-errortype", header_bytes(error.code)),
        (b"content-type", kind.encode("ascii")),
    ]
    if "awsQueryCompatible" in model.metadata:
        headers.append((b"x-amzn-query-error", header_bytes(f"{_query_code(shape, error)};{error.fault}")))
    for name, text in error.members.items():
        member = members.get(name)
        if member is None:
            body[name] = text
        elif member.location == "header":
            headers.append(((member.location_name or name).lower().encode("ascii"), header_bytes(text)))
        else:
            body[member.location_name or name] = _TYPED.get(member.type, str)(text)
    return HttpResponse(error.status, headers, json.dumps(body).encode())


def _message_name(members: Any) -> str:
    """`message`, as most have it, unless the model calls it `Message`."""
    return "Message" if "Message" in members and "message" not in members else "message"


def _query_code(shape: Shape | None, error: AwsError) -> str:
    """The code that the service had while it spoke the query protocol."""
    known = shape.traits.get("error", {}).get("code") if shape is not None else None
    return str(known or error.code)
