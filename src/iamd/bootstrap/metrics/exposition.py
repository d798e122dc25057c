"""A snapshot in Prometheus' text format."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from iamd.bootstrap.metrics.families import COUNTER, FAMILIES, HISTOGRAM, Family, Snapshot, Value
from iamd.model.histogram import BOUNDS


def expose(snapshot: Snapshot) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Measured(snapshot))
    return generate_latest(registry)


class _Measured(Collector):
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        for family in FAMILIES:
            yield _metric(family, self._snapshot.get(family.name, {}).items())


def _metric(family: Family, values: Iterable[tuple[tuple[str, ...], Value]]) -> Metric:
    if family.kind == HISTOGRAM:
        histogram = HistogramMetricFamily(family.name, family.help, labels=family.labels)
        for labels, value in values:
            assert isinstance(value, list)  # noqa: S101  # as the family says
            *counts, total = value
            ends = (*map(str, BOUNDS), "+Inf")
            histogram.add_metric(labels, list(zip(ends, accumulate(counts), strict=True)), total)
        return histogram
    kind = CounterMetricFamily if family.kind == COUNTER else GaugeMetricFamily
    metric = kind(family.name, family.help, labels=family.labels)
    for labels, value in values:
        assert isinstance(value, float | int)  # noqa: S101  # as the family says
        metric.add_metric(labels, value)
    return metric
