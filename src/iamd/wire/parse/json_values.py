"""JSON values read as the model's shapes, in the words of AWS's own reader (recorded answers of Kinesis)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from iamd.policy.jsontext import SpelledFloat
from iamd.wire import values
from iamd.wire.models import Shape
from iamd.wire.values import BadValueError

ValueReader = Callable[[Any], Any]
"""Takes what JSON holds, never null; raises BadValueError."""

_LIST: Final = "Start of list found where not expected"
_STRUCTURE: Final = "Start of structure or map found where not expected."
_JAVA: Final[Mapping[type, str]] = MappingProxyType(
    {
        str: "class java.lang.String",
        bool: "class java.lang.Boolean",
        int: "class com.amazon.coral.value.json.numbers.TruncatingBigNumber",
        SpelledFloat: "class com.amazon.coral.value.json.numbers.TruncatingBigNumber",
    }
)
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_BITS: Final[Mapping[str, int]] = MappingProxyType({"byte": 8, "short": 16, "integer": 32, "long": 64})


def _no(value: Any, wanted: str) -> BadValueError:
    if isinstance(value, list):
        return BadValueError(_LIST)
    if isinstance(value, dict):
        return BadValueError(_STRUCTURE)
    return BadValueError(f"{_JAVA[type(value)]} can not be converted to {wanted}")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _no(value, "an String")


def _whole(kind: str) -> ValueReader:
    wanted, limit = f"an {kind.title()}", 1 << _BITS[kind] - 1

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _no(value, wanted)
        try:
            number = int(value)  # a fraction is cut off, as AWS does
        except OverflowError:
            number = limit
        if not -limit <= number < limit:
            raise BadValueError(f"'{str(value)[:40]}' can not be converted to {wanted}")
        return number

    return read


def _float(value: Any) -> float:
    if isinstance(value, str) and value in _NOT_FINITE:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _no(value, "an Double")
    try:
        return float(value)
    except OverflowError:
        raise BadValueError(f"'{str(value)[:40]}' can not be converted to an Double") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        folded = value.upper()
        if folded in {"TRUE", "FALSE"}:
            return folded == "TRUE"
        raise BadValueError(f"'{folded[:100]}' can not be converted to an Boolean")
    raise _no(value, "an Boolean")


def _blob(value: Any) -> bytes:
    if not isinstance(value, str):
        raise _no(value, "a Blob")
    try:
        return values.read_blob(value)
    except BadValueError as bad:
        raise BadValueError(f"'{value[:100]}' can not be converted to a Blob: {bad}") from None


def _epoch(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _no(value, "milliseconds since epoch")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadValueError(f"'{str(value)[:40]}' can not be converted to milliseconds since epoch") from None


def _date(read: Callable[[str], datetime]) -> ValueReader:
    def read_date(value: Any) -> datetime:
        if not isinstance(value, str):
            raise _no(value, "a Timestamp")
        return read(value)

    return read_date


_DATES: Final[Mapping[str, ValueReader]] = MappingProxyType(
    {
        "unixTimestamp": _epoch,
        "iso8601": _date(values.read_iso8601),
        "rfc822": _date(values.read_http_date),
    }
)
_SCALARS: Final[Mapping[str, ValueReader]] = MappingProxyType(
    {
        "string": _string,
        "character": _string,
        "float": _float,
        "double": _float,
        "boolean": _boolean,
        "blob": _blob,
        **{kind: _whole(kind) for kind in _BITS},
    }
)


def _document(value: Any) -> Any:
    """Any JSON; numbers are plain ones."""
    if isinstance(value, dict):
        return {name: _document(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_document(item) for item in value]
    return float(value) if isinstance(value, SpelledFloat) else value


class JsonReaders:
    """Makes readers; a structure has one, however often and however deep it is used."""

    def __init__(self) -> None:
        self._structures: dict[str, ValueReader] = {}

    def reader(self, shape: Shape) -> ValueReader:
        if shape.traits.get("document"):
            return _document
        match shape.type:
            case "structure":
                return self._structure(shape)
            case "list":
                return self._list(shape)
            case "map":
                return self._map(shape)
            case "timestamp":
                return _DATES[shape.traits.get("timestampFormat", "unixTimestamp")]
            case kind:
                return _SCALARS[kind]

    def members(self, members: Mapping[str, Shape]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """A reader of the members given; null is absent, and what the model does not know is ignored, as AWS does."""
        table: dict[str, tuple[str, ValueReader]] = {}
        for name, member in members.items():
            table[member.location_name or name] = name, self.reader(member)

        def read(value: Mapping[str, Any]) -> dict[str, Any]:
            out: dict[str, Any] = {}
            for wire, item in value.items():
                entry = table.get(wire)
                if entry is not None and item is not None:
                    out[entry[0]] = entry[1](item)
            return out

        return read

    def _structure(self, shape: Shape) -> ValueReader:
        known = self._structures.get(shape.name)
        if known is not None:
            return known
        union = bool(shape.traits.get("union"))
        read_members: ValueReader | None = None

        def read(value: Any) -> dict[str, Any]:
            nonlocal read_members
            if not isinstance(value, dict):
                raise BadValueError(_LIST if isinstance(value, list) else "Expected null")
            if read_members is None:
                # Not before it is wanted: a structure may hold itself.
                read_members = self.members(shape.members)
            out = read_members(value)
            if union and len(out) != 1:
                raise BadValueError(f"Exactly one member of {shape.name} must be set")
            return out

        self._structures[shape.name] = read
        return read

    def _list(self, shape: Shape) -> ValueReader:
        read = self.reader(shape.element)

        def read_list(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise BadValueError(_STRUCTURE if isinstance(value, dict) else "Expected list or null")
            if None in value:
                raise BadValueError("A list must not hold null")
            return [read(item) for item in value]

        return read_list

    def _map(self, shape: Shape) -> ValueReader:
        read = self.reader(shape.value)

        def read_map(value: Any) -> dict[str, Any]:
            if not isinstance(value, dict):
                raise BadValueError(_LIST if isinstance(value, list) else "Expected map or null")
            return {key: read(item) for key, item in value.items() if item is not None}

        return read_map
