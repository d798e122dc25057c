"""The engine against the naive spec, on random cases that reach every branch of the spec."""

from collections import Counter
from itertools import islice

import pytest

from iamd.policy import decide, spec
from tests.differential.branches import Tracer
from tests.differential.policies import GeneratedCase, Generator

SEEDS = (20261125, 20261126, 20261127, 20261128)
CASES = 25_000
"""Of each seed; tests run side by side. `make soak` goes on where these end."""


def disagreement(case: GeneratedCase) -> str | None:
    request = case.request
    decision = decide(request, case.layers)
    engine = (decision.outcome.value, decision.blocked_by.value if decision.blocked_by is not None else None)
    naive = spec.decide(request, case.documents)
    return None if engine == naive else f"engine {engine}, spec {naive}: {request} {case.documents}"


@pytest.mark.parametrize("seed", SEEDS)
def test_spec_agrees_with_engine(seed: int) -> None:
    outcomes = Counter[str]()
    for number, case in enumerate(islice(Generator(seed).cases(), CASES)):
        assert disagreement(case) is None, f"seed {seed}, case {number}"
        if number % 100 == 0:
            outcomes[decide(case.request, case.layers).outcome.value] += 1
    assert len(outcomes) == 3
    assert min(outcomes.values()) > CASES // 100 // 20, outcomes


def test_there_are_enough_random_cases() -> None:
    assert len(set(SEEDS)) * CASES >= 100_000


def test_the_generator_reaches_every_branch_of_the_spec() -> None:
    tracer = Tracer(spec)
    assert len(tracer.branches) > 350
    for case in islice(Generator(SEEDS[0]).cases(), 10_000):
        tracer.run(spec.decide, case.request, case.documents)
        if not tracer.missed:
            return
    assert sorted(tracer.missed) == []
