"""Several workers on the same ports: started, watched, replaced when one dies, stopped together."""

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from iamd.bootstrap.doors import GRACE_SECONDS, own_hosts, tls_of
from iamd.bootstrap.duty import Duty, dump
from iamd.bootstrap.metrics.door import MetricsDoor
from iamd.bootstrap.metrics.workers import LONGEST_ANSWER, Workers
from iamd.bootstrap.signals import listen_while_held
from iamd.bootstrap.worker import READY
from iamd.edge.listening import Door

_LOG: Final = logging.getLogger(__name__)
_STOP_SECONDS: Final = GRACE_SECONDS + 5
_WITHIN_SECONDS: Final = 60.0
_BACK_OFF_SECONDS: Final = (0.0, 0.25, 0.5, 1.0)


class WorkerFailed(Exception):  # noqa: N818  # names what happened
    """The server cannot go on with its workers; the text says why."""


class Supervisor:
    """Its process serves nobody but those who ask for metrics, and keeps no store open.

    A worker that dies is replaced: the store survives it, and others serve meanwhile. Where many die soon after one
    another something is wrong that a new one does not mend: the server ends, and whoever started it hears of it.
    """

    def __init__(self, duty: Duty, back_off: Sequence[float] = _BACK_OFF_SECONDS) -> None:
        """`back_off`: seconds before the first, second, … worker of a minute is replaced; one more ends the server."""
        self._duty = duty
        self._back_off = back_off
        self._stopping = asyncio.Event()
        self._deaths: deque[float] = deque(maxlen=len(back_off) + 1)
        self._listening: set[int] = set()
        self._announced = False
        self._workers = Workers()

    async def run(self, ready: Callable[[], None]) -> None:
        """Until SIGTERM or SIGINT; `ready` is called once every worker listens. Inside `signals.held`.

        Raises WorkerFailed, once all have ended.
        """
        listen_while_held(self._stopping.set)
        metrics = await self._open_metrics()
        tending = [asyncio.ensure_future(self._tend(number, ready)) for number in range(self._duty.settings.workers)]
        await asyncio.wait(tending, return_when=asyncio.FIRST_EXCEPTION)
        self._stopping.set()
        if metrics is not None:
            metrics.stop()
        for failure in await asyncio.gather(*tending, return_exceptions=True):
            if failure is not None:
                raise failure

    async def _open_metrics(self) -> Door | None:
        """One door for what all workers have counted, here: any of them could have died."""
        settings, port = self._duty.settings, self._duty.metrics_port
        if port is None:
            return None
        door = Door(MetricsDoor(own_hosts(settings), self._workers.measures), settings.host, port, tls_of(settings))
        await door.listens()
        return door

    async def _tend(self, number: int, ready: Callable[[], None]) -> None:
        """One worker after another in the same place, until the server stops."""
        while not self._stopping.is_set():
            process = await self.start(number)
            living = asyncio.ensure_future(self._live(number, process, ready))
            await self._wait(living)
            if process.returncode is None:
                await _stop(process)
            await living
            if not self._stopping.is_set():
                await self._mourn(number, process)
            elif process.returncode:
                raise WorkerFailed(f"{_name(number, process)} ended with status {process.returncode}")

    async def start(self, number: int) -> asyncio.subprocess.Process:
        """A new process, told what to do."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "iamd.bootstrap.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(self._duty.lock_file,),
            limit=LONGEST_ANSWER,
        )
        assert process.stdin is not None  # noqa: S101  # asked for
        # It stays open: that it closes tells the worker of this process's death.
        process.stdin.write(dump(replace(self._duty, keeps_house=number == 0, metrics_port=None)))
        return process

    async def _live(self, number: int, process: asyncio.subprocess.Process, ready: Callable[[], None]) -> None:
        assert process.stdout is not None  # noqa: S101  # asked for
        if await process.stdout.readline() == READY:
            self._listening.add(number)
            self._workers.began(process)
            if not self._announced and len(self._listening) == self._duty.settings.workers:
                self._announced = True
                ready()
        await process.wait()
        self._workers.ended(process)

    async def _mourn(self, number: int, process: asyncio.subprocess.Process) -> None:
        """Returns when another may be started."""
        how = f"{_name(number, process)} ended by itself with status {process.returncode}"
        if not self._announced:
            raise WorkerFailed(f"{how} before the server was ready")
        now = asyncio.get_running_loop().time()
        self._deaths.append(now)
        recent = sum(now - death < _WITHIN_SECONDS for death in self._deaths)
        if recent > len(self._back_off):
            raise WorkerFailed(f"{how}, as {recent - 1} others did in the last minute")
        _LOG.error("%s; another takes its place", how)
        await self._wait(asyncio.ensure_future(asyncio.sleep(self._back_off[recent - 1])))

    async def _wait(self, what: "asyncio.Future[None]") -> None:
        """Until it is done, or the server stops."""
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((what, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()


def _name(number: int, process: asyncio.subprocess.Process) -> str:
    return f"worker {number} (process {process.pid})"


async def _stop(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
