"""Events newest first, however they lie in time."""

import random

import pytest

from iamd.audit.backwards import newest_first
from iamd.stores.memory import MemoryStore
from tests.unit.audit.made import event


@pytest.mark.parametrize("spread", [1, 50, 10_000, 40_000_000])
def test_they_come_whole_and_in_order_from_any_place(spread: int) -> None:
    rng = random.Random(spread)  # noqa: S311  # no secret
    store = MemoryStore()
    made = [event(at=1_000_000 + rng.randrange(spread), id=f"{number:04}") for number in range(1200)]
    store.write_now(lambda transaction: transaction.record_many(made))
    expected = sorted(((each.at, each.id) for each in made), reverse=True)
    for start, since in ((0, 0), (400, 0), (1199, 0), (0, 900)):
        before = (expected[start][0], expected[start][1] + "~")
        oldest = expected[since][0]
        found = [(each.at, each.id) for each in newest_first(store.state, before, oldest)]
        assert found == [place for place in expected[start:] if place[0] >= oldest]
