"""Facts in memory never outlive what they rest on, whoever else runs while one of them is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import pytest

from iamd.authz.facts import Facts, Note
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.state import State
from iamd.stores.ports.store import StoreUnavailable


class Slow:
    """A store whose reads take their time: `meanwhile` happens after a snapshot is taken."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.told: list[tuple[str, ...] | None] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.was_read = True

    def changes(self) -> tuple[str, ...] | None:
        return self.told.pop(0) if self.told else ()

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        with self.store.snapshot() as state:
            self.meanwhile()
            yield state


def fact(*topics: str) -> Callable[[State, Note], object]:
    def load(_: State, note: Note) -> object:
        for topic in topics:
            note(topic)
        return object()

    return load


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.mark.parametrize(
    ("changed", "is_kept"),
    [((), True), (("other",), True), (("mine",), False), (("other", "mine"), False), (None, False)],
)
def test_what_changed_while_it_was_read_is_not_kept(slow: Slow, changed: Any, is_kept: bool) -> None:
    facts = Facts(slow)

    def meanwhile() -> None:
        slow.told.append(changed)
        facts.refresh()

    slow.meanwhile = meanwhile
    first = facts.get("key", fact("mine"))
    slow.meanwhile = lambda: None
    assert (facts.get("key", fact("mine")) is first) == is_kept


def test_what_was_not_found_is_looked_for_again(slow: Slow) -> None:
    """So that the insert of what nobody could know touches nothing (`Kind.unknown_when_new`)."""
    facts = Facts(slow)
    assert facts.get("key", lambda _state, _note: None) is None
    assert facts.get("key", fact("mine")) is not None


def test_the_turn_counts_refreshes_that_found_changes(slow: Slow) -> None:
    facts = Facts(slow)
    turns = []
    for changed in ((), ("a",), (), None, ("b", "c")):
        slow.told.append(changed)
        facts.refresh()
        turns.append(facts.turn)
    assert turns == [0, 1, 1, 2, 3]


def test_a_refresh_serves_those_who_came_before_it_and_nobody_else(slow: Slow) -> None:
    facts = Facts(slow)
    slow.told += [(), ("a",), ("b",)]
    facts.refresh(before := perf_counter())
    assert len(slow.told) == 2
    facts.refresh(before)
    assert facts.turn == 0
    facts.refresh(perf_counter())
    assert facts.turn == 1
    facts.refresh()
    assert facts.turn == 2


def test_where_nothing_was_read_nothing_is_asked_again(slow: Slow) -> None:
    facts = Facts(slow)
    slow.told += [("a",), ("b",)]
    assert not facts.is_turn(0)
    slow.was_read = False
    assert facts.is_turn(1)
    slow.was_read = True
    assert not facts.is_turn(1)
    assert facts.is_turn(2)


def test_a_refresh_that_failed_serves_nobody(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts(slow)
    came = perf_counter()

    def fail() -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(slow, "changes", fail)
        with pytest.raises(StoreUnavailable):
            facts.refresh(came)
    slow.told.append(("a",))
    facts.refresh(came)
    assert facts.turn == 1


def test_two_who_read_the_same_at_once_leave_one_fact_that_is_dropped_as_a_whole(slow: Slow) -> None:
    facts = Facts(slow)

    def meanwhile() -> None:
        slow.meanwhile = lambda: None
        facts.get("key", fact("a"))

    slow.meanwhile = meanwhile
    last = facts.get("key", fact("b"))
    assert facts.get("key", fact("b")) is last
    for topic in ("a", "b"):
        slow.told.append((topic,))
        facts.refresh()
    assert facts.get("key", fact("b")) is not last
