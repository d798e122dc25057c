"""One run: every server up, row by row on each in turn and that again, so that a noisy moment is nobody's figure."""

import argparse
import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench.harness.load import Job, generate
from bench.harness.process import cpu_seconds, pss_mib
from bench.harness.report import Measured, as_json, failures, markdown, write_between_markers
from bench.harness.rows import BODY, BUCKET, LISTED, ROLE, ROWS, TRUST, Row, requests_of
from bench.harness.servers import KINDS, ROOT, Running, call, check_enforcement, install, running
from bench.harness.signing import IAM, STS

_PORTION: Final = 20_000
_TURNS: Final = 5
_PAGES: Final = ("README.md", "docs/performance.md")


class Bench:
    """The servers of one run and what each holds."""

    def __init__(self, servers: Sequence[Running], seconds: float) -> None:
        self._servers = servers
        self._seconds = seconds
        self._accounts = {server.name: _prepare(server) for server in servers}
        self._users = {server.name: 2 for server in servers}
        self._objects = {server.name: 0 for server in servers}

    def measure(self, row: Row) -> dict[str, Measured]:
        """Of each server its quickest turn, as a neighbour only takes; or one in which something failed."""
        servers = [server for server in self._servers if server.name in row.on]
        turns: dict[str, list[Measured]] = {server.name: [] for server in servers}
        for turn in range(_TURNS):
            for server in servers:
                turns[server.name].append(self.measure_once(row, server, turn))
        return {name: _best(measured) for name, measured in turns.items()}

    def measure_once(self, row: Row, server: Running, turn: int = 0) -> Measured:
        if server.has_users:
            self._fill(server, row.users)
        self._fill_bucket(server, row.objects)
        requests = requests_of(row, server.signer, self._accounts[server.name], turn)
        before = cpu_seconds(server.pid)
        job = Job(server.address, requests, row.connections, self._seconds, cycle=not row.fresh, status=row.status)
        result = generate(job)
        used = cpu_seconds(server.pid) - before
        if row.fresh:
            self._users[server.name] += result.count - result.failures
        return Measured(result, used / max(result.count, 1) * 1e6, pss_mib(server.pid))

    def _fill(self, server: Running, users: int) -> None:
        missing = range(self._users[server.name], users)
        if not missing:
            return
        names = (f"fill-{number:06}" for number in missing)
        requests = [server.signer.query("iam", "CreateUser", IAM, UserName=name) for name in names]
        result = generate(Job(server.address, requests, 8, 90.0, cycle=False))
        self._users[server.name] += result.count - result.failures
        if result.failures:
            print(f"{server.name}: {result.failures} of {result.count} users not made: {result.first_failure[:300]!r}")

    def _fill_bucket(self, server: Running, objects: int) -> None:
        """In portions whose signatures are still young when they are sent."""
        for start in range(self._objects[server.name], objects, _PORTION):
            numbers = range(start, min(objects, start + _PORTION))
            requests = [server.signer.s3("PUT", f"/{LISTED}/{number:09}", b"x") for number in numbers]
            result = generate(Job(server.address, requests, 64, 240.0, cycle=False))
            self._objects[server.name] += result.count - result.failures
            if result.failures or result.count < len(requests):
                raise SystemExit(f"{server.name}: {result.count - result.failures} of {len(requests)} objects made")


def _best(turns: Sequence[Measured]) -> Measured:
    worst = max(turns, key=lambda measured: measured.result.failures)
    if worst.result.failures:
        return worst
    return max(turns, key=lambda measured: measured.rate)


def _prepare(server: Running) -> str:
    """A role, buckets and an object; the account's number, empty for a server without users."""
    signer = server.signer
    for request in (signer.s3("PUT", f"/{BUCKET}"), signer.s3("PUT", f"/{LISTED}")):
        call(server.address, request)
    call(server.address, signer.s3("PUT", f"/{BUCKET}/object", BODY))
    if not server.has_users:
        return ""
    check_enforcement(server)
    identity = call(server.address, signer.query("sts", "GetCallerIdentity", STS))
    account = re.search(r"<Account>(\d{12})<", identity)
    if account is None:
        raise SystemExit(f"{server.name}: no account in {identity[:300]}")
    trust = TRUST % account[1]
    role = signer.query("iam", "CreateRole", IAM, RoleName=ROLE, AssumeRolePolicyDocument=trust)
    call(server.address, role)
    return account[1]


def main(arguments: Sequence[str] | None = None) -> int:
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    parser.add_argument("--only", action="append", metavar="ROW", help=f"rows whose name begins so, of: {names}")
    parser.add_argument("--skip", action="append", default=[], choices=[kind.name for kind in KINDS])
    parser.add_argument("--seconds", type=float, default=0.7, help="how long each turn of a row lasts")
    parser.add_argument("--json", type=Path, default=ROOT / ".bench/results.json")
    parser.add_argument("--write", action="store_true", help=f"put the table of a whole run into {', '.join(_PAGES)}")
    options = parser.parse_args(arguments)
    if options.write and (options.only or options.skip):
        parser.error("--write takes a whole run: neither --only nor --skip")
    wanted = tuple(map(str.lower, options.only or ()))
    rows = [
        row for row in ROWS if row.name.lower().startswith(wanted) or (not wanted and not row.slow) or options.write
    ]
    kinds = [kind for kind in KINDS if kind.name not in options.skip]
    for kind in kinds:
        install(kind)
    with ExitStack() as stack:
        servers = [stack.enter_context(running(kind)) for kind in kinds]
        bench = Bench(servers, options.seconds)
        table = {row.name: bench.measure(row) for row in rows}
    print(markdown(table, rows, servers))
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps(as_json(table, servers), indent=1))
    for line in failures(table):
        print(line)
    if options.write and not failures(table):
        for page in _PAGES:
            write_between_markers(ROOT / page, markdown(table, rows, servers))
    return 1 if failures(table) else 0
