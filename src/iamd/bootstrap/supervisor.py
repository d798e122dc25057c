"""Several workers on the same ports: started, watched, replaced when one dies, stopped together."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from iamd.bootstrap.doors import GRACE_SECONDS
from iamd.bootstrap.duty import Duty, dump
from iamd.bootstrap.signals import listen_while_held
from iamd.bootstrap.worker import READY

_LOG: Final = logging.getLogger(__name__)
_STOP_SECONDS: Final = GRACE_SECONDS + 5
_DEATHS: Final = 5
_WITHIN_SECONDS: Final = 60.0
_BACK_OFF_SECONDS: Final = (0.0, 0.25, 0.5, 1.0, 2.0)


class WorkerFailed(Exception):  # noqa: N818  # names what happened
    """The server cannot go on with its workers; the text says why."""


class Supervisor:
    """Its process serves nobody and opens no store.

    A worker that dies is replaced: the store survives it, and others serve meanwhile. Where many die soon after one
    another something is wrong that a new one does not mend: the server ends, and whoever started it hears of it.
    """

    def __init__(self, duty: Duty, lock_file: int) -> None:
        """INVARIANT: workers inherit `lock_file`, so the directory is held while one of them lives."""
        self._duty = duty
        self._lock_file = lock_file
        self._stopping = asyncio.Event()
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._announced = False

    async def run(self, ready: Callable[[], None]) -> None:
        """Until SIGTERM or SIGINT; `ready` is called once every worker listens. Inside `signals.held`.

        Raises WorkerFailed once all have ended.
        """
        listen_while_held(self._stopping.set)
        listening = [asyncio.Event() for _ in range(self._duty.settings.workers)]
        tending = [asyncio.ensure_future(self._tend(number, event)) for number, event in enumerate(listening)]
        announcing = asyncio.ensure_future(self._announce(listening, ready))
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((stopped, *tending), return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        announcing.cancel()
        ended = await asyncio.gather(*tending, return_exceptions=True)
        for failure in ended:
            if failure is not None:
                raise failure

    async def _announce(self, listening: list[asyncio.Event], ready: Callable[[], None]) -> None:
        for event in listening:
            await event.wait()
        self._announced = True
        ready()

    async def _tend(self, number: int, listening: asyncio.Event) -> None:
        """One worker after another in the same place, until the server stops."""
        while not self._stopping.is_set():
            process = await self._start(number)
            waiting = asyncio.ensure_future(self._live(process, listening))
            stopped = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait((waiting, stopped), return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if self._stopping.is_set():
                await _stop(process, waiting)
                return
            await self._mourn(number, process)

    async def _start(self, number: int) -> asyncio.subprocess.Process:
        duty = replace(self._duty, keeps_house=number == 0)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "iamd.bootstrap.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(self._lock_file,),
        )
        assert process.stdin is not None  # noqa: S101  # asked for
        # It stays open: that it closes tells the worker of this process's death.
        process.stdin.write(dump(duty))
        return process

    async def _live(self, process: asyncio.subprocess.Process, listening: asyncio.Event) -> None:
        assert process.stdout is not None  # noqa: S101  # asked for
        if await process.stdout.readline() == READY:
            listening.set()
        await process.wait()

    async def _mourn(self, number: int, process: asyncio.subprocess.Process) -> None:
        how = f"worker {number} (process {process.pid}) ended by itself with status {process.returncode}"
        if not self._announced:
            raise WorkerFailed(f"{how} before it served")
        now = asyncio.get_running_loop().time()
        self._deaths.append(now)
        recent = sum(now - death < _WITHIN_SECONDS for death in self._deaths)
        if recent == _DEATHS:
            raise WorkerFailed(f"{how}, and {_DEATHS - 1} others did in the last minute")
        _LOG.error("%s; another takes its place", how)
        await asyncio.wait([asyncio.ensure_future(self._stopping.wait())], timeout=_BACK_OFF_SECONDS[recent - 1])


async def _stop(process: asyncio.subprocess.Process, ended: "asyncio.Future[None]") -> None:
    """Raises WorkerFailed if it did not end well."""
    if process.returncode is None:
        process.terminate()
    done, _ = await asyncio.wait((ended,), timeout=_STOP_SECONDS)
    if not done:
        process.kill()
        await ended
    if process.returncode:
        raise WorkerFailed(f"the worker that was process {process.pid} ended with status {process.returncode}")
