"""rest-xml's input: what the REST protocols share, and a body that is XML or text."""

from collections.abc import Callable
from typing import Any

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import invalid_argument, invalid_uri, malformed_xml
from iamd.wire.hoist import hoist
from iamd.wire.models import Model, Shape
from iamd.wire.parse.rest import Params, Parser, Place, Step, raw_step, rest_steps, run_steps
from iamd.wire.parse.xml import BadXmlError, Element, read_xml
from iamd.wire.parse.xml_body import compile_element_reader, compile_structure_reader
from iamd.wire.routing.paths import PathTemplate, path_reader
from iamd.wire.values import BadValueError


class _Faults:
    def path(self) -> AwsError:
        return invalid_uri()

    def query(self) -> AwsError:
        return invalid_uri()

    def repeated(self, place: Place, text: str) -> AwsError:
        return invalid_argument("A parameter may be given only once.", place.wire, text)

    def value(self, place: Place, text: str) -> AwsError:
        if place.wire == "partNumber":
            words = "Part number must be an integer between 1 and 10000, inclusive"
        elif place.whole:
            words = f"Provided {place.wire} not an integer or within integer range"
        else:
            words = f"Provided value for {place.wire} is not valid"
        return invalid_argument(words, place.wire, text)


def compile_rest_xml_parser(model: Model, operation: str) -> Parser:
    shape = model.input_of(operation)
    if shape is None:
        return lambda _request: {}
    template = PathTemplate(str(model.operations[operation]["http"]["requestUri"]))
    steps: list[Step] = [lambda request, _params: hoist(request)] if model.name == "s3" else []
    steps += rest_steps(shape, template, path_reader(model), _Faults())
    body = _body_step(shape)
    return run_steps([*steps, body] if body is not None else steps)


def _body_step(shape: Shape) -> Step | None:
    payload = shape.payload
    if payload is not None:
        member = shape.members[payload]
        if member.traits.get("streaming"):
            return None
        if member.type in {"string", "blob"}:
            return raw_step(payload, _not_text, binary=member.type == "blob")
        root = member.location_name or member.name
        return _xml_step(root, payload, compile_element_reader(member))
    members = dict(shape.body_members())
    if not members:
        return None
    return _xml_step(shape.location_name or shape.name, None, compile_structure_reader(members))


def _not_text() -> AwsError:
    return AwsError("InvalidRequest", "The request body is not valid UTF-8.")


def _xml_step(root: str, payload: str | None, read: Callable[[Element], Any]) -> Step:
    def step(request: HttpRequest, params: Params) -> None:
        if not request.body:
            return
        try:
            element = read_xml(request.body)
            if element.name != root:
                raise malformed_xml()
            value = read(element)
        except (BadXmlError, BadValueError):
            raise malformed_xml() from None
        if payload is None:
            params.update(value)
        else:
            params[payload] = value

    return step
