"""What is there at the start is not looked at again; rings that are made later still go."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from iamd.bootstrap.collector import relax_collector


class Ring:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_the_old_is_frozen_and_the_collector_goes_on() -> None:
    relax_collector()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000
    ring = weakref.ref(Ring())
    made = [Ring() for _ in range(gc.get_threshold()[0] * 2)]
    assert made
    assert ring() is None
