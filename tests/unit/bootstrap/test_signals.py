"""Signals that ask for the end: never lost, never too early."""

import asyncio
import signal

from iamd.bootstrap.signals import STOP, heard, held


def test_one_that_came_before_is_heard() -> None:
    async def story() -> None:
        stopping = asyncio.Event()
        with heard(stopping.set):
            await asyncio.wait_for(stopping.wait(), 5)

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
