"""rest-xml's answers: status, headers, and a body that is XML, text or bytes."""

from collections.abc import Mapping
from typing import Any, Final

from iamd.model.blob import BlobSlice
from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Model, Shape
from iamd.wire.serialize.headers import header_bytes
from iamd.wire.serialize.query import members_xml
from iamd.wire.serialize.rest import BodyWriter, Serializer, compile_headers, no_event_stream, raw_body
from iamd.wire.serialize.s3_names import NAMESPACES, root_name, success_status
from iamd.wire.serialize.xml import (
    ElementWriter,
    compile_content_writer,
    compile_members_writer,
    escape,
    escape_for_error,
)

PROLOG: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def compile_rest_xml_serializer(model: Model, operation: str) -> Serializer:
    shape = model.output_of(operation)
    status = success_status(model, operation)
    put_headers = compile_headers(shape) if shape is not None else None
    body_of = _compile_body(model, operation, shape) if shape is not None and status != 204 else None
    partial = shape is not None and "ContentRange" in shape.members

    def serialize(result: Mapping[str, Any], request_id: str, host_id: str) -> HttpResponse:
        headers = rest_headers(request_id, host_id)
        if put_headers is not None:
            put_headers(headers, result)
        body: bytes | BlobSlice = b""
        if body_of is not None:
            body, kind = body_of(result)
            if kind is not None:
                headers.append((b"content-type", kind))
        code = 206 if partial and result.get("ContentRange") else status
        return HttpResponse(code, headers, body)

    return serialize


def rest_headers(request_id: str, host_id: str) -> Headers:
    return [(b"x-amz-request-id", header_bytes(request_id)), (b"x-amz-id-2", header_bytes(host_id))]


def _compile_body(model: Model, operation: str, shape: Shape) -> BodyWriter | None:
    if model.name == "s3" and operation == "GetBucketLocation":
        return _location_body
    millis = model.name in {"s3", "s3control"}
    namespace = NAMESPACES.get(model.name, "")
    if shape.payload is not None:
        payload = shape.members[shape.payload]
        if payload.traits.get("streaming") or payload.type in {"blob", "string"}:
            return raw_body(shape.payload, payload, b"application/json")
        if payload.traits.get("eventstream"):
            return no_event_stream
        content = compile_content_writer(payload, millis=millis)
        return _xml_body(root_name(model, operation, payload), namespace, content, shape.payload)
    members = dict(shape.body_members())
    if not members:
        return None
    return _xml_body(
        root_name(model, operation, shape), namespace, compile_members_writer(members, millis=millis), None
    )


def _xml_body(root: str, namespace: str, content: ElementWriter, payload: str | None) -> BodyWriter:
    head, tail = f'{PROLOG}<{root} xmlns="{namespace}">', f"</{root}>"

    def body(result: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
        value = result if payload is None else result.get(payload)
        if value is None:
            return b"", None
        pieces = [head]
        content(pieces.append, value)
        pieces.append(tail)
        return "".join(pieces).encode(), b"application/xml"

    return body


def _location_body(result: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
    """S3's one answer whose root element is the value: empty for us-east-1."""
    place = result.get("LocationConstraint") or ""
    root = f'LocationConstraint xmlns="{NAMESPACES["s3"]}"'
    text = f"{PROLOG}<{root}>{escape(place)}</LocationConstraint>" if place else f"{PROLOG}<{root}/>"
    return text.encode(), b"application/xml"


def s3_error(error: AwsError, request_id: str, host_id: str, resource: str) -> HttpResponse:
    where = f"<Resource>{escape_for_error(resource)}</Resource>" if resource else ""
    body = (
        f"{PROLOG}<Error><Code>{escape_for_error(error.code)}</Code><Message>{escape_for_error(error.message)}</Message>"
        f"{members_xml(error)}{where}<RequestId>{escape_for_error(request_id)}</RequestId>"
        f"<HostId>{escape_for_error(host_id)}</HostId></Error>"
    )
    return _error_response(error, rest_headers(request_id, host_id), body)


def wrapped_error(error: AwsError, request_id: str, host_id: str, namespace: str) -> HttpResponse:
    """The shape of s3control and of every other rest-xml service."""
    space = f' xmlns="{escape(namespace)}"' if namespace else ""
    body = (
        f"{PROLOG}<ErrorResponse{space}><Error><Type>{error.fault}</Type><Code>{escape_for_error(error.code)}</Code>"
        f"<Message>{escape_for_error(error.message)}</Message>{members_xml(error)}</Error>"
        f"<RequestId>{escape_for_error(request_id)}</RequestId><HostId>{escape_for_error(host_id)}</HostId>"
        "</ErrorResponse>"
    )
    return _error_response(error, rest_headers(request_id, host_id), body)


def _error_response(error: AwsError, headers: Headers, body: str) -> HttpResponse:
    if error.status == 304:
        return HttpResponse(304, headers)
    return HttpResponse(error.status, [*headers, (b"content-type", b"application/xml")], body.encode())
