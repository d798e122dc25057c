"""Mutation testing of the policy engine and of signatures: `python -m tests.mutation.run [--sample N] [--write]`.

Each mutant runs against a quick subset of the tests. Without `--sample` all of them do, which takes hours. Reasons that
somebody gave to a survivor are kept when the file is written again.
"""

import argparse
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from tests.mutation.mutations import Mutant
from tests.mutation.running import ROOT, all_mutants, passes, survivors_among, tests_of

FILE: Final = Path(__file__).with_name("tried.yaml")
Keep = Callable[[Sequence[str], Sequence[str]], None]
NO_REASON: Final = "not yet looked at"


@dataclass
class Tried:
    """What `tried.yaml` holds: `survivors` by name with the reason why that is no fault of the tests."""

    seed: int
    commit: str
    killed: list[str] = field(default_factory=list)
    survivors: dict[str, str] = field(default_factory=dict)


def read_tried() -> Tried:
    kept: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Tried(kept["seed"], kept["commit"], kept["killed"], kept["survivors"] or {})


def chosen(seed: int, sample: int | None) -> list[Mutant]:
    """A sample, the same for the same seed and source; in the end what remains is in a random order too."""
    mutants = [mutant for of_module in all_mutants().values() for mutant in of_module]
    return random.Random(seed).sample(mutants, min(sample or len(mutants), len(mutants)))  # noqa: S311  repeatable


def tried(mutants: Sequence[Mutant], processes: int, keep: Keep = lambda _killed, _survivors: None) -> list[str]:
    """Names of the survivors; `keep` is told now and then what is known so far."""
    killed: list[str] = []
    survivors: list[str] = []
    for number, (mutant, survived) in enumerate(survivors_among(mutants, processes), 1):
        (survivors if survived else killed).append(str(mutant))
        if survived:
            print(f"survived: {mutant}", flush=True)  # noqa: T201  a command
        if number % 10 == 0 or number == len(mutants):
            print(f"{number} of {len(mutants)}, {len(survivors)} survived", flush=True)  # noqa: T201  a command
            keep(killed, survivors)
    return survivors


def write(seed: int, killed: Sequence[str], survivors: Sequence[str]) -> None:
    known = read_tried().survivors if FILE.exists() else {}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    text = yaml.safe_dump(
        {
            "seed": seed,
            "commit": commit,
            "survivors": {name: known.get(name, NO_REASON) for name in sorted(survivors)},
            "killed": sorted(killed),
        },
        sort_keys=False,
        width=200,
    )
    FILE.write_text("# Written by `make mutants`; the reasons are people's.\n" + text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many, not all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="into tried.yaml")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these mutants; fails if one survives")
    options = parser.parse_args()
    if options.only:
        sys.exit(1 if tried([Mutant.named(name) for name in options.only], options.processes) else 0)
    broken = [tests for tests in {tests_of("policy/glob.py"), tests_of("wire/sigv4/keys.py")} if not passes(tests)]
    if broken:
        sys.exit(f"these fail without a mutant: {broken}")
    keep: Keep = partial(write, options.seed) if options.write else lambda _killed, _survivors: None
    tried(chosen(options.seed, options.sample), options.processes, keep)


if __name__ == "__main__":
    main()
