"""Where the processor time of a request goes, by room of the house: `python -m bench.where`; `--write`: into docs/.

Each row of the table runs twice on a server of its own: as it is, for what a request costs, and with the server looking
at itself (`harness/sampling.py`), for the shares.
"""

import argparse
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.harness.main import Bench
from bench.harness.report import machine, write_between_markers
from bench.harness.rooms import ELSE, ROOMS
from bench.harness.rows import ROWS, THOUSAND, Row
from bench.harness.sampling import OTHERS
from bench.harness.servers import KINDS, ROOT, Kind, running

PAGE: Final = ROOT / "docs" / "performance.md"
_FRESH_A_SECOND: Final = 9_000
_PATIENCE: Final = 10.0
_ROWS: Final = (
    "GetCallerIdentity",
    "GetUser",
    "AssumeRole",
    "GetObject 1 KiB",
    "PutObject 1 KiB",
    THOUSAND,
    "CreateUser, 1 client",
    "CreateUser, 64 clients",
)
_LINES: Final = (*ROOMS, ELSE, OTHERS)


def microseconds(row: Row, seconds: float) -> dict[str, float]:
    """Of processor time a request, by room."""
    kind = next(kind for kind in KINDS if kind.name == "iamd")
    alone = replace(row, on=(kind.name,), fresh=int(seconds * _FRESH_A_SECOND) if row.fresh else 0)
    with TemporaryDirectory(prefix="bench-where-") as folder, running(_looking(kind, Path(folder) / "seen")) as server:
        bench = Bench([server], seconds)
        cost = bench.measure_once(alone, server, 0).cpu_us
        os.kill(server.pid, signal.SIGUSR2)
        bench.measure_once(alone, server, 1)
        os.kill(server.pid, signal.SIGUSR2)
        seen = _read(Path(folder) / "seen")
    return {name: cost * seen.get(name, 0.0) / sum(seen.values()) for name in _LINES}


def _looking(kind: Kind, seen: Path) -> Kind:
    def command(port: int, scratch: Path) -> list[str]:
        return [sys.executable, "-m", "bench.harness.sampling", str(seen), *kind.command(port, scratch)[1:]]

    return replace(kind, command=command, environment={**kind.environment, "PYTHONPATH": str(ROOT)})


def _read(path: Path) -> dict[str, float]:
    end = time.monotonic() + _PATIENCE
    while not path.exists():
        if time.monotonic() > end:
            raise SystemExit("the server has not said what it saw")
        time.sleep(0.05)
    seen: dict[str, float] = json.loads(path.read_text())
    return seen


def table(seconds: float) -> list[str]:
    rows = [row for row in ROWS if row.name in _ROWS]
    spent = [microseconds(row, seconds) for row in rows]
    lines = [f"| µs of processor a request | {' | '.join(row.name for row in rows)} |", f"|---{'|---' * len(rows)}|"]
    lines += [f"| {name} | {' | '.join(f'{of_row[name]:,.0f}' for of_row in spent)} |" for name in _LINES]
    together = " | ".join(f"**{sum(of_row.values()):,.0f}**" for of_row in spent)
    return [*lines, f"| **together** | {together} |"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.where", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each row runs, twice")
    parser.add_argument("--write", action="store_true", help="into docs/")
    options = parser.parse_args()
    lines = [machine(), "", *table(options.seconds)]
    print("\n".join(lines))
    if options.write:
        write_between_markers(PAGE, "\n".join(lines), "where")


if __name__ == "__main__":
    main()
