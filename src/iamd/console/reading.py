"""An operation's input from JSON, by its model: blobs are base64, times ISO 8601; unknown members are refused."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.kernel.paging import NAME_PREFIX
from iamd.model.errors import AwsError
from iamd.wire.models import Shape
from iamd.wire.service import OperationSpec
from iamd.wire.values import BadValueError, read_blob, read_iso8601

BY_NAME: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"iam": frozenset({"ListGroups", "ListRoles", "ListUsers"})}
)
"""Operations that take `NamePrefix` here, beside what their model has."""
_DEEPEST: Final = 24
_WHOLE: Final[Mapping[str, int]] = MappingProxyType({"byte": 8, "short": 16, "integer": 32, "long": 64})


def read_input(spec: OperationSpec, content: Any) -> dict[str, Any]:
    """The members as the wire's parsers give them. Raises SerializationException for a value of the wrong type."""
    if spec.input_shape is None:
        return {}
    narrowed: dict[str, Any] = {}
    if spec.name in BY_NAME.get(spec.service.name, ()) and isinstance(content, dict) and NAME_PREFIX in content:
        content = dict(content)
        narrowed[NAME_PREFIX] = _string(spec.input_shape, content.pop(NAME_PREFIX), f"input.{NAME_PREFIX}", 0)
    params: dict[str, Any] = _structure(spec.input_shape, content, "input", 0)
    return params | narrowed


def _read(shape: Shape, content: Any, path: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _wrong(path, "nested less deeply")
    if shape.type in _WHOLE:
        return _whole(_WHOLE[shape.type], content, path)
    return _READERS[shape.type](shape, content, path, depth)


def _structure(shape: Shape, content: Any, path: str, depth: int) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise _wrong(path, "an object")
    members = shape.members
    unknown = content.keys() - members.keys()
    if unknown:
        raise AwsError("SerializationException", f"{path} has no member {min(unknown)[:64]!r}.")
    return {
        name: _read(members[name], value, f"{path}.{name}", depth + 1)
        for name, value in content.items()
        if value is not None
    }


def _list(shape: Shape, content: Any, path: str, depth: int) -> list[Any]:
    if not isinstance(content, list):
        raise _wrong(path, "a list")
    return [_read(shape.element, item, f"{path}[{index}]", depth + 1) for index, item in enumerate(content)]


def _map(shape: Shape, content: Any, path: str, depth: int) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise _wrong(path, "an object")
    return {name: _read(shape.value, item, f"{path}.{name}", depth + 1) for name, item in content.items()}


def _string(_: Shape, content: Any, path: str, _depth: int) -> str:
    if not isinstance(content, str):
        raise _wrong(path, "a string")
    return content


def _boolean(_: Shape, content: Any, path: str, _depth: int) -> bool:
    if not isinstance(content, bool):
        raise _wrong(path, "true or false")
    return content


def _float(_: Shape, content: Any, path: str, _depth: int) -> float:
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise _wrong(path, "a number")
    return float(content)


def _blob(shape: Shape, content: Any, path: str, depth: int) -> bytes:
    try:
        return read_blob(_string(shape, content, path, depth))
    except BadValueError:
        raise _wrong(path, "base64") from None


def _timestamp(shape: Shape, content: Any, path: str, depth: int) -> Any:
    try:
        return read_iso8601(_string(shape, content, path, depth))
    except BadValueError:
        raise _wrong(path, "a time (ISO 8601)") from None


def _whole(bits: int, content: Any, path: str) -> int:
    if isinstance(content, bool) or not isinstance(content, int):
        raise _wrong(path, "a whole number")
    if not -(1 << bits - 1) <= content < 1 << bits - 1:
        raise _wrong(path, f"a whole number of {bits} bits")
    return content


_READERS: Final[Mapping[str, Callable[[Shape, Any, str, int], Any]]] = MappingProxyType(
    {
        "structure": _structure,
        "list": _list,
        "map": _map,
        "string": _string,
        "character": _string,
        "boolean": _boolean,
        "float": _float,
        "double": _float,
        "blob": _blob,
        "timestamp": _timestamp,
    }
)


def _wrong(path: str, wanted: str) -> AwsError:
    return AwsError("SerializationException", f"{path[:200]} must be {wanted}.")
