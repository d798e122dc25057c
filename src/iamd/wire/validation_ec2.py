"""EC2 checks what the model demands in words of its own, and says the first thing that is wrong."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from iamd.model.errors import AwsError
from iamd.wire.models import Shape
from iamd.wire.parse.ec2 import ec2_name, invalid_value
from iamd.wire.scalars import COMPLEX
from iamd.wire.validation import lower_first, scalar_constraints

Check = Callable[[Any, str], None]
"""Takes a value and its name; raises AwsError."""


def compile_ec2_validator(shape: Shape | None) -> Callable[[dict[str, Any]], None]:
    if shape is None:
        return lambda _params: None
    check = _structure(shape)
    return lambda params: check(params, "")


def _structure(shape: Shape) -> Check:
    members = [(name, ec2_name(name, member), _check(member)) for name, member in shape.members.items()]
    required = [(name, ec2_name(name, shape.members[name])) for name in shape.required]

    def check(value: Mapping[str, Any], path: str) -> None:
        for name, wire in required:
            if value.get(name) is None:
                shown = path + lower_first(wire)
                raise AwsError("MissingParameter", f"The request must contain the parameter {shown}")
        for name, wire, inner in members:
            item = value.get(name)
            if inner is not None and item is not None:
                inner(item, path + lower_first(wire))

    return check


def _check(shape: Shape) -> Check | None:
    if shape.type == "structure":
        inner = _structure(shape)
        return lambda value, path: inner(value, f"{path}.")
    if shape.type == "list":
        return _list(_check(shape.element), shape.element.type in COMPLEX)
    constraints = list(_constraints(shape))
    if not constraints:
        return None

    def check(value: Any, path: str) -> None:
        for holds, words in constraints:
            if not holds(value):
                raise invalid_value(path, str(value), words)

    return check


def _list(inner: Check | None, nested: bool) -> Check | None:  # of two kinds of lists
    if inner is None:
        return None

    def check(value: list[Any], path: str) -> None:
        for number, item in enumerate(value, 1):
            inner(item, f"{path}.{number}" if nested else path)

    return check


def _constraints(shape: Shape) -> Iterator[tuple[Callable[[Any], bool], str]]:
    bounds = {"max": "less", "min": "greater"}
    for holds, words in scalar_constraints(shape):
        bound = next((name for name, word in bounds.items() if f"value {word} than" in words), None)
        yield holds, f" Expecting a value {bounds[bound]} than {shape.traits[bound]}." if bound else ""
