"""Mutants that were noticed once are noticed still: fifty of those that `tried.yaml` calls killed, ten to a test."""

import random
import subprocess
import sys
from typing import Final

import pytest

from tests.mutation.mutations import Mutant, mutated
from tests.mutation.run import NO_REASON, read_tried
from tests.mutation.running import ROOT

AGAIN: Final = 50
TOGETHER: Final = 10
SEED: Final = 20261125
ENOUGH: Final = 1000
AT_LEAST: Final = 0.95


def exists(mutant: Mutant) -> bool:
    """The code may have changed since."""
    try:
        mutated(mutant)
    except (KeyError, FileNotFoundError):
        return False
    return True


def again() -> list[Mutant]:
    killed = sorted(read_tried().killed)
    random.Random(SEED).shuffle(killed)  # noqa: S311  repeatable, not secret
    found = (mutant for name in killed if exists(mutant := Mutant.named(name)))
    return [mutant for mutant, _ in zip(found, range(AGAIN), strict=False)]


@pytest.mark.parametrize("part", range(AGAIN // TOGETHER))
def test_killed_mutants_are_killed_again(part: int) -> None:
    """In a process without threads, which can part safely; the tests that killed one run first."""
    names = [str(mutant) for mutant in again()[part :: AGAIN // TOGETHER]]
    assert len(names) == TOGETHER
    command = [sys.executable, "-m", "tests.mutation.run", "--processes", "1", "--only", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_enough_mutants_are_killed_and_every_survivor_has_its_reason() -> None:
    """Of all that were tried: a survivor with a good reason counts as one all the same."""
    tried = read_tried()
    assert [name for name, reason in tried.survivors.items() if reason == NO_REASON] == []
    assert len(tried.killed) + len(tried.survivors) >= ENOUGH
    assert len(tried.killed) >= AT_LEAST * (len(tried.killed) + len(tried.survivors))
