"""The table and the JSON."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.harness.load import Result
from bench.harness.rows import Goal, Row
from bench.harness.servers import Running

_START_GOAL_S: Final = 1.2
_IDLE_GOAL_MIB: Final = 120.0


@dataclass(frozen=True)
class Measured:
    """One row on one server. `cpu_us`: its processor time per request; `pss_mib`: its memory after the row."""

    result: Result
    cpu_us: float
    pss_mib: float

    @property
    def rate(self) -> float:
        return self.result.count / self.result.seconds


Table = Mapping[str, Mapping[str, Measured]]


def markdown(table: Table, rows: Sequence[Row], servers: Sequence[Running]) -> str:
    """Rows of requests per second, latency and processor time; how iamd stands to its goal and to half of it."""
    names = [server.name for server in servers]
    lines = [
        machine(),
        "",
        f"| requests/s · p50 ms · p99 ms · server CPU µs | {' | '.join(names)} | iamd: goal; half of it is due |",
        f"|---|{'---|' * len(names)}---|",
    ]
    for row in rows:
        cells = [_cell(table[row.name].get(name), row.mib) for name in names]
        lines.append(f"| {row.name} | {' | '.join(cells)} | {_goals(row, table)} |")
    lines += ["", f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines.append(_line("start to first answer, s", [f"{server.first_answer:.2f}" for server in servers]))
    lines.append(
        _line(f"start to a working key, s (iamd ≤ {_START_GOAL_S})", [f"{s.working_key:.2f}" for s in servers])
    )
    lines.append(
        _line(f"idle memory, MiB of PSS (iamd ≤ {_IDLE_GOAL_MIB:.0f})", [f"{s.idle_mib:.0f}" for s in servers])
    )
    last = [max((m.pss_mib for r in table.values() if (m := r.get(name))), default=0.0) for name in names]
    lines.append(_line("most memory after a row, MiB of PSS", [f"{mib:.0f}" for mib in last]))
    return "\n".join(lines)


def write_between_markers(path: Path, text: str, name: str = "bench") -> None:
    """Put the text where the file's two markers of this name are; LookupError if it has none."""
    first, last = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, start, rest = path.read_text().partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        raise LookupError(f"{path} has no {first} … {last}")
    path.write_text(f"{before}{start}\n{text}\n{end}{after}")


def failures(table: Table) -> list[str]:
    """A line for each row in which a server gave other answers than the row wants."""
    return [
        f"{server}, {row}: {measured.result.failures} of {measured.result.count} failed, first:"
        f" {measured.result.first_failure[:300]!r}"
        for row, cells in table.items()
        for server, measured in cells.items()
        if measured.result.failures
    ]


def as_json(table: Table, servers: Sequence[Running]) -> dict[str, Any]:
    return {
        "machine": machine(),
        "servers": {
            server.name: {
                "first_answer_s": server.first_answer,
                "working_key_s": server.working_key,
                "idle_mib": server.idle_mib,
            }
            for server in servers
        },
        "rows": {
            row: {
                server: {
                    **vars(measured.result),
                    "rate": measured.rate,
                    "cpu_us": measured.cpu_us,
                    "pss_mib": measured.pss_mib,
                }
                for server, measured in cells.items()
            }
            for row, cells in table.items()
        },
    }


def machine() -> str:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    today = datetime.now(UTC).date().isoformat()
    model = models[0] if models else platform.machine()
    return f"{today}, {len(models)} x {model}, Python {platform.python_version()}, Linux {platform.release()}"


def _line(title: str, cells: Sequence[str]) -> str:
    return f"| {title} | {' | '.join(cells)} |"


def _cell(measured: Measured | None, mib: int) -> str:
    if measured is None:
        return "-"
    result = measured.result
    failed = f" **{result.failures} failed**" if result.failures else ""
    rate = f"{measured.rate * mib:,.0f} MiB/s" if mib else f"{measured.rate:,.0f}"
    return f"{rate} · {result.p50 * 1e3:.2f} · {result.p99 * 1e3:.2f} · {measured.cpu_us:,.0f}{failed}"


def _goals(row: Row, table: Table) -> str:
    return "; ".join(
        _flatness(goal, table[row.name], table.get(goal.flat, {})) if goal.flat else _goal(goal, table[row.name])
        for goal in row.goals
    )


def _flatness(goal: Goal, cells: Mapping[str, Measured], other: Mapping[str, Measured]) -> str:
    text = f"≤ {goal.factor:g} x {goal.flat}"
    if "iamd" not in cells or "iamd" not in other:
        return text
    ratio = cells["iamd"].result.p50 / other["iamd"].result.p50
    return f"{text}: {ratio:.2f} x {_verdict(ratio <= goal.factor, ratio <= 2 * goal.factor)}"


def _goal(goal: Goal, cells: Mapping[str, Measured]) -> str:
    own = cells.get("iamd")
    if goal.ceiling_ms:
        text = f"≤ {goal.ceiling_ms:g} ms"
        if own is None:
            return text
        reached, half = own.result.p50 * 1e3 <= goal.ceiling_ms, own.result.p50 * 1e3 <= 2 * goal.ceiling_ms
        return f"{text}: {_verdict(reached, half)}"
    text = f"≥ {goal.factor:g} x {' and '.join(goal.over)}"
    others = [cells[name].rate for name in goal.over if name in cells]
    if own is None or not others:
        return text
    ratio = own.rate / max(others)
    return f"{text}: {ratio:.1f} x {_verdict(ratio >= goal.factor, ratio >= goal.factor / 2)}"


def _verdict(reached: bool, half: bool) -> str:
    return "reached" if reached else "half reached" if half else "**missed**"
