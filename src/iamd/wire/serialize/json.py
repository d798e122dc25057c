"""The json protocol's answers: one object, or nothing where the operation answers nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from iamd.model.http import HttpResponse
from iamd.wire.models import Model
from iamd.wire.serialize.headers import header_bytes
from iamd.wire.serialize.json_values import JsonWriters


def json_kind(model: Model) -> str:
    return f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.1')}"


def compile_json_serializer(model: Model, operation: str) -> Callable[[Mapping[str, Any], str, str], HttpResponse]:
    shape = model.output_of(operation)
    write = JsonWriters().members(shape.members) if shape is not None else None
    kind = (b"content-type", json_kind(model).encode("ascii"))

    def serialize(result: Mapping[str, Any], request_id: str, _host_id: str) -> HttpResponse:
        headers = [(b"x-amzn-requestid", header_bytes(request_id)), kind]
        return HttpResponse(200, headers, b"" if write is None else orjson.dumps(write(result)))

    return serialize
