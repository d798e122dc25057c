"""Signals that ask for the end: never lost, never too early."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from iamd.bootstrap.signals import STOP, heard, held


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in STOP}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_one_that_came_before_is_heard_and_one_that_comes_after_is_ignored() -> None:
    async def story() -> None:
        stopping = asyncio.Event()
        with heard(stopping.set):
            await asyncio.wait_for(stopping.wait(), 5)
        os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN

    with held():
        signal.raise_signal(signal.SIGTERM)
        asyncio.run(story())


def test_one_that_comes_too_late_does_no_harm_and_all_is_as_before() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with held():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert signal.sigpending() >= STOP
    assert not signal.sigpending() & STOP
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
