"""SIGTERM and SIGINT ask a server to stop, at whatever moment they come."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Final

STOP: Final = frozenset({signal.SIGTERM, signal.SIGINT})


@contextlib.contextmanager
def held() -> Iterator[None]:
    """They wait meanwhile: a start that is begun is finished before it is undone, and an end is not cut short.

    Processes that are started meanwhile begin with them held, too.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    try:
        yield
    finally:
        # Those that came too late to be answered: what they ask for has happened.
        while signal.sigpending() & (STOP - before):
            signal.sigtimedwait(STOP, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_late() -> None:
    """For a process that has ended its work, inside `held`: one that comes now asks for what has happened."""
    for number in STOP:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def heard(stop: Callable[[], None]) -> Iterator[None]:
    """Inside `held`, on the running loop of the main thread: `stop` is called for one that has come or comes.

    Threads and processes that are started meanwhile take them as usual. So afterwards they are ignored for good: who
    asks the process again while it ends must not kill it, and a mask would hold for this thread alone.
    """
    loop = asyncio.get_running_loop()
    for number in STOP:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
    try:
        yield
    finally:
        for number in STOP:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP)


def listen_while_held(stop: Callable[[], None]) -> None:
    """The same from a thread, for a process that lives inside `held` so that all that it starts begins so."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while True:
            signal.sigwait(STOP)
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stop)

    threading.Thread(target=wait, name="iamd-signals", daemon=True).start()
