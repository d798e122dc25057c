"""What has to be removed now and then, by one process of those that share a store."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from iamd.audit.retention import prune
from iamd.console.sessions import forget_ended
from iamd.kernel.kernel import Kernel
from iamd.services.s3.retention import forget_completed
from iamd.stores.blobs.orphans import collect
from iamd.stores.ports.store import Store

_LOG: Final = logging.getLogger(__name__)
_MINUTE: Final = 60.0
Work = Callable[[], Coroutine[Any, Any, int]]


@dataclass(frozen=True, slots=True)
class Chore:
    """`what` it removes, as the log says it. Seconds: before the first time, and between two."""

    what: str
    work: Work
    first: float
    every: float


def chores(kernel: Kernel, events_max_size: int) -> tuple[Chore, ...]:
    store, clock = kernel.store, kernel.clock
    tasks = (
        Chore("old events", lambda: prune(store, clock(), events_max_size), 0, _MINUTE),
        Chore("answers of completed uploads", lambda: forget_completed(store, clock()), _MINUTE, 60 * _MINUTE),
        Chore("ended console sessions", lambda: forget_ended(store, clock()), _MINUTE, 60 * _MINUTE),
        Chore("orphaned blobs", lambda: collect(store, kernel.blobs, clock), _MINUTE, 60 * _MINUTE),
    )
    # Each is a task of its own, and reads in its own time.
    return tuple(replace(task, work=partial(_attended, store, task.work)) for task in tasks)


def _attended(store: Store, work: Work) -> Coroutine[Any, Any, int]:
    return store.attended(work())


async def keep_house(tasks: "tuple[Chore, ...]") -> None:
    """Does them for ever, each in its time; what fails is tried again the next time."""
    await asyncio.gather(*(_repeat(task) for task in tasks))


async def _repeat(task: Chore) -> None:
    await asyncio.sleep(task.first)
    while True:
        try:
            await task.work()
        except Exception:  # noqa: BLE001  # whatever it is, the other chores go on, and this one is tried again
            _LOG.exception("%s could not be removed", task.what)
        await asyncio.sleep(task.every)
