"""Every part of the soak, each for its share of the time: `python -m tests.soak.all --minutes N`.

Each part prints its seed and the count that it reached; the command fails if one of them does.
"""

import argparse
import subprocess
import sys
import time
from typing import Final

SHARES: Final = {
    "tests.soak.kills": 4,
    "tests.soak.fuzzing": 3,
    "tests.soak.connections": 1,
    "tests.soak.resets": 1,
    "tests.soak.decisions": 2,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.all")
    parser.add_argument("--minutes", type=float, default=60.0, help="for all parts together")
    options = parser.parse_args()
    whole, failed = options.minutes * 60, []
    for part, share in SHARES.items():
        began = time.monotonic()
        seconds = str(whole * share / sum(SHARES.values()))
        done = subprocess.run([sys.executable, "-m", part, "--seconds", seconds], check=False)
        print(f"soak: {part} took {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201  # a command
        if done.returncode:
            failed.append(part)
    sys.exit(f"soak: {', '.join(failed)} failed" if failed else 0)


if __name__ == "__main__":
    main()
