"""A server ends well only when it was told to."""

import asyncio
from typing import Any

import pytest

from iamd.bootstrap.doors import DoorClosed, until_stopped


def test_a_door_that_closes_by_itself_is_no_clean_end() -> None:
    async def story() -> None:
        closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        closed.set_result(None)
        await until_stopped(asyncio.Event(), [closed])

    with pytest.raises(DoorClosed):
        asyncio.run(story())


def test_being_told_is_a_clean_end() -> None:
    async def story() -> Any:
        stopping = asyncio.Event()
        stopping.set()
        return await until_stopped(stopping, [asyncio.get_running_loop().create_future()])

    assert asyncio.run(story()) is None
