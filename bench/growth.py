"""What a call costs with 1,000, 10,000 and 100,000 users: `python -m bench.growth [--write]`.

A server of each size, asked in turn in many short rounds, so that a noisy moment hits all of them. Costs are the
server's processor time; how much dearer the largest is than the smallest is the median over the rounds. `--write` puts
the table and the picture into docs/.
"""

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from typing import Final

from bench.curves import Curve, drawn
from bench.harness.load import Job, Result, generate, generate_here
from bench.harness.process import run_seconds
from bench.harness.report import machine, write_between_markers
from bench.harness.rows import BODY, BUCKET, ROLE, TRUST
from bench.harness.servers import KINDS, ROOT, Running, call, check_enforcement, running
from bench.harness.signing import IAM, STS

SIZES: Final = (1_000, 10_000, 100_000)
GOAL: Final = 1.1
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "images" / "growth.svg"
_PORTION: Final = 20_000
_ASKED: Final = 200
_MADE_A_ROUND: Final = 40
_LISTED: Final = 1_000
_PATIENCE: Final = 60.0


@dataclass
class Grown:
    """A server that holds `size` users and some more, its account, and the numbers of users yet to be made."""

    server: Running
    size: int
    account: str
    marker: str | None
    fresh: Iterator[int] = field(default_factory=count)

    def asked(self) -> list[str]:
        """Users from everywhere among all."""
        step = self.size // _ASKED
        return [_name(number * step) for number in range(_ASKED)]


@dataclass(frozen=True)
class Call:
    name: str
    requests: Callable[[Grown], list[bytes]]
    once: bool = False


def _name(number: int) -> str:
    return f"grown-{number:06}"


def _identity(grown: Grown) -> list[bytes]:
    return [grown.server.signer.query("sts", "GetCallerIdentity", STS)]


def _get_users(grown: Grown) -> list[bytes]:
    return [grown.server.signer.query("iam", "GetUser", IAM, UserName=name) for name in grown.asked()]


def _assume_role(grown: Grown) -> list[bytes]:
    role = f"arn:aws:iam::{grown.account}:role/{ROLE}"
    sign = grown.server.signer.query
    return [sign("sts", "AssumeRole", STS, RoleArn=role, RoleSessionName=f"session-{n}") for n in range(50)]


def _create_users(grown: Grown) -> list[bytes]:
    names = (f"made-{next(grown.fresh):06}" for _ in range(_MADE_A_ROUND))
    return [grown.server.signer.query("iam", "CreateUser", IAM, UserName=name) for name in names]


def _get_object(grown: Grown) -> list[bytes]:
    return [grown.server.signer.s3("GET", f"/{BUCKET}/object")]


def _list_users(grown: Grown) -> list[bytes]:
    return [_page(grown.server, grown.marker)]


CALLS: Final = (
    Call("GetCallerIdentity", _identity),
    Call("GetUser, of 200 users", _get_users),
    Call("AssumeRole", _assume_role),
    Call("GetObject 1 KiB", _get_object),
    Call("CreateUser", _create_users, once=True),
    Call("ListUsers, the last page of 1,000", _list_users),
)


def grown(server: Running, size: int) -> Grown:
    """Fill a server, by concurrent calls."""
    check_enforcement(server)
    signer = server.signer
    for start in range(0, size, _PORTION):
        # In portions whose signatures are still young when they are sent.
        numbers = range(start, min(size, start + _PORTION))
        requests = [signer.query("iam", "CreateUser", IAM, UserName=_name(number)) for number in numbers]
        _whole(generate(Job(server.address, requests, 64, 300.0, cycle=False)), len(requests))
    account = _element(call(server.address, signer.query("sts", "GetCallerIdentity", STS)), "Account")
    role = {"RoleName": ROLE, "AssumeRolePolicyDocument": TRUST % account}
    call(server.address, signer.query("iam", "CreateRole", IAM, **role))
    call(server.address, signer.s3("PUT", f"/{BUCKET}"))
    call(server.address, signer.s3("PUT", f"/{BUCKET}/object", BODY))
    return Grown(server, size, account, _last_page(server, size))


def _last_page(server: Running, size: int) -> str | None:
    marker: str | None = None
    for _ in range(size // _LISTED - 1):
        marker = _element(call(server.address, _page(server, marker)), "Marker")
    return marker


def _page(server: Running, marker: str | None) -> bytes:
    more = {} if marker is None else {"Marker": marker}
    return server.signer.query("iam", "ListUsers", IAM, MaxItems=str(_LISTED), **more)


def _element(document: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]+)<", document)
    if found is None:
        raise SystemExit(f"no {name} in {document[:300]}")
    return found[1]


def _whole(result: Result, wanted: int) -> None:
    if result.failures or result.count < wanted:
        raise SystemExit(f"{result.count - result.failures} of {wanted} done; {result.first_failure[:300]}")


def cost(each: Grown, what: Call, seconds: float) -> float:
    """Microseconds of processor time of one call."""
    requests = what.requests(each)
    before = run_seconds(each.server.pid)
    # One client: how many ride on one commit would depend on the moment.
    limit = _PATIENCE if what.once else seconds
    result = generate_here(Job(each.server.address, requests, 1, limit, cycle=not what.once))
    used = run_seconds(each.server.pid) - before
    _whole(result, len(requests) if what.once else 1)
    return used / result.count * 1e6


Costs = dict[str, list[list[float]]]
"""By call: a list for each round, with a cost for each size."""


def measure(servers: list[Grown], rounds: int, seconds: float) -> Costs:
    costs: Costs = {what.name: [] for what in CALLS}
    for number in range(rounds):
        # Another one begins in each round, and the others come behind it from either side.
        turn = number % len(servers)
        order = [*servers[turn:], *servers[:turn]][:: -1 if number % 2 else 1]
        for what in CALLS:
            row = {each.size: cost(each, what, seconds) for each in order}
            costs[what.name].append([row[each.size] for each in servers])
    return costs


def growth(rows: list[list[float]]) -> float:
    return median(row[-1] / row[0] for row in rows)


def table(costs: Costs) -> list[str]:
    sizes = " | ".join(f"{size:,} users" for size in SIZES)
    lines = [f"| server CPU, µs a call | {sizes} | grown by the last |", f"|---|{'---|' * (len(SIZES) + 1)}"]
    for name, rows in costs.items():
        cells = " | ".join(f"{median(cost):,.0f}" for cost in zip(*rows, strict=True))
        times = growth(rows)
        lines.append(f"| {name} | {cells} | {times:.2f} x{'' if times <= GOAL else f' **over {GOAL}**'} |")
    return lines


def curves(costs: Costs) -> list[Curve]:
    """The dearest first, as the picture has them one below the other."""
    found = [
        Curve(name, [(size, median(cost)) for size, cost in zip(SIZES, zip(*rows, strict=True), strict=True)])
        for name, rows in costs.items()
    ]
    return sorted(found, key=lambda curve: -curve.points[-1][1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=0.12, help="how long each call is repeated in each round")
    parser.add_argument("--write", action="store_true", help="into docs/")
    options = parser.parse_args()
    kind = next(kind for kind in KINDS if kind.name == "iamd")
    with ExitStack() as stack:
        servers = [grown(stack.enter_context(running(kind)), size) for size in SIZES]
        costs = measure(servers, options.rounds, options.seconds)
    lines = [machine(), "", *table(costs)]
    print("\n".join(lines))
    if options.write:
        PICTURE.write_text(drawn(curves(costs), "users"))
        write_between_markers(PAGE, "\n".join(lines), "growth")


if __name__ == "__main__":
    main()
