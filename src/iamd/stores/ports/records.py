"""One kind of state: a frozen record, its key, and the orders in which it can be found.

A port is a record and its `Kind`; every adapter derives its tables, statements and fakes from these, so adding a kind
of state is adding a record. The one contract suite (tests/stores/contract.py) runs over every kind and adapter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

R = TypeVar("R")
Value = str | int | bytes | None
Topic = str
"""What a cached fact rests on, for example `user:123456789012:AIDA…`; changed topics are named in the changelog."""


def no_topics(_: Any) -> tuple[Topic, ...]:
    """Of a kind on which no decision rests."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """How records of one class are kept.

    `name` is the table. `key` identifies a record. `unique` names further unique column tuples. `orders` names further
    sorted column tuples to page by (made unique by the key). The order "key" always exists. `leaves_out` gives a column
    and a value of it with which records are not in an order: most are found by another, and need no place in this one.
    `topics` names what a change of a record touches: kinds on which a decision may rest have some, others take no
    revision. `unread_in_pages` are columns (last ones) that pages leave None, because they are large. `wide` says that
    rows are mostly over 200 bytes, for adapters that lay such tables out differently. `tallied`: how many records share
    the first column of the key is kept, so that counting them costs one read however many they are.
    `unknown_when_new`: decisions know a record by an id that is drawn for it, so nothing can rest on it before it is
    there, and its insert touches nothing.
    """

    name: str
    record: type[R]
    key: tuple[str, ...]
    unique: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    leaves_out: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    topics: Callable[[R], tuple[Topic, ...]] = no_topics
    unread_in_pages: tuple[str, ...] = ()
    wide: bool = False
    tallied: bool = False
    unknown_when_new: bool = False

    @property
    def columns(self) -> tuple[Field[Any], ...]:
        return fields(self.record)  # type: ignore[arg-type]  # every record is a dataclass

    def order(self, by: str) -> tuple[str, ...]:
        """The full, unique column tuple of an order: the named columns, then what of the key they lack."""
        if by == "key":
            return self.key
        named = self.unique.get(by) or self.orders[by]
        return (*named, *(column for column in self.key if column not in named))

    def is_in(self, by: str, record: R) -> bool:
        """Whether an order holds a record."""
        left_out = self.leaves_out.get(by)
        return left_out is None or getattr(record, left_out[0]) != left_out[1]


class AlreadyExists(Exception):  # noqa: N818  # names the state found, as AWS's own codes do
    """An insert or a replace met a record with the same key or unique columns."""


class Records(Protocol[R]):
    """Access to the records of one kind, inside one read view or one transaction."""

    def get(self, *key: Value) -> R | None:
        """The record with this key."""

    def find(self, by: str, *values: Value) -> R | None:
        """The record with these values of a unique column tuple."""

    def insert(self, record: R) -> None:
        """Raises AlreadyExists."""

    def replace(self, record: R) -> None:
        """Store a new state under an existing key; KeyError if there is none, AlreadyExists on a unique conflict."""

    def put(self, record: R) -> None:
        """Insert, or replace what has the same key; AlreadyExists on a unique conflict with another record."""

    def delete(self, *key: Value) -> R | None:
        """Remove and return the record, None if there was none."""

    def page(
        self,
        by: str,
        *equal: Value,
        starts: str | bytes | None = None,
        after: Sequence[Value] | None = None,
        since: Sequence[Value] | None = None,
        limit: int | None = None,
    ) -> list[R]:
        """Records in the order `by` whose first columns equal `equal`.

        `starts`: the column after those begins with it. `after` / `since`: only records whose remaining columns of the
        order (a prefix of them is enough) are greater than / not less than these values. Text sorts by code point
        (UTF-8 bytes), bytes by value.
        """

    def count(self, by: str, *equal: Value) -> int:
        """How many records have these first columns in the order `by`."""
