"""What processes measured is added up without going back, and printed as Prometheus reads it."""

import asyncio
import json
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from iamd.bootstrap.metrics.exposition import expose
from iamd.bootstrap.metrics.families import FAMILIES, as_json, lasting, merge, of_json
from iamd.bootstrap.metrics.workers import Workers
from iamd.model.histogram import BOUNDS, Histogram


def snapshot(count: float, behind: float = 0) -> Any:
    seconds = Histogram()
    seconds.add(0.0002)
    seconds.add(99)
    return {
        "iamd_processes": {(): 1},
        "iamd_requests": {("iam", "ListUsers", "success"): count},
        "iamd_request_seconds": {("iam", "ListUsers"): [*seconds.counts, seconds.total]},
        "iamd_changelog_behind": {(): behind},
    }


def test_counts_are_added_and_of_a_lag_the_largest_counts() -> None:
    merged = merge((snapshot(2, 5), snapshot(3, 4), {"iamd_requests": {("iam", "other", "denied"): 1}}))
    assert merged["iamd_requests"] == {("iam", "ListUsers", "success"): 5, ("iam", "other", "denied"): 1}
    assert merged["iamd_changelog_behind"] == {(): 5}
    assert merged["iamd_processes"] == {(): 2}
    value = merged["iamd_request_seconds"]["iam", "ListUsers"]
    assert isinstance(value, list)
    assert (value[0], value[-2], sum(value[:-1])) == (2, 2, 4)


def test_what_one_process_sends_is_what_the_other_reads() -> None:
    assert of_json(json.loads(json.dumps(as_json(snapshot(7))))) == snapshot(7)


def test_prometheus_reads_every_family() -> None:
    text = expose(merge((snapshot(2), snapshot(3)))).decode()
    found = {family.name: family for family in text_string_to_metric_families(text)}
    assert found.keys() == {family.name for family in FAMILIES}
    samples = {
        sample.labels["le"]: sample.value for sample in found["iamd_request_seconds"].samples if "le" in sample.labels
    }
    assert len(samples) == len(BOUNDS) + 1
    assert (samples["0.00025"], samples["10.0"], samples["+Inf"]) == (2, 2, 4)
    (requests,) = found["iamd_requests"].samples
    assert (requests.name, requests.value) == ("iamd_requests_total", 5)


class Fake:
    """A worker's process: what it is asked, and what it says."""

    def __init__(self, pid: int, lines: list[Any]) -> None:
        self.pid = pid
        self.lines = lines
        self.stdin = self.stdout = self

    def write(self, data: bytes) -> None:
        assert data == b"?"

    async def readline(self) -> bytes:
        number, measured = self.lines.pop(0)
        return json.dumps({"number": number, "measures": as_json(measured)}).encode()


def test_a_counter_never_goes_back_when_a_worker_dies() -> None:
    async def story() -> None:
        workers = Workers()
        # The first answer is one that came too late for whoever asked before.
        first: Any = Fake(1, [(0, snapshot(1)), (1, snapshot(2)), (2, snapshot(4))])
        second: Any = Fake(2, [(1, snapshot(10)), (2, snapshot(10))])
        workers.began(first)
        workers.began(second)
        assert (await workers.measures())["iamd_requests"]["iam", "ListUsers", "success"] == 12
        workers.ended(second)
        after = await workers.measures()
        assert after["iamd_requests"]["iam", "ListUsers", "success"] == 14
        assert after["iamd_processes"] == {(): 1}

    asyncio.run(story())


def test_of_an_ended_process_only_what_it_counted_lasts() -> None:
    assert {name for name, values in lasting(snapshot(1)).items() if values} == {
        "iamd_requests",
        "iamd_request_seconds",
    }
