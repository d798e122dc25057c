"""What the workers of a server measured, asked for through the pipes by which their supervisor holds them.

A question is one byte on a worker's standard input, the answer one line of JSON on what was its standard output. No
listener is needed for it, so nobody else can ask.
"""

import asyncio
import concurrent.futures
import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from iamd.bootstrap.metrics.families import Snapshot, as_json, lasting, merge, of_json

LONGEST_ANSWER: Final = 16 << 20
_PATIENCE_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Known:
    process: asyncio.subprocess.Process
    asked: int = 0
    last: Snapshot = field(default_factory=dict)


class Workers:
    """INVARIANT: a counter never goes back: what a worker had counted at its last answer outlives it."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._gone: Snapshot = {}
        self._one = asyncio.Lock()

    def began(self, process: asyncio.subprocess.Process) -> None:
        """Once it has said that it listens."""
        self._known[process.pid] = _Known(process)

    def ended(self, process: asyncio.subprocess.Process) -> None:
        known = self._known.pop(process.pid, None)
        if known is not None:
            self._gone = merge((self._gone, lasting(known.last)))

    async def measures(self) -> Snapshot:
        """Of all; of one that does not answer in time, what it had counted before."""
        async with self._one:
            known = tuple(self._known.values())
            answers = await asyncio.gather(*(_ask(each) for each in known))
            # One that has ended meanwhile is among the gone.
            here = [answer for each, answer in zip(known, answers, strict=True) if each.process.pid in self._known]
            return merge((self._gone, *here))


async def _ask(known: _Known) -> Snapshot:
    stdin, stdout = known.process.stdin, known.process.stdout
    assert stdin is not None  # noqa: S101  # asked for at the start
    assert stdout is not None  # noqa: S101  # as above
    known.asked += 1
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            stdin.write(b"?")
            while line := await stdout.readline():
                answer = json.loads(line)
                if answer["number"] == known.asked:
                    known.last = of_json(answer["measures"])
                    return known.last
    except (TimeoutError, ConnectionError):
        pass
    return lasting(known.last)


class Answering:
    """The worker's side, in a thread of its own."""

    def __init__(self, output: int, measures: Callable[[], Snapshot]) -> None:
        self._output = output
        self._measures = measures
        self._number = 0

    def answer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Blocks until the loop has measured and the line is written; a loop that hangs gets no answer."""
        self._number += 1
        measured: concurrent.futures.Future[Mapping[str, object]] = concurrent.futures.Future()
        with contextlib.suppress(RuntimeError, TimeoutError, BrokenPipeError):
            loop.call_soon_threadsafe(lambda: measured.set_result(as_json(self._measures())))
            answer = {"number": self._number, "measures": measured.result(_PATIENCE_SECONDS)}
            with os.fdopen(os.dup(self._output), "wb") as output:
                output.write(json.dumps(answer).encode() + b"\n")
