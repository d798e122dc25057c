"""The query protocol's input: a flat form whose lists and maps have a level of their own."""

from collections.abc import Callable
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of
from iamd.wire.models import Model, Shape
from iamd.wire.parse.form_values import Dialect, FormReaders
from iamd.wire.values import BadValueError


def malformed(message: str) -> AwsError:
    return AwsError("MalformedInput", message)


def _member_name(name: str, member: Shape) -> str:
    if member.type == "list" and member.flattened and member.element.location_name:
        return member.element.location_name
    return member.location_name or name


def _item_name(shape: Shape) -> str:
    return "" if shape.flattened else shape.element.location_name or "member"


def _bad_value(_name: str, _text: str, bad: BadValueError) -> AwsError:
    return malformed(str(bad))


_DIALECT: Final = Dialect(_member_name, _item_name, malformed, _bad_value, None)


def compile_query_parser(model: Model, operation: str) -> Callable[[HttpRequest], dict[str, Any]]:
    shape = model.input_of(operation)
    return _parse_nothing if shape is None else FormReaders(_DIALECT).parser(shape, frozenset())


def _parse_nothing(request: HttpRequest) -> dict[str, Any]:
    form_of(request)
    return {}
