"""`kill -9` under mixed load for as long as it is told: `python -m tests.soak.kills --seconds N [--seed S]`.

A round begins only while there is time for it. Prints the seed first and the count last; a loss ends in a traceback.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.faults.server.crashing import Crashing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills")
    parser.add_argument("--seconds", type=float, required=True, help="how long to go on")
    parser.add_argument("--kills", type=int, default=sys.maxsize, help="how many kills are enough")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"kills: seed {options.seed}", flush=True)  # noqa: T201  # a command
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory(prefix="iamd-kills-") as directory:
        crashing = Crashing(Path(directory), options.seed)
        while crashing.kills < options.kills and (not crashing.kills or time.monotonic() < end):
            crashing.round()
        crashing.conclude()
    print(f"kills: {crashing.kills} survived, {crashing.changes} acknowledged changes")  # noqa: T201  # a command


if __name__ == "__main__":
    main()
