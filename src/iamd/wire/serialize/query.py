"""The query protocol's answers: `<OpResponse><OpResult>…</OpResult><ResponseMetadata>…`."""

from collections.abc import Callable, Mapping
from typing import Any

from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.wire.models import Model
from iamd.wire.serialize.xml import compile_members_writer, escape, escape_for_error


def compile_query_serializer(model: Model, operation: str) -> Callable[[Mapping[str, Any], str, str], HttpResponse]:
    shape = model.output_of(operation)
    head = f'<{operation}Response xmlns="{model.metadata["xmlNamespace"]}">'
    tail = f"</RequestId></ResponseMetadata></{operation}Response>"
    middle = "<ResponseMetadata><RequestId>"
    write = None
    if shape is not None:
        wrapper = shape.traits.get("resultWrapper", f"{operation}Result")
        write = compile_members_writer(dict(shape.body_members()), millis=False)
        head, middle = f"{head}<{wrapper}>", f"</{wrapper}>{middle}"

    def serialize(result: Mapping[str, Any], request_id: str, _host_id: str) -> HttpResponse:
        pieces = [head]
        if write is not None:
            write(pieces.append, result)
        pieces += (middle, request_id, tail)
        return HttpResponse(200, query_headers(request_id), "".join(pieces).encode())

    return serialize


def query_headers(request_id: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-amzn-requestid", request_id.encode("latin-1", "replace")), (b"content-type", b"text/xml")]


def members_xml(error: AwsError) -> str:
    return "".join(f"<{name}>{escape_for_error(value)}</{name}>" for name, value in error.members.items())


def query_error(error: AwsError, request_id: str, namespace: str) -> HttpResponse:
    body = (
        f'<ErrorResponse xmlns="{escape(namespace)}"><Error><Type>{error.fault}</Type>'
        f"<Code>{escape_for_error(error.code)}</Code><Message>{escape_for_error(error.message)}</Message>"
        f"{members_xml(error)}</Error><RequestId>{escape_for_error(request_id)}</RequestId></ErrorResponse>"
    )
    return HttpResponse(error.status, query_headers(request_id), body.encode())
