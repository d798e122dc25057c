"""The table of what is measured, and what was measured as plain values that one process can send to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

COUNTER: Final = "counter"
GAUGE: Final = "gauge"
HISTOGRAM: Final = "histogram"


@dataclass(frozen=True, slots=True)
class Family:
    """`largest`: of several processes the largest value counts, not the sum."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...] = ()
    largest: bool = False


FAMILIES: Final = (
    Family("iamd_processes", GAUGE, "Processes that serve and have answered this scrape."),
    Family("iamd_requests", COUNTER, "Calls, by what became of them.", ("service", "operation", "outcome")),
    Family(
        "iamd_request_seconds",
        HISTOGRAM,
        "From a request's head to its answer's, an upload's body included.",
        ("service", "operation"),
    ),
    Family("iamd_decisions", COUNTER, "Authorization decisions, one for each action on a resource.", ("decision",)),
    Family("iamd_commits_waiting", GAUGE, "Writes that wait for their commit."),
    Family("iamd_commit_seconds", HISTOGRAM, "From the hand-over of a write to its commit."),
    Family("iamd_commit_failures", COUNTER, "Writes that the store refused: nothing of them was kept."),
    Family(
        "iamd_changelog_behind", GAUGE, "Revisions that a process will read before its next decision.", largest=True
    ),
    Family("iamd_audit_events_waiting", GAUGE, "Events of reads and denials that are not written yet."),
    Family("iamd_audit_failures", COUNTER, "Batches of events that could not be written and were kept for later."),
    Family("iamd_audit_events_dropped", COUNTER, "Events of reads and denials that were lost."),
    Family("iamd_log_lines_left_out", COUNTER, "Lines that a flood of equal ones kept out of the log."),
    Family("iamd_cpu_seconds", COUNTER, "Processor time, user and system."),
    Family("iamd_resident_bytes", GAUGE, "Memory in use, what processes share counted in each."),
)

Value = float | list[float]
"""A number; or of a histogram the counts of its buckets, and behind them the sum in seconds."""
Snapshot = Mapping[str, Mapping[tuple[str, ...], Value]]
"""By family and by the values of its labels."""


def merge(snapshots: Iterable[Snapshot]) -> Snapshot:
    merged: dict[str, dict[tuple[str, ...], Value]] = {family.name: {} for family in FAMILIES}
    for snapshot in snapshots:
        for family in FAMILIES:
            into = merged[family.name]
            for labels, value in snapshot.get(family.name, {}).items():
                known = into.get(labels)
                into[labels] = value if known is None else _both(family, known, value)
    return merged


def lasting(snapshot: Snapshot) -> Snapshot:
    """What still counts when its process has ended."""
    return {family.name: snapshot.get(family.name, {}) for family in FAMILIES if family.kind != GAUGE}


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    return {name: [[labels, value] for labels, value in values.items()] for name, values in snapshot.items()}


def of_json(content: Mapping[str, Any]) -> Snapshot:
    return {name: {tuple(labels): value for labels, value in values} for name, values in content.items()}


def _both(family: Family, one: Value, other: Value) -> Value:
    if isinstance(one, list) and isinstance(other, list):
        return [sum(pair) for pair in zip(one, other, strict=True)]
    assert isinstance(one, float | int)  # noqa: S101  # a family has values of one kind
    assert isinstance(other, float | int)  # noqa: S101  # as above
    return max(one, other) if family.largest else one + other
