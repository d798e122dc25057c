"""Thousands of resets in one run without growth: `python -m tests.soak.resets --seconds N`.

With two workers. It prints what it costs now and then, and fails if that grows.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.resetting import grown, resetting

WARM = 300
"""Resets until every cache of a process that fills itself has done so."""
MEMORY_MIB = 24.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.resets")
    parser.add_argument("--seconds", type=float, required=True, help="how long to go on")
    parser.add_argument("--resets", type=int, default=sys.maxsize, help="how many resets are enough")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    with (
        tempfile.TemporaryDirectory(prefix="iamd-resets-") as directory,
        resetting(Path(directory), "--workers", "2") as server,
    ):
        before = None
        while server.resets < options.resets and (before is None or time.monotonic() < end):
            server.turn()
            if server.resets == WARM:
                before = server.cost()
            if server.resets % 1000 == 0:
                print(f"resets: {server.resets:,}: {server.cost()}", flush=True)  # noqa: T201  # a command
        assert before is not None
        after = server.cost()
        found = grown(before, after, MEMORY_MIB)
        print(f"resets: {server.resets:,}: {before} became {after}")  # noqa: T201  # a command
    if found:
        sys.exit(f"resets: grown: {'; '.join(found)}")


if __name__ == "__main__":
    main()
