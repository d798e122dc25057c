"""What a change has made different is read behind its answer, once for all who wrote together."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from iamd.authz.facts import Facts
from iamd.kernel.ahead import Ahead
from iamd.stores.ports.store import StoreUnavailable


class Changing:
    was_read = True

    def __init__(self, happened: list[str], *, fails: bool = False) -> None:
        self._happened = happened
        self._fails = fails

    def changes(self) -> tuple[str, ...]:
        self._happened.append("read")
        if self._fails:
            raise StoreUnavailable("gone")
        return ()

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        yield None


def run(ahead: Callable[[list[str]], Ahead], turns: int = 6) -> list[str]:
    happened: list[str] = []

    async def answered(one: Ahead) -> None:
        one.soon()
        one.soon()
        asyncio.get_running_loop().call_soon(happened.append, "answer sent")

    async def main() -> None:
        await asyncio.create_task(answered(ahead(happened)))
        for _ in range(turns):
            await asyncio.sleep(0)

    asyncio.run(main())
    return happened


def made(happened: list[str], *, reads_wait: bool = False, fails: bool = False) -> Ahead:
    store: Any = SimpleNamespace(reads_wait=reads_wait)
    return Ahead(Facts(Changing(happened, fails=fails)), store)


def test_it_is_read_once_and_behind_the_answer() -> None:
    assert run(made) == ["answer sent", "read"]


def test_a_store_that_is_read_over_a_network_keeps_up_by_itself() -> None:
    assert run(lambda happened: made(happened, reads_wait=True)) == ["answer sent"]


def test_what_cannot_be_read_is_told_to_whoever_asks_next() -> None:
    assert run(lambda happened: made(happened, fails=True)) == ["answer sent", "read"]


def test_the_next_change_is_read_too(caplog: pytest.LogCaptureFixture) -> None:
    happened: list[str] = []

    async def main() -> None:
        ahead = made(happened, fails=True)
        for _ in range(2):
            ahead.soon()
            for _ in range(6):
                await asyncio.sleep(0)

    asyncio.run(main())
    assert happened == ["read", "read"]
    assert not caplog.records
