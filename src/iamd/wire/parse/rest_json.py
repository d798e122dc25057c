"""rest-json's input: what the REST protocols share, and a body that is JSON, text or bytes."""

from collections.abc import Callable, Mapping
from typing import Any

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import serialization, unsupported_media_type
from iamd.wire.forms import is_json
from iamd.wire.models import Model, Shape
from iamd.wire.parse.json_text import read_object
from iamd.wire.parse.json_values import JsonReaders
from iamd.wire.parse.rest import Params, Parser, Place, Step, raw_step, rest_steps, run_steps
from iamd.wire.routing.paths import PathTemplate, path_reader
from iamd.wire.values import BadValueError


class _Faults:
    def path(self) -> AwsError:
        return serialization("The path is not percent-encoded UTF-8.")

    def query(self) -> AwsError:
        return serialization("The query string is not percent-encoded UTF-8.")

    def repeated(self, place: Place, text: str) -> AwsError:
        return serialization(f"{place.wire} is given more than once: '{text[:100]}'")

    def value(self, place: Place, text: str) -> AwsError:
        return serialization(f"'{text[:100]}' can not be converted to an {place.type.title()}")


def compile_rest_json_parser(model: Model, operation: str) -> Parser:
    shape = model.input_of(operation)
    if shape is None:
        return lambda _request: {}
    template = PathTemplate(str(model.operations[operation]["http"]["requestUri"]))
    steps = rest_steps(shape, template, path_reader(model), _Faults())
    body = _body_step(shape)
    return run_steps([*steps, body] if body is not None else steps)


def _body_step(shape: Shape) -> Step | None:
    readers, payload = JsonReaders(), shape.payload
    if payload is None:
        members = dict(shape.body_members())
        return _json_step(None, readers.members(members)) if members else None
    member = shape.members[payload]
    if member.traits.get("streaming") or member.traits.get("eventstream"):
        return None
    if member.type in {"string", "blob"}:
        return raw_step(payload, _not_text, binary=member.type == "blob")
    return _json_step(payload, readers.reader(member))


def _not_text() -> AwsError:
    return serialization("The request body is not UTF-8.")


def _json_step(payload: str | None, read: Callable[[Mapping[str, Any]], Any]) -> Step:
    def step(request: HttpRequest, params: Params) -> None:
        if not request.body:
            return
        if not is_json(request):
            raise unsupported_media_type(request.header(b"content-type") or "")
        try:
            value = read(read_object(request.body))
        except BadValueError as bad:
            raise serialization(str(bad)) from None
        if payload is None:
            params.update(value)
        else:
            params[payload] = value

    return step
