"""The store in memory: the same answers as a database, for unit tests."""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from operator import attrgetter
from typing import Any, Generic, TypeVar

from iamd.stores.ports.events import Event
from iamd.stores.ports.records import AlreadyExists, Kind, Topic, Value
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import EpochEnded, Transaction

R = TypeVar("R")
T = TypeVar("T")
Table = dict[tuple[Value, ...], Any]
Tables = dict[str, Table]


class MemoryRecords(Generic[R]):
    """Records of one kind in whatever tables `tables` gives at the time."""

    def __init__(self, kind: Kind[R], tables: Callable[[], Tables]) -> None:
        self._kind = kind
        self._tables = tables

    def get(self, *key: Value) -> R | None:
        return self._table().get(key)

    def find(self, by: str, *values: Value) -> R | None:
        names = self._kind.unique[by]
        return next((record for record in self._table().values() if _values(record, names) == values), None)

    def page(
        self,
        by: str,
        *equal: Value,
        starts: str | bytes | None = None,
        after: Sequence[Value] | None = None,
        since: Sequence[Value] | None = None,
        limit: int | None = None,
    ) -> list[R]:
        if None in (after or ()) or None in (since or ()):
            raise ValueError("a page cannot start at an absent value")
        order = self._kind.order(by)
        found = []
        for record in self._table().values():
            values = _values(record, order)
            rest = values[len(equal) :]
            if (
                self._kind.is_in(by, record)
                and values[: len(equal)] == equal
                and (not starts or (rest[0] is not None and rest[0].startswith(starts)))  # type: ignore[union-attr, arg-type]  # a text or bytes column
                and (not after or _sortable(rest[: len(after)]) > _sortable(tuple(after)))
                and (not since or _sortable(rest[: len(since)]) >= _sortable(tuple(since)))
            ):
                found.append((_sortable(rest), record))
        found.sort(key=lambda pair: pair[0])
        return [self._as_in_pages(record) for _, record in found[:limit]]

    def count(self, by: str, *equal: Value) -> int:
        return len(self.page(by, *equal))

    def insert(self, record: R) -> None:
        raise TypeError(f"the committed state is read only: {record!r}")

    def replace(self, record: R) -> None:
        raise TypeError(f"the committed state is read only: {record!r}")

    def put(self, record: R) -> None:
        raise TypeError(f"the committed state is read only: {record!r}")

    def delete(self, *key: Value) -> R | None:
        raise TypeError(f"the committed state is read only: {key!r}")

    def _table(self) -> Table:
        return self._tables()[self._kind.name]

    def _as_in_pages(self, record: R) -> R:
        if not self._kind.unread_in_pages:
            return record
        read = self._kind.columns[: len(self._kind.columns) - len(self._kind.unread_in_pages)]
        return self._kind.record(
            *(getattr(record, column.name) for column in read), *(None for _ in self._kind.unread_in_pages)
        )


class WritableMemoryRecords(MemoryRecords[R]):
    def __init__(self, kind: Kind[R], transaction: "MemoryTransaction") -> None:
        super().__init__(kind, lambda: transaction.tables)
        self._transaction = transaction

    def insert(self, record: R) -> None:
        if self.get(*self._key(record)) is not None:
            raise AlreadyExists(f"{self._kind.name}: {self._key(record)}")
        self._store(record)
        if not self._kind.unknown_when_new:
            self._transaction.touch(self._kind.topics(record))

    def replace(self, record: R) -> None:
        old = self.get(*self._key(record))
        if old is None:
            raise KeyError(self._key(record))
        self._store(record)
        self._touch_both(old, record)

    def put(self, record: R) -> None:
        old = self.get(*self._key(record))
        self._store(record)
        self._touch_both(old, record)

    def delete(self, *key: Value) -> R | None:
        old: R | None = self._transaction.writable(self._kind.name).pop(key, None)
        if old is not None:
            self._transaction.touch(self._kind.topics(old))
        return old

    def _key(self, record: R) -> tuple[Value, ...]:
        return _values(record, self._kind.key)

    def _touch_both(self, old: R | None, new: R) -> None:
        if old is not None:
            self._transaction.touch(self._kind.topics(old))
        self._transaction.touch(self._kind.topics(new))

    def _store(self, record: R) -> None:
        key = self._key(record)
        for by, names in self._kind.unique.items():
            values = _values(record, names)
            other = None if None in values else self.find(by, *values)
            if other is not None and self._key(other) != key:
                raise AlreadyExists(f"{self._kind.name}: {key}")
        self._transaction.writable(self._kind.name)[key] = record


