"""Records of any kind, generated from its fields: with values that sort, compare and encode in surprising ways."""

import random
from typing import Any

from iamd.stores.ports.records import Kind
from iamd.stores.sql.columns import Column, columns_of

TEXTS = (
    "",
    "a",
    "a\0",
    "a\0b",
    "a/",
    "ab",
    "A",
    "%",
    "_",
    "é",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "😀",
    "😀a",
    "\U0010ffff",
    "\U0010ffffa",
)
BYTES = (b"", b"\0", b"a", b"a//b", b"a/", b"\xc3", b"\xfe", b"\xff", b"\xff\0", b"\xff\xff", "😀".encode())
INTEGERS = (-(2**63), -1, 0, 1, 2, 2**53 + 1, 2**63 - 1)
TAGS = ((), (("k", "v"),), (("😀", "\0"), ("a", "")), (("Key", '["x"]'),))
_VALUES: dict[str, tuple[Any, ...]] = {
    "text": TEXTS,
    "bytes": BYTES,
    "integer": INTEGERS,
    "flag": (False, True),
    "tags": TAGS,
}


def seeded(seed: int | str) -> random.Random:
    """Random values, the same in every run."""
    return random.Random(seed)  # noqa: S311  # no secret


def value(column: Column, rng: random.Random) -> Any:
    if column.nullable and rng.random() < 0.3:
        return None
    return rng.choice(_VALUES[column.type])


def sample(kind: Kind[Any], rng: random.Random, **fixed: Any) -> Any:
    """A random record; few values a field, so that records meet."""
    return kind.record(*(fixed.get(column.name, value(column, rng)) for column in columns_of(kind)))


def distinct(kind: Kind[Any], rng: random.Random, count: int) -> list[Any]:
    """Records of which no two share their key or unique columns."""
    taken: set[tuple[str, Any]] = set()
    records = []
    for _ in range(count * 5):
        record = sample(kind, rng)
        marks = {(by, values(record, names)) for by, names in {"": kind.key, **kind.unique}.items()}
        if not marks & taken:
            taken |= marks
            records.append(record)
        if len(records) == count:
            break
    return records


def values(record: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)
