"""Mutation testing of `policy/` and `wire/sigv4`: `python -m tests.mutation.run [--sample N] [--write]`.

Each mutant runs against a quick subset of the tests. Without `--sample` all of them do, which takes hours. With
`--write` what was found is in `tried.yaml` as it is found, and a run goes on where one with the same seed stopped: what
was killed then, or survived for a reason that somebody gave, is not tried again.
"""

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import yaml

from tests.mutation.mutations import Mutant
from tests.mutation.running import ROOT, Trial, all_mutants, fails, tests_of, trials

FILE: Final = Path(__file__).with_name("tried.yaml")
NO_REASON: Final = "not yet looked at"
_EVERY: Final = 20
_PARTS: Final = ("policy/glob.py", "policy/explain.py", "wire/sigv4/keys.py")
"""A module of each part that has tests of its own."""


@dataclass
class Tried:
    """What `tried.yaml` holds: `survivors` with the reason why, `killed` with the test file that noticed first."""

    seed: int
    commit: str
    killed: dict[str, str] = field(default_factory=dict)
    survivors: dict[str, str] = field(default_factory=dict)

    def add(self, trial: Trial) -> None:
        name = str(trial.mutant)
        if trial.by is None:
            self.killed.pop(name, None)
            self.survivors.setdefault(name, NO_REASON)
        else:
            self.survivors.pop(name, None)
            self.killed[name] = trial.by

    def keep_only(self, names: set[str]) -> None:
        self.killed = {name: by for name, by in self.killed.items() if name in names}
        self.survivors = {name: reason for name, reason in self.survivors.items() if name in names}


def read_tried() -> Tried:
    kept: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Tried(kept["seed"], kept["commit"], kept["killed"] or {}, kept["survivors"] or {})


def write(tried: Tried) -> None:
    told = {
        "seed": tried.seed,
        "commit": tried.commit,
        "survivors": dict(sorted(tried.survivors.items())),
        "killed": dict(sorted(tried.killed.items())),
    }
    text = yaml.safe_dump(told, sort_keys=False, width=200)
    FILE.write_text("# Written by `make mutants`; the reasons are people's.\n" + text, encoding="utf-8")


def chosen(seed: int, sample: int | None, beginning: str = "") -> list[Mutant]:
    """In an order that the seed gives to each by its name: what changes elsewhere in the source does not move it."""
    mutants = [mutant for mutant in all_mutants() if mutant.path.startswith(beginning)]
    return sorted(mutants, key=lambda mutant: sha256(f"{seed} {mutant}".encode()).digest())[:sample]


def head() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def again(names: Sequence[str], processes: int) -> bool:
    """Whether all of these are killed, by what killed them before or by any other test."""
    killed = read_tried().killed
    mutants = [Mutant.named(name) for name in names]
    rows = [(mutant, [*dict.fromkeys([killed[str(mutant)], *tests_of(mutant.path)])]) for mutant in mutants]
    survived = [str(trial.mutant) for trial in trials(rows, processes) if trial.by is None]
    for name in survived:
        print(f"survived: {name}", flush=True)  # noqa: T201  a command
    return not survived


def run(mutants: Sequence[Mutant], seed: int, processes: int, *, keep: bool) -> None:
    tried = read_tried() if keep and FILE.exists() else Tried(seed, "")
    if tried.seed != seed:
        tried.killed = {}
    tried.seed, tried.commit = seed, head()
    tried.keep_only({str(mutant) for mutant in mutants})
    known = tried.killed.keys() | {name for name, reason in tried.survivors.items() if reason != NO_REASON}
    left = [mutant for mutant in mutants if str(mutant) not in known]
    noticed = Counter((Mutant.named(name).path, by) for name, by in tried.killed.items())

    def tests_for(mutant: Mutant) -> Sequence[str]:
        """What noticed most in this module so far comes first."""
        return sorted(tests_of(mutant.path), key=lambda file: -noticed[mutant.path, file])

    for number, trial in enumerate(trials(((mutant, tests_for(mutant)) for mutant in left), processes), 1):
        tried.add(trial)
        noticed[trial.mutant.path, trial.by or ""] += 1
        if trial.by is None:
            print(f"survived: {trial.mutant}", flush=True)  # noqa: T201  a command
        if number % _EVERY == 0 or number == len(left):
            print(f"{number} of {len(left)}; killed {len(tried.killed)}", flush=True)  # noqa: T201  a command
            if keep:
                write(tried)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many, not all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="into tried.yaml")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these of the killed; fails if one survives")
    parser.add_argument(
        "--of", default="", metavar="PATH", help="only of modules whose path begins so (policy/glob.py)"
    )
    options = parser.parse_args()
    if options.of and options.write:
        parser.error("a part of the modules is not what the file is about: --of without --write")
    if options.only:
        sys.exit(0 if again(options.only, options.processes) else 1)
    broken = [by for part in _PARTS if (by := fails(tests_of(part))) is not None]
    if broken:
        sys.exit(f"these fail without a mutant: {broken}")
    mutants = chosen(options.seed, options.sample, options.of)
    run(mutants, options.seed, options.processes, keep=options.write)


if __name__ == "__main__":
    main()
