"""From a record's fields to columns and back: text, integers and bytes only; tags as JSON, booleans as 0 and 1."""

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson

from iamd.model.tags import Tags
from iamd.stores.ports.records import Kind

ColumnType = Literal["text", "integer", "flag", "bytes", "tags"]
Row = tuple[Any, ...]

_TYPES: dict[Any, ColumnType] = {str: "text", int: "integer", bool: "flag", bytes: "bytes", Tags: "tags"}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: ColumnType
    nullable: bool


def columns_of(kind: Kind[Any]) -> tuple[Column, ...]:
    """The columns of a kind's table; TypeError for a field of a type that has no column."""
    hints = get_type_hints(kind.record)
    return tuple(_column(kind, field.name, hints[field.name]) for field in kind.columns)


def _column(kind: Kind[Any], name: str, hint: Any) -> Column:
    nullable = get_origin(hint) in {Union, types.UnionType}
    if nullable:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if hint not in _TYPES:
        raise TypeError(f"{kind.name}.{name}: no column type for {hint}")
    return Column(name, _TYPES[hint], nullable)


def encoder(columns: Sequence[Column]) -> Callable[[Any], Row]:
    """A function from a record to its row in the order of `columns`."""
    names = [column.name for column in columns]
    pick = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)
    tagged = [index for index, column in enumerate(columns) if column.type == "tags"]
    if not tagged:
        return pick

    def encode(record: Any) -> Row:
        values = list(pick(record))
        for index in tagged:
            values[index] = _tags_to_text(values[index])
        return tuple(values)

    return encode


def decoder(record: type[Any], columns: Sequence[Column], unread: int = 0) -> Callable[[Row], Any]:
    """A function from a row to its record; the last `unread` fields, which the row lacks, become None."""
    pad = (None,) * unread
    read = columns[: len(columns) - unread]
    converted = [(index, _CONVERTERS[column.type]) for index, column in enumerate(read) if column.type in _CONVERTERS]
    if not converted:
        return (lambda row: record(*row, *pad)) if pad else (lambda row: record(*row))

    def decode(row: Row) -> Any:
        values = list(row)
        for index, convert in converted:
            values[index] = convert(values[index])
        return record(*values, *pad)

    return decode


def _tags_to_text(tags: Tags | None) -> str | None:
    if tags is None:
        return None
    return orjson.dumps(tags).decode() if tags else "[]"


def _text_to_tags(text: str | None) -> Tags | None:
    if text == "[]":
        return ()
    return None if text is None else tuple((name, value) for name, value in orjson.loads(text))


def _integer_to_flag(value: int | None) -> bool | None:
    return None if value is None else value == 1


_CONVERTERS: dict[str, Callable[[Any], Any]] = {"tags": _text_to_tags, "flag": _integer_to_flag}
