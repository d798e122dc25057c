"""iamd with a look at itself: `python -m bench.harness.sampling OUT serve …`. SIGUSR2 begins, and ends into OUT.

The kernel's timer of processor time interrupts; Python answers behind the call that was running, however long, in the
frame that made it. (A profiler that stops the process from outside finds it in system calls far too often.) What other
threads used meanwhile is counted as theirs.
"""

import json
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Final

from bench.harness.rooms import room_of
from iamd.cli.main import main as iamd

OTHERS: Final = "other threads: commits, checkpoints, large objects"
_INTERVAL: Final = 0.001


class Sampler:
    """Seconds of processor time by room."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._seconds: dict[str, float] = defaultdict(float)
        self._looking = False
        self._own = self._all = 0.0

    def toggle(self, _number: int, _frame: FrameType | None) -> None:
        self._looking = not self._looking
        if self._looking:
            self._seconds.clear()
            self._own, self._all = time.thread_time(), time.process_time()
        signal.setitimer(signal.ITIMER_PROF, *((_INTERVAL, _INTERVAL) if self._looking else (0, 0)))
        if not self._looking:
            draft = self._out.with_suffix(".part")
            draft.write_text(json.dumps(self._seconds))
            draft.replace(self._out)

    def look(self, _number: int, frame: FrameType | None) -> None:
        own, everything = time.thread_time(), time.process_time()
        mine = own - self._own
        self._seconds[room_of(frame)] += mine
        self._seconds[OTHERS] += max(0.0, everything - self._all - mine)
        self._own, self._all = time.thread_time(), time.process_time()


def main() -> None:
    sampler = Sampler(Path(sys.argv[1]))
    signal.signal(signal.SIGUSR2, sampler.toggle)
    signal.signal(signal.SIGPROF, sampler.look)
    # No call of the server's ends early for it. The function takes no names.
    signal.siginterrupt(signal.SIGPROF, False)  # noqa: FBT003  # as above
    sys.argv = ["iamd", *sys.argv[2:]]
    iamd()


if __name__ == "__main__":
    main()
