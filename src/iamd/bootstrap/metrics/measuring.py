"""What this process measured until now."""

import os
from collections import defaultdict
from pathlib import Path
from typing import Final

from iamd.bootstrap.logs import left_out
from iamd.bootstrap.metrics.families import Snapshot, Value
from iamd.kernel.kernel import Kernel
from iamd.model.decision import Outcome
from iamd.model.histogram import Histogram
from iamd.stores.metered import MeteredStore

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_STATM: Final = Path("/proc/self/statm")


def measure(kernel: Kernel) -> Snapshot:
    """On the event loop's thread, of a kernel that has a meter."""
    meter, store = kernel.meter, kernel.store
    assert meter is not None  # noqa: S101  # nobody asks where nothing is measured
    assert isinstance(store, MeteredStore)  # noqa: S101  # as above
    requests: dict[tuple[str, ...], Value] = {}
    seconds: dict[tuple[str, ...], Histogram] = defaultdict(Histogram)
    for (service, operation, result), histogram in tuple(meter.calls.items()):
        requests[service, operation, result] = sum(histogram.counts)
        whole = seconds[service, operation]
        whole.counts = [one + other for one, other in zip(whole.counts, histogram.counts, strict=True)]
        whole.total += histogram.total
    decisions: dict[tuple[str, ...], Value] = {(outcome.value,): count for outcome, count in meter.denied.items()}
    decisions[Outcome.ALLOWED.value,] = meter.allowed
    times = os.times()
    return {
        "iamd_processes": {(): 1},
        "iamd_requests": requests,
        "iamd_request_seconds": {labels: _plain(histogram) for labels, histogram in seconds.items()},
        "iamd_decisions": decisions,
        "iamd_commits_waiting": {(): store.waiting},
        "iamd_commit_seconds": {(): _plain(store.seconds)},
        "iamd_commit_failures": {(): store.failures},
        "iamd_changelog_behind": {(): store.behind()},
        "iamd_audit_events_waiting": {(): kernel.trail.waiting},
        "iamd_audit_failures": {(): kernel.trail.failures},
        "iamd_audit_events_dropped": {(): kernel.trail.dropped},
        "iamd_log_lines_left_out": {(): left_out()},
        "iamd_cpu_seconds": {(): times.user + times.system},
        "iamd_resident_bytes": {(): _resident()},
    }


def _plain(histogram: Histogram) -> list[float]:
    return [*histogram.counts, histogram.total]


def _resident() -> int:
    """0 where the system does not tell."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return 0
