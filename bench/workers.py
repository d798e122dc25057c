"""One worker and two: requests a second, and what a reader waits while others write: `python -m bench.workers`.

`--write` puts the tables and the picture into docs/.

The readers and the writers of the second table reach the workers that its lines name: the one that writes shares the
database with the other, and nothing else.
"""

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

from bench.bars import Group, drawn
from bench.harness.load import Job, Result, generate
from bench.harness.report import machine, write_between_markers
from bench.harness.rows import user_names
from bench.harness.servers import KINDS, ROOT, Kind, Running, running
from bench.harness.signing import IAM, STS

READERS: Final = 4
WRITERS: Final = 16
WORKERS: Final = (1, 2)
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "images" / "workers.svg"
_IAMD: Final = next(kind for kind in KINDS if kind.name == "iamd")


def with_workers(count: int) -> Kind:
    command: Callable[[int, Path], list[str]] = _IAMD.command
    return replace(_IAMD, command=lambda port, scratch: [*command(port, scratch), "--workers", str(count)])


def reads(server: Running, seconds: float, connections: int, worker: int = 0) -> Result:
    request = server.signer.query("sts", "GetCallerIdentity", STS)
    return generate(Job(server.address, [request], connections, seconds, worker=worker))


def writes(server: Running, seconds: float, names: list[str], connections: int, worker: int = 0) -> Result:
    requests = [server.signer.query("iam", "CreateUser", IAM, UserName=name) for name in names]
    return generate(Job(server.address, requests, connections, seconds, cycle=False, worker=worker))


def workers_of(server: Running) -> list[int]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [int(child) for child in children]


def _many_reads(server: Running, seconds: float, _turn: int) -> Result:
    return reads(server, seconds, 16)


def _many_writes(server: Running, seconds: float, turn: int) -> Result:
    return writes(server, seconds, user_names(f"turn{turn}", 20_000), 64)


WORKS: Final = (("GetCallerIdentity, 16 clients", _many_reads), ("CreateUser, 64 clients", _many_writes))


def throughput(seconds: float, rounds: int) -> tuple[list[str], list[Group]]:
    """One worker and two asked in turn, so that a noisy moment hits both; the figures are medians."""
    lines = ["| requests a second · p99 ms | 1 worker | 2 workers | |", "|---|---|---|---|"]
    groups = []
    with ExitStack() as stack:
        servers = [stack.enter_context(running(with_workers(count))) for count in WORKERS]
        for name, work in WORKS:
            done = [[work(server, seconds, turn) for server in servers] for turn in range(rounds)]
            rates = [median(result.count / result.seconds for result in of_one) for of_one in zip(*done, strict=True)]
            slowest = [median(result.p99 * 1e3 for result in of_one) for of_one in zip(*done, strict=True)]
            cells = " | ".join(f"{rate:,.0f} · {p99:.2f}" for rate, p99 in zip(rates, slowest, strict=True))
            failed = _failures(*(result for row in done for result in row))
            lines.append(f"| {name} | {cells} | {rates[1] / rates[0]:.2f} x{failed} |")
            groups.append(Group(name, rates))
    return lines, groups


def beside_writes(seconds: float) -> list[str]:
    lines = [
        f"| {READERS} readers of one of two workers | reads a second | p50, ms | p99, ms | writes a second |",
        "|---|---|---|---|---|",
    ]
    with running(with_workers(2)) as server, ThreadPoolExecutor(1) as pool:
        one, other = workers_of(server)
        names = iter(user_names("beside", 60_000))
        lines.append(_row("nobody writes", reads(server, seconds, READERS, one), None))
        for title, worker in ((f"{WRITERS} write at the other", other), (f"{WRITERS} write at the same", one)):
            batch = list(islice(names, 20_000))
            writing = pool.submit(writes, server, 2 * seconds + 4, batch, WRITERS, worker)
            read = reads(server, seconds, READERS, one)
            lines.append(_row(title, read, writing.result()))
    return lines


def _row(title: str, read: Result, write: Result | None) -> str:
    written = "-" if write is None else f"{write.count / write.seconds:,.0f}"
    rate = f"{read.count / read.seconds:,.0f}"
    failed = _failures(read, *(() if write is None else (write,)))
    return f"| {title} | {rate} | {read.p50 * 1e3:.2f} | {read.p99 * 1e3:.2f} | {written}{failed} |"


def _failures(*results: Result) -> str:
    failed = [result.first_failure for result in results if result.failures]
    return f" FAILED: {failed}" if failed else ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.workers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each line runs")
    parser.add_argument("--rounds", type=int, default=3, help="of the first table")
    parser.add_argument("--write", action="store_true", help="into docs/")
    options = parser.parse_args()
    first, groups = throughput(options.seconds, options.rounds)
    lines = [machine(), "", *first, "", *beside_writes(options.seconds)]
    print("\n".join(lines))
    if options.write:
        PICTURE.write_text(drawn(groups, ["1 worker", "2 workers"]))
        shown = f"![Requests a second with one worker and with two](images/{PICTURE.name})"
        write_between_markers(PAGE, "\n".join([shown, "", *lines]), "workers")


if __name__ == "__main__":
    main()