class MemoryTransaction:
    """Works on copies of what it changes; the store takes them over when it ends well."""

    def __init__(self, tables: Tables) -> None:
        self.tables = dict(tables)
        self.topics: dict[Topic, None] = {}
        self._copied: set[str] = set()
        self._state = State(**{kind.name: WritableMemoryRecords(kind, self) for kind in KINDS})

    @property
    def state(self) -> State:
        return self._state

    def record(self, event: Event) -> None:
        self._state.events.insert(event)

    def record_many(self, events: Iterable[Event]) -> None:
        for event in events:
            self._state.events.insert(event)

    def writable(self, name: str) -> Table:
        if name not in self._copied:
            self.tables[name] = dict(self.tables[name])
            self._copied.add(name)
        return self.tables[name]

    def touch(self, topics: Iterable[Topic]) -> None:
        topics = tuple(topics)
        if any("\n" in topic for topic in topics):
            raise ValueError(f"a topic cannot hold a line feed: {topics}")
        self.topics.update(dict.fromkeys(topics))


class MemoryStore:
    def __init__(self) -> None:
        self.calls = 0
        self._tables: Tables = {kind.name: {} for kind in KINDS}
        self._changed: dict[Topic, None] | None = {}
        self._reset_count = 0
        self._state = State(**{kind.name: MemoryRecords(kind, lambda: self._tables) for kind in KINDS})

    @property
    def state(self) -> State:
        return self._state

    @property
    def recent(self) -> State:
        return self._state

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        tables = self._tables
        yield State(**{kind.name: MemoryRecords(kind, lambda: tables) for kind in KINDS})

    @property
    def epoch(self) -> int:
        return self._reset_count

    def is_current(self, epoch: int) -> bool:
        return epoch == self._reset_count

    async def write(self, work: Callable[[Transaction], T], *, epoch: int | None = None, urgent: bool = False) -> T:
        """Memory has no disk that is full."""
        del urgent
        if epoch not in (None, self._reset_count):
            raise EpochEnded
        return self.write_now(work)

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        transaction = MemoryTransaction(self._tables)
        result = work(transaction)
        self._tables = transaction.tables
        if self._changed is not None:
            self._changed.update(transaction.topics)
        return result

    async def reset(self, work: Callable[[Transaction], T]) -> T:
        """Empty everything and run `work`; what follows the changes then sees a gap."""
        transaction = MemoryTransaction({kind.name: {} for kind in KINDS})
        result = work(transaction)
        self._tables = transaction.tables
        self._changed = None
        self._reset_count += 1
        return result

    reads_wait = False

    def attended(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """Memory is read at once."""
        return work

    def following(self) -> AbstractAsyncContextManager[None]:
        """Nobody changes anything unseen."""
        return nullcontext()

    @property
    def was_read(self) -> bool:
        """Nobody keeps account."""
        return True

    def changes(self) -> tuple[Topic, ...] | None:
        changed, self._changed = self._changed, {}
        return None if changed is None else tuple(changed)

    def behind(self) -> int:
        return len(self._changed or ())

    def close(self) -> None:
        """There is nothing to close."""


def _values(record: Any, names: Sequence[str]) -> tuple[Value, ...]:
    if len(names) == 1:
        return (getattr(record, names[0]),)
    values: tuple[Value, ...] = attrgetter(*names)(record)
    return values


def _sortable(values: Sequence[Value]) -> tuple[Any, ...]:
    """Absent values come first, as in SQLite."""
    return tuple((0,) if value is None else (1, value) for value in values)
