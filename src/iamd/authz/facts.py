"""What decisions rest on, held in memory until the changelog says that it changed."""

from collections.abc import Callable, Hashable, Iterable
from contextlib import AbstractContextManager
from math import inf
from time import perf_counter
from typing import Any, Final, Protocol, TypeVar

from iamd.stores.ports.records import Topic
from iamd.stores.ports.state import State

T = TypeVar("T")
Note = Callable[[Topic], None]
Load = Callable[[State, Note], T]

_CAPACITY: Final = 100_000


class Changing(Protocol):
    """What facts need of a store: what has changed, and one commit to read from."""

    @property
    def was_read(self) -> bool: ...
    def changes(self) -> Iterable[Topic] | None: ...
    def snapshot(self) -> AbstractContextManager[State]: ...


class Facts:
    """Loaded facts by key, each dropped when a topic that it noted while loading changes.

    INVARIANT: `refresh` comes before the first `get` of a request, so a change that was acknowledged before the request
    began is always seen. A fact loaded while a change commits is dropped at the next refresh; one that another's
    refresh has found changed meanwhile is not kept. `turn` counts the refreshes that found anything changed.
    """

    def __init__(self, store: Changing, capacity: int = _CAPACITY) -> None:
        self._store = store
        self._capacity = capacity
        self._facts: dict[Hashable, Any] = {}
        self._topics: dict[Hashable, frozenset[Topic]] = {}
        self._keys_by_topic: dict[Topic, set[Hashable]] = {}
        self._after_gap: list[Callable[[], None]] = []
        self._changed_while_loading: dict[int, set[Topic]] = {}
        self._loads = 0
        self._refreshed_at = -inf
        self.turn = 0

    def after_gap(self, call: Callable[[], None]) -> None:
        """Call it whenever everything may have changed, before the request that found out goes on."""
        self._after_gap.append(call)

    def refresh(self, came: float = inf) -> None:
        """Forget what has changed since the last refresh, by this process or another.

        For a request that `came` (by `perf_counter`) before the last refresh began, that one will do.
        """
        if came < self._refreshed_at:
            return
        begun = perf_counter()
        changed = self._store.changes()
        if changed != ():
            self._forget(changed)
        self._refreshed_at = begun

    def is_turn(self, turn: int) -> bool:
        """Whether nothing has changed since that turn: where all that was asked for lay in memory, nobody can tell."""
        if self._store.was_read:
            self.refresh()
        return self.turn == turn

    def _forget(self, changed: Iterable[Topic] | None) -> None:
        self.turn += 1
        if changed is None:
            self._facts.clear()
            self._topics.clear()
            self._keys_by_topic.clear()
            # What is being loaded now is kept by nobody.
            self._changed_while_loading.clear()
            for call in self._after_gap:
                call()
            return
        for others in self._changed_while_loading.values():
            others.update(changed)
        for topic in changed:
            for key in tuple(self._keys_by_topic.get(topic, ())):
                self._drop(key)

    def get(self, key: Hashable, load: Load[T]) -> T:
        """The fact under `key`; `load` reads it from one snapshot of the state and notes every topic it rests on."""
        fact: T | None = self._facts.get(key)
        if fact is not None:
            return fact
        topics: set[Topic] = set()
        self._loads += 1
        number = self._loads
        self._changed_while_loading[number] = set()
        try:
            with self._store.snapshot() as state:
                fact = load(state, topics.add)
        finally:
            changed = self._changed_while_loading.pop(number, None)
        if fact is not None and changed is not None and changed.isdisjoint(topics):
            self._keep(key, fact, frozenset(topics))
        return fact

    def _keep(self, key: Hashable, fact: object, topics: frozenset[Topic]) -> None:
        if key in self._facts:
            # Somebody else has loaded it meanwhile.
            self._drop(key)
        if len(self._facts) >= self._capacity:
            self._drop(next(iter(self._facts)))
        self._facts[key] = fact
        self._topics[key] = topics
        for topic in topics:
            self._keys_by_topic.setdefault(topic, set()).add(key)

    def _drop(self, key: Hashable) -> None:
        del self._facts[key]
        for topic in self._topics.pop(key):
            keys = self._keys_by_topic[topic]
            keys.discard(key)
            if not keys:
                del self._keys_by_topic[topic]
