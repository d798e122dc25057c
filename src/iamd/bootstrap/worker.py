"""One of several workers, as a process of its own: `python -m iamd.bootstrap.worker`, started by a Supervisor.

On standard input comes its duty, one line, and then questions (`metrics.workers`); that it ends means that the
supervisor has died. On standard output the worker says one line when it listens, and then the answers.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial

from iamd.bootstrap.doors import GRACE_SECONDS, Doors
from iamd.bootstrap.duty import load
from iamd.bootstrap.logs import configure
from iamd.bootstrap.metrics.workers import Answering
from iamd.bootstrap.opening import open_for
from iamd.bootstrap.serving import serve_doors
from iamd.bootstrap.signals import held, ignore_late

READY = b"ready\n"
_ABANDONED = 3


def main() -> None:
    with held():
        line = sys.stdin.buffer.readline()
        if not line.endswith(b"\n"):
            # The supervisor died before it had said what to do.
            sys.exit(_ABANDONED)
        duty = load(line)
        configure(duty.settings.log_format)
        answers = os.dup(sys.stdout.fileno())
        # What this process starts is no worker.
        os.set_inheritable(duty.lock_file, False)  # noqa: FBT003  # by position only
        parts = open_for(duty.settings, duty.state_dir)
        try:
            serve_doors(duty, parts, _say_ready, partial(_with_supervisor, answers))
        finally:
            parts.store.close()
            ignore_late()


def _say_ready() -> None:
    os.write(sys.stdout.fileno(), READY)
    # What a library prints is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


@contextlib.contextmanager
def _with_supervisor(answers: int, doors: Doors) -> Iterator[None]:
    """Answers it. INVARIANT: no worker outlives its supervisor by more than the grace, even if its loop hangs."""
    loop = asyncio.get_running_loop()
    answering = Answering(answers, doors.measures)

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            answering.answer(loop)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(doors.stop)
        time.sleep(GRACE_SECONDS + 2)
        os._exit(_ABANDONED)

    threading.Thread(target=watch, name="iamd-supervisor", daemon=True).start()
    yield


if __name__ == "__main__":
    main()
