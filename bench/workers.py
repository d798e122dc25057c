"""One worker and two: requests a second, and what a reader waits while others write. `python -m bench.workers`.

The readers and the writers of the second table reach the workers that its lines name: the one that writes shares the
database with the other, and nothing else.
"""

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from bench.harness.load import Job, Result, generate
from bench.harness.rows import user_names
from bench.harness.servers import KINDS, Kind, Running, running
from bench.harness.signing import IAM, STS

READERS: Final = 4
WRITERS: Final = 16
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


def throughput(seconds: float) -> None:
    print("| workers | GetCallerIdentity a second | p99, ms | CreateUser a second, 64 clients | p99, ms |")
    print("|---|---|---|---|---|")
    for count in (1, 2):
        with running(with_workers(count)) as server:
            read = reads(server, seconds, 16)
            write = writes(server, seconds, user_names(f"w{count}", 20_000), 64)
            cells = (f"{each.count / each.seconds:,.0f} | {each.p99 * 1e3:.2f}" for each in (read, write))
            print(f"| {count} | {' | '.join(cells)} |{_failures(read, write)}")


def beside_writes(seconds: float) -> None:
    print(f"\n| {READERS} readers of one of two workers | reads a second | p50, ms | p99, ms | writes a second |")
    print("|---|---|---|---|---|")
    with running(with_workers(2)) as server, ThreadPoolExecutor(1) as pool:
        one, other = workers_of(server)
        names = iter(user_names("beside", 60_000))
        _row("nobody writes", reads(server, seconds, READERS, one), None)
        for title, worker in ((f"{WRITERS} write at the other", other), (f"{WRITERS} write at the same", one)):
            batch = list(islice(names, 20_000))
            writing = pool.submit(writes, server, 2 * seconds + 4, batch, WRITERS, worker)
            read = reads(server, seconds, READERS, one)
            _row(title, read, writing.result())


def _row(title: str, read: Result, write: Result | None) -> None:
    written = "-" if write is None else f"{write.count / write.seconds:,.0f}"
    rate = f"{read.count / read.seconds:,.0f}"
    failed = _failures(read, *(() if write is None else (write,)))
    print(f"| {title} | {rate} | {read.p50 * 1e3:.2f} | {read.p99 * 1e3:.2f} | {written} |{failed}")


def _failures(*results: Result) -> str:
    failed = [result.first_failure for result in results if result.failures]
    return f" FAILED: {failed}" if failed else ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.workers")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each line runs")
    options = parser.parse_args()
    throughput(options.seconds)
    beside_writes(options.seconds)


if __name__ == "__main__":
    main()
