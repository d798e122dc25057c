"""Context entries of a simulation. The messages are those that the simulator answers with."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.policy.conditions.binary import read_bytes
from iamd.policy.conditions.date import read_date
from iamd.policy.conditions.ip import read_range
from iamd.policy.conditions.numeric import read_number

_LIST: Final = "List"
_FORMATS: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "numeric": (read_number, "numeric format"),
    "date": (read_date, "DateTime format"),
    "ip": (read_range, "IP address"),
    "binary": (read_bytes, "base-64 encoded binary format"),
}


def invalid_input(message: str) -> AwsError:
    return AwsError("InvalidInput", message)


def context_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    """Keys in lower case; a type that ends in `List` makes a multivalued key. Raises InvalidInput."""
    context: dict[str, str | tuple[str, ...]] = {}
    for entry in entries:
        name, kind, values = entry.get("ContextKeyName"), entry.get("ContextKeyType"), entry.get("ContextKeyValues")
        if not name:
            raise invalid_input("ContextKeyName cannot be null or empty.")
        if name.lower() in context:
            raise invalid_input(f"Duplicate context key: {name}.")
        if kind is None:
            raise invalid_input(f"Context key {name} has invalid type null.")
        if not values:
            raise invalid_input(f"Context values for context key {name} cannot be null or empty.")
        if not kind.endswith(_LIST) and len(values) != 1:
            raise invalid_input(f"Context key {name} expected a single value, but received {len(values)}.")
        _check_format(name, kind.removesuffix(_LIST), values)
        context[name.lower()] = tuple(values) if kind.endswith(_LIST) else values[0]
    return context


def _check_format(name: str, kind: str, values: Iterable[str]) -> None:
    if kind not in _FORMATS:
        return
    read, expected = _FORMATS[kind]
    if any(read(each) is None for each in values):
        raise invalid_input(f"Invalid context value for key {name}: expected {expected}.")
