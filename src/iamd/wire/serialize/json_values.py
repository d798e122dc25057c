"""Values of the model's shapes as JSON holds them."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from iamd.wire import values
from iamd.wire.models import Shape

ValueWriter = Callable[[Any], Any]
"""Makes what JSON can hold of a value that is not None."""


def _float(number: float) -> float | str:
    return float(number) if math.isfinite(number) else values.write_float(number)


def _epoch(moment: datetime) -> int | float:
    """Seconds, with milliseconds where there are any."""
    seconds = round(moment.timestamp(), 3)
    return int(seconds) if seconds.is_integer() else seconds


def _iso8601(moment: datetime) -> str:
    return values.write_iso8601_millis(moment) if moment.microsecond >= 1000 else values.write_iso8601(moment)


_DATES: Final[Mapping[str, ValueWriter]] = MappingProxyType(
    {"unixTimestamp": _epoch, "iso8601": _iso8601, "rfc822": values.write_http_date}
)
_SCALARS: Final[Mapping[str, ValueWriter]] = MappingProxyType(
    {"float": _float, "double": _float, "blob": values.write_blob}
)


class JsonWriters:
    """Makes writers; a structure has one, however often and however deep it is used."""

    def __init__(self) -> None:
        self._structures: dict[str, ValueWriter] = {}

    def writer(self, shape: Shape) -> ValueWriter | None:
        """None for what JSON holds as it is."""
        if shape.traits.get("document"):
            return None
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
                return _SCALARS.get(kind)

    def members(self, members: Mapping[str, Shape]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """A writer of the members given; absent and None are skipped."""
        table = [(name, member.location_name or name, self.writer(member)) for name, member in members.items()]

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            out: dict[str, Any] = {}
            for name, wire, inner in table:
                item = value.get(name)
                if item is not None:
                    out[wire] = item if inner is None else inner(item)
            return out

        return write

    def _structure(self, shape: Shape) -> ValueWriter:
        known = self._structures.get(shape.name)
        if known is not None:
            return known
        write_members: ValueWriter | None = None

        def write(value: Any) -> Any:
            nonlocal write_members
            if write_members is None:
                # Not before it is wanted: a structure may hold itself.
                write_members = self.members(shape.members)
            return write_members(value)

        self._structures[shape.name] = write
        return write

    def _list(self, shape: Shape) -> ValueWriter | None:
        inner = self.writer(shape.element)
        return None if inner is None else lambda value: [inner(item) for item in value]

    def _map(self, shape: Shape) -> ValueWriter | None:
        inner = self.writer(shape.value)
        return None if inner is None else lambda value: {key: inner(item) for key, item in value.items()}
