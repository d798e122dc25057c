"""Every parser that sees bytes from outside, on bytes that were made worse. `make soak` goes on for longer."""

import random
from pathlib import Path

import pytest

from tests.fuzz import documents, signatures, tokens, wires
from tests.fuzz.target import SEED, Run, Target

TARGETS = (*signatures.TARGETS, *wires.TARGETS, *documents.TARGETS, *tokens.TARGETS)
TIMES = 2_000
CRASHES = Path(__file__).parent / "crashes"


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_bad_bytes_are_refused_in_the_parsers_own_words(target: Target) -> None:
    run = Run.of(target)
    assert run.go(target, TIMES), f"seed {SEED}, input {run.tried}: {run.crash!r}\n{run.why}"
    assert 0 < run.taken < TIMES, "only what is both taken and refused is being tried"


def test_what_crashed_once_is_refused_or_taken_now() -> None:
    """Each found by `make soak`; a file is named after its target."""
    targets = {target.name.replace(" ", "_"): target for target in TARGETS}
    cases = [path for path in sorted(CRASHES.iterdir()) if path.suffix]
    assert {path.stem for path in cases} <= targets.keys()
    for path in cases:
        for number in range(20):
            targets[path.stem].attempt(path.read_bytes(), random.Random(number))  # noqa: S311  # test data


def test_a_parser_that_crashes_is_noticed() -> None:
    def attempt(data: bytes, _: random.Random) -> bool:
        return bool(data.index(b"a"))

    broken = Target("broken", lambda: [b"a"], attempt)
    run = Run.of(broken)
    assert not run.go(broken, TIMES)
    assert run.crash is not None
    assert b"a" not in run.crash
    assert "ValueError" in run.why
