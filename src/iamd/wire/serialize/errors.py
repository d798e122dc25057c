"""An error in the shape of each protocol."""

from dataclasses import dataclass

from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Model
from iamd.wire.serialize.ec2 import ec2_error
from iamd.wire.serialize.headers import header_bytes
from iamd.wire.serialize.json import json_kind
from iamd.wire.serialize.json_errors import json_error
from iamd.wire.serialize.query import query_error
from iamd.wire.serialize.rest_xml import s3_error, wrapped_error
from iamd.wire.serialize.s3_names import NAMESPACES


@dataclass(frozen=True, slots=True)
class Answered:
    """Where an error is answered: the ids of the request, and the path that S3 names as the resource."""

    request_id: str
    host_id: str
    resource: str


def serialize_error(model: Model, protocol: str, error: AwsError, where: Answered) -> HttpResponse:
    response = _shaped(model, protocol, error, where)
    response.headers += [(name.lower().encode("ascii"), header_bytes(value)) for name, value in error.headers.items()]
    return response


def _shaped(model: Model, protocol: str, error: AwsError, where: Answered) -> HttpResponse:
    request_id, host_id = where.request_id, where.host_id
    match protocol:
        case "query":
            return query_error(error, request_id, model.metadata.get("xmlNamespace", ""))
        case "ec2":
            return ec2_error(error, request_id)
        case "rest-xml" if model.name == "s3":
            return s3_error(error, request_id, host_id, where.resource)
        case "rest-xml":
            return wrapped_error(error, request_id, host_id, NAMESPACES.get(model.name, ""))
        case "json":
            return json_error(model, error, request_id, json_kind(model))
        case "rest-json":
            return json_error(model, error, request_id, "application/json")
        case "smithy-rpc-v2-cbor":
            return _cbor_error(error, request_id)
        case other:
            raise ValueError(f"no protocol {other}")


def _request_header(request_id: str) -> Headers:
    return [(b"x-amzn-requestid", header_bytes(request_id))]


def _cbor_text(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return b"\x7a" + len(raw).to_bytes(4, "big") + raw


def _cbor_error(error: AwsError, request_id: str) -> HttpResponse:
    fields = {"__type": error.code, "message": error.message, **error.members}
    body = b"\xb8" + bytes([len(fields)]) + b"".join(_cbor_text(key) + _cbor_text(text) for key, text in fields.items())
    headers = [
        *_request_header(request_id),
        (b"smithy-protocol", b"rpc-v2-cbor"),
        (b"content-type", b"application/cbor"),
    ]
    return HttpResponse(error.status, headers, body)
