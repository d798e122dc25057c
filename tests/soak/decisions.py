"""The engine against the naive spec for as long as it is told: `python -m tests.soak.decisions --seconds N [--seed S]`.

A quarter of a millisecond a case: ten million are three quarters of an hour. A disagreement ends it, printed with the
seed that leads there.
"""

import argparse
import sys
import time
from itertools import islice
from random import SystemRandom

from tests.differential.policies import Generator
from tests.differential.test_spec_agrees_with_engine import disagreement

TURN = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.decisions")
    parser.add_argument("--seconds", type=float, required=True, help="how long to go on")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"decisions: seed {options.seed}", flush=True)  # noqa: T201  # a command
    end, tried, seed = time.monotonic() + options.seconds, 0, options.seed
    while time.monotonic() < end:
        for case in islice(Generator(seed).cases(), TURN):
            tried += 1
            found = disagreement(case)
            if found is not None:
                sys.exit(f"decisions: seed {seed}, {found}")
        seed += 1
    print(f"decisions: {tried:,} cases, engine and spec agree")  # noqa: T201  # a command


if __name__ == "__main__":
    main()
