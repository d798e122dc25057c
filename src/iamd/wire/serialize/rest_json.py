"""rest-json's answers: status, headers, and a body that is JSON, text or bytes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from iamd.model.blob import BlobSlice
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Model, Shape
from iamd.wire.serialize.headers import header_bytes
from iamd.wire.serialize.json_values import JsonWriters
from iamd.wire.serialize.rest import BodyWriter, Serializer, compile_headers, no_event_stream, raw_body

KIND: Final = b"application/json"


def compile_rest_json_serializer(model: Model, operation: str) -> Serializer:
    shape = model.output_of(operation)
    status = int(model.operations[operation]["http"].get("responseCode", 200))
    put_headers = compile_headers(shape) if shape is not None else None
    body_of = _compile_body(shape) if shape is not None and status != 204 else None
    codes = list(shape.members_at("statusCode")) if shape is not None else []

    def serialize(result: Mapping[str, Any], request_id: str, _host_id: str) -> HttpResponse:
        headers: Headers = [(b"x-amzn-requestid", header_bytes(request_id))]
        if put_headers is not None:
            put_headers(headers, result)
        body: bytes | BlobSlice = b""
        if body_of is not None:
            body, kind = body_of(result)
            if kind is not None and not any(name == b"content-type" for name, _ in headers):
                headers.append((b"content-type", kind))
        code = next((int(result[name]) for name in codes if result.get(name) is not None), status)
        return HttpResponse(code, headers, body)

    return serialize


def _compile_body(shape: Shape) -> BodyWriter:
    writers, payload = JsonWriters(), shape.payload
    if payload is None:
        return _json_body(writers.members(dict(shape.body_members())))
    member = shape.members[payload]
    if member.traits.get("eventstream"):
        return no_event_stream
    if member.type in {"blob", "string"}:
        return raw_body(payload, member, b"application/octet-stream" if member.type == "blob" else b"text/plain")
    write = writers.writer(member)
    return _json_body(lambda result: _payload(result.get(payload), write))


def _payload(value: Any, write: Callable[[Any], Any] | None) -> Any:
    if value is None:
        return {}
    return value if write is None else write(value)


def _json_body(write: Callable[[Mapping[str, Any]], Any]) -> BodyWriter:
    return lambda result: (orjson.dumps(write(result)), KIND)
