"""A server's metrics, as Prometheus reads them."""

import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, ...], float]


def metrics_url(state_dir: Path) -> str:
    url: str = json.loads((state_dir / "endpoint.json").read_bytes())["metrics_url"]
    return url


def scrape(url: str) -> dict[str, Any]:
    """Families by name."""
    with urlopen(url, timeout=10) as answer:  # noqa: S310  # our own
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return {family.name: family for family in text_string_to_metric_families(answer.read().decode())}


def samples(families: dict[str, Any], family: str, name: str = "") -> Samples:
    """Values by those of the labels, in the order of their names; `name`: these of the family's samples alone."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for sample in families[family].samples
        if sample.name == (name or sample.name)
    }
