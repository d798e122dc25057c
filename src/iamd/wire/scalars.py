"""Which reader and writer a scalar shape takes, by its type and the place where it stands."""

from collections.abc import Callable
from typing import Any

from iamd.wire import values
from iamd.wire.models import Shape

Reader = Callable[[str], Any]
Writer = Callable[[Any], str]

COMPLEX = frozenset({"structure", "list", "map"})


def scalar_reader(shape: Shape, timestamp_format: str = "iso8601") -> Reader:
    """The reader of a scalar; `timestamp_format` is the place's default, which the shape may override."""
    match shape.type:
        case "string" | "character":
            return values.read_string
        case "integer" | "short" | "byte":
            return values.read_integer
        case "long":
            return values.read_long
        case "float" | "double":
            return values.read_float
        case "boolean":
            return values.read_boolean
        case "blob":
            return values.read_blob
        case "timestamp":
            wanted = shape.traits.get("timestampFormat", timestamp_format)
            return values.read_http_date if wanted == "rfc822" else values.read_iso8601
        case other:
            raise TypeError(f"{shape.name} is a {other}, no scalar")


def scalar_writer(shape: Shape, timestamp_format: str = "iso8601", *, millis: bool = False) -> Writer | None:
    """The writer of a scalar, None for text; `millis` asks for `.000` in ISO 8601 dates, as S3 prints them."""
    match shape.type:
        case "string" | "character":
            return None
        case "integer" | "short" | "byte" | "long":
            return values.write_whole
        case "float" | "double":
            return values.write_float
        case "boolean":
            return values.write_boolean
        case "blob":
            return values.write_blob
        case "timestamp":
            return _timestamp_writer(shape.traits.get("timestampFormat", timestamp_format), millis=millis)
        case other:
            raise TypeError(f"{shape.name} is a {other}, no scalar")


def _timestamp_writer(wanted: str, *, millis: bool) -> Writer:
    if wanted == "rfc822":
        return values.write_http_date
    if wanted == "unixTimestamp":
        return values.write_epoch
    return values.write_iso8601_millis if millis else values.write_iso8601
