"""Plain functions that wait without holding up the event loop.

Operations and the engine are plain functions that read the store where they need it. On PostgreSQL a read waits for
another machine. So whoever serves runs inside a greenlet: where a read has to wait, the greenlet is left, the loop goes
on with others, and the greenlet is entered again with the answer. Everything stays in one thread.
"""

import contextvars
import sys
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


class Inside(greenlet):
    """A piece of work that may wait. `connections`: how many it has lent at the moment; `read_at`: when it read a row
    of the committed state last, by the clock of `follower`.
    """  # noqa: D205  one sentence

    connections = 0
    read_at = 0.0


@coroutine
def bridged(work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
    """Run `work` on the event loop so that what it calls, however deep, may `wait`."""
    inside = Inside(_drive)
    # It is the same task, with its context; never two at once.
    inside.gr_context = contextvars.copy_context()
    waiting = inside.switch(work)
    while not inside.dead:
        try:
            answer = yield waiting
        except BaseException:  # noqa: BLE001  # whatever it is, it is for whoever waits inside
            waiting = inside.throw(*sys.exc_info())
        else:
            waiting = inside.switch(answer)
    result: T = waiting
    return result


def is_bridged() -> bool:
    return isinstance(getcurrent(), Inside)


def current() -> Inside:
    inside = getcurrent()
    assert isinstance(inside, Inside)  # noqa: S101  # callers have asked `is_bridged`
    return inside


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Inside `bridged` alone: the result of `work`, for which others go on meanwhile."""
    result: T = _drive(work)
    return result


def _drive(work: Coroutine[Any, Any, Any]) -> Any:
    """Step through a coroutine; what it waits for is handed out to the event loop."""
    outside = current().parent
    assert outside is not None  # noqa: S101  # whoever entered it
    step, given = work.send, (None,)
    while True:
        try:
            awaited = step(*given)
        except StopIteration as end:
            return end.value
        try:
            answer = outside.switch(awaited)
        except BaseException as error:  # noqa: BLE001  # as above
            step, given = work.throw, (error,)  # type: ignore[assignment]
        else:
            step, given = work.send, (answer,)
