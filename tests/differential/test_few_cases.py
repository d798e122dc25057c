"""A few random cases: what `test_spec_agrees_with_engine` does at length, for the quick round of `make mutants`."""

from itertools import islice

from tests.differential.policies import Generator
from tests.differential.test_spec_agrees_with_engine import disagreement

SEED = 7
CASES = 1_500


def test_engine_and_spec_agree_on_a_few_cases() -> None:
    assert [found for case in islice(Generator(SEED).cases(), CASES) if (found := disagreement(case))] == []
