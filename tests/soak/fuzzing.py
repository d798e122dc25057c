"""Every parser on worsened bytes for as long as it is told: `python -m tests.soak.fuzzing --seconds N [--seed S]`.

The targets take turns. A crash is written to tests/fuzz/crashes, where `make test` tries it again for ever, and ends
that target; the command then fails.
"""

import argparse
import hashlib
import sys
import time
from random import SystemRandom

from tests.fuzz.target import Run, Target
from tests.fuzz.test_parsers import CRASHES, TARGETS

TURN = 500


def keep(target: Target, run: Run) -> None:
    """As a case, named after its target."""
    assert run.crash is not None
    CRASHES.mkdir(exist_ok=True)
    path = CRASHES / f"{target.name.replace(' ', '_')}.{hashlib.sha256(run.crash).hexdigest()[:12]}"
    path.write_bytes(run.crash)
    print(f"fuzzing: {target.name} crashed, the input is in {path}\n{run.why}", flush=True)  # noqa: T201  # a command


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.fuzzing")
    parser.add_argument("--seconds", type=float, required=True, help="how long to go on")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"fuzzing: seed {options.seed}", flush=True)  # noqa: T201  # a command
    end = time.monotonic() + options.seconds
    runs = [(target, Run.of(target, options.seed)) for target in TARGETS]
    going, crashed = list(runs), 0
    while going and time.monotonic() < end:
        for target, run in tuple(going):
            if not run.go(target, TURN):
                keep(target, run)
                going.remove((target, run))
                crashed += 1
    counts = ", ".join(f"{target.name} {run.tried:,}" for target, run in runs)
    total = sum(run.tried for _, run in runs)
    print(f"fuzzing: {total:,} inputs, {crashed} crashes ({counts})")  # noqa: T201  # a command
    sys.exit(1 if crashed else 0)


if __name__ == "__main__":
    main()
