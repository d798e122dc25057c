"""Hundreds of resets in one run: neither memory nor files grow. `make soak` goes on to thousands."""

from dataclasses import replace
from pathlib import Path

from tests.soak.resetting import Cost, grown, resetting

WARM, RESETS = 60, 200


def test_a_server_that_is_reset_again_and_again_does_not_grow(tmp_path: Path) -> None:
    with resetting(tmp_path) as server:
        while server.resets < WARM:
            server.turn()
        before = server.cost()
        while server.resets < WARM + RESETS:
            server.turn()
        after = server.cost()
    # Forty-five KiB a reset would be ten times what the allocator sways by.
    assert grown(before, after, memory=9.0) == [], (before, after)


def test_growth_is_seen() -> None:
    cost = Cost(memory=100.0, files=20, kept=8, size=1 << 20, log=1 << 20)
    assert grown(cost, cost, 9.0) == []
    for name, value in (("memory", 110.0), ("files", 30), ("kept", 20), ("size", 1 << 24), ("log", 1 << 27)):
        assert len(grown(cost, replace(cost, **{name: value}), 9.0)) == 1  # type: ignore[arg-type]  # by its name
