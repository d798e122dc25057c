"""Chores are done again and again, each by itself."""

import asyncio
import logging

import pytest

from iamd.bootstrap.housekeeping import Chore, keep_house
from iamd.stores.ports.store import StoreUnavailable


class Work:
    """Counts how often it is done; fails with what it is given, and ends the story the third time."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.times = 0
        self.done = asyncio.Event()

    async def __call__(self) -> int:
        self.times += 1
        if self.times == 3:
            self.done.set()
        if self.failure is not None:
            raise self.failure
        return 1


@pytest.mark.parametrize("failure", [StoreUnavailable("disk full"), OSError("gone"), KeyError("a mistake")])
def test_a_chore_that_fails_is_tried_again_and_hinders_no_other(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        failing, fine = Work(failure), Work()
        tasks = (Chore("old things", failing, 0, 0), Chore("other things", fine, 0, 0))
        house = asyncio.ensure_future(keep_house(tasks))
        await asyncio.wait_for(asyncio.gather(failing.done.wait(), fine.done.wait()), 10)
        house.cancel()
        with pytest.raises(asyncio.CancelledError):
            await house

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert "old things could not be removed" in caplog.text
    assert "other things" not in caplog.text
