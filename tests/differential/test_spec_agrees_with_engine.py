from itertools import islice

from iamd.policy import decide, spec
from tests.differential.policies import GeneratedCase, Generator

SEED = 20261125
CASES = 100_000


def disagreement(case: GeneratedCase) -> str | None:
    request = case.request
    decision = decide(request, case.layers)
    engine = (decision.outcome.value, decision.blocked_by.value if decision.blocked_by is not None else None)
    naive = spec.decide(request, case.documents)
    return None if engine == naive else f"engine {engine}, spec {naive}: {request} {case.documents}"


def test_spec_agrees_with_engine() -> None:
    generator = Generator(SEED)
    print(f"seed {SEED}, {CASES} cases")  # noqa: T201  a failure must be repeatable from its output
    outcomes = set()
    for case in islice(generator.cases(), CASES):
        assert disagreement(case) is None
        outcomes.add(decide(case.request, case.layers).outcome)
    assert len(outcomes) == 3
