"""EC2's answers: the members at once below the root, dates with milliseconds."""

from collections.abc import Callable, Mapping
from typing import Any

from iamd.model.errors import AwsError
from iamd.model.http import Headers, HttpResponse
from iamd.wire.models import Model
from iamd.wire.serialize.headers import header_bytes
from iamd.wire.serialize.query import members_xml
from iamd.wire.serialize.rest_xml import PROLOG
from iamd.wire.serialize.xml import compile_members_writer, escape, escape_for_error


def compile_ec2_serializer(model: Model, operation: str) -> Callable[[Mapping[str, Any], str, str], HttpResponse]:
    shape = model.output_of(operation)
    # With the slash that AWS writes and the model leaves out.
    namespace = f"{model.metadata['xmlNamespace'].rstrip('/')}/"
    head = f'{PROLOG}<{operation}Response xmlns="{namespace}"><requestId>'
    tail = f"</{operation}Response>"
    write = compile_members_writer(dict(shape.body_members()), millis=True) if shape is not None else None

    def serialize(result: Mapping[str, Any], request_id: str, _host_id: str) -> HttpResponse:
        pieces = [head, escape(request_id), "</requestId>"]
        if write is None:
            pieces.append("<return>true</return>")
        else:
            write(pieces.append, result)
        pieces.append(tail)
        return HttpResponse(200, _headers(request_id), "".join(pieces).encode())

    return serialize


def _headers(request_id: str) -> Headers:
    return [(b"x-amzn-requestid", header_bytes(request_id)), (b"content-type", b"text/xml;charset=UTF-8")]


def ec2_error(error: AwsError, request_id: str) -> HttpResponse:
    body = (
        f"{PROLOG}<Response><Errors><Error>"
        f"<Code>{escape_for_error(error.code)}</Code><Message>{escape_for_error(error.message)}</Message>"
        f"{members_xml(error)}</Error></Errors><RequestID>{escape_for_error(request_id)}</RequestID></Response>"
    )
    return HttpResponse(error.status, _headers(request_id), body.encode())
