"""Running the tests of a part against a mutant, in a process of its own that never wrote the mutant anywhere."""

import gc
import importlib
import importlib.abc
import importlib.machinery
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.mutation.mutations import SOURCE, Mutant, mutants_of, mutated

ROOT: Final = SOURCE.parents[1]
LIMIT: Final = 20
"""Seconds of processor time for the tests of one file: a mutant that runs on is noticed."""
MEMORY: Final = 4 << 30

# What is quick, and what notices most first; before all of them the tests that are named like the module.
_ENGINE: Final = (
    "tests/differential/test_few_cases.py",
    "tests/unit/policy/test_*.py",
    "tests/decisions/test_cases.py",
    "tests/properties/policy/test_combination.py",
)
_EXPLANATIONS: Final = ("tests/unit/cli/test_*.py", "tests/properties/policy/test_explanations.py")
_SIGV4: Final = (
    "tests/conformance/sigv4/test_*.py",
    "tests/unit/wire_sigv4/test_[!br]*.py",
    "tests/unit/wire_sigv4/test_*.py",
)
_SLOW: Final = "tests/unit/policy/test_work.py"
_SHARED: Final = ("pytest", "boto3", "botocore.auth", "hypothesis", "orjson", "psycopg", "sqlalchemy", "yaml")
"""Imported once, before the children part: a second each otherwise."""
_EXPLAINING: Final = frozenset(
    {"access", "cases", "details", "explain", "failure", "fix", "kept", "needed", "positions", "question", "references"}
    | {"simulation", "telling", "writing"}
)
"""Modules beside the engine: what is told of a decision."""
_LEFT_OUT: Final = frozenset({"spec.py", "__init__.py"})
"""The spec is itself a test; a package's file holds names and no more."""


@dataclass(frozen=True)
class Trial:
    """`by` is the file whose tests noticed the mutant, None if all of them passed."""

    mutant: Mutant
    by: str | None = None


@lru_cache
def tests_of(path: str) -> Sequence[str]:
    """The test files for a module, in the order in which they run."""
    stem = Path(path).stem
    patterns: tuple[str, ...]
    if not path.startswith("policy/"):
        patterns = _SIGV4
    elif stem in _EXPLAINING:
        patterns = (*_EXPLANATIONS, *_ENGINE)
    else:
        patterns = _ENGINE
    found = {
        file.relative_to(ROOT).as_posix(): file.name for pattern in patterns for file in sorted(ROOT.glob(pattern))
    }
    return sorted(found.keys() - {_SLOW}, key=lambda file: (found[file] != f"test_{stem}.py", [*found].index(file)))


def all_mutants() -> list[Mutant]:
    """Of the engine, of what it tells, and of signatures."""
    paths = [*sorted((SOURCE / "policy").rglob("*.py")), *sorted((SOURCE / "wire/sigv4").glob("*.py"))]
    return [mutant for path in paths if path.name not in _LEFT_OUT for mutant in mutants_of(path)]


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"iamd.{mutant.path.removesuffix('.py').replace('/', '.')}"
        self._file = str(SOURCE / mutant.path)
        self._code = compile(mutated(mutant), self._file, "exec")

    def find_spec(self, name: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        return spec_from_loader(name, self, origin=self._file) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, vars(module))  # noqa: S102  the module's own code, changed


@dataclass
class _Child:
    mutant: Mutant
    heard: int
    """Where it tells which file's tests it begins."""


def trials(mutants: Iterable[tuple[Mutant, Sequence[str]]], processes: int = 1) -> Iterator[Trial]:
    """Each mutant as its tests end."""
    share_imports()
    running: dict[int, _Child] = {}
    for mutant, tests in mutants:
        child, heard = _started(mutant, tests)
        running[child] = _Child(mutant, heard)
        if len(running) >= processes:
            yield _ended(running)
    while running:
        yield _ended(running)


def share_imports() -> None:
    for name in _SHARED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def fails(tests: Sequence[str]) -> str | None:
    """The first file whose tests fail where nothing is changed."""
    child, heard = _started(None, tests)
    return _noticed(heard, os.waitpid(child, 0)[1])


def _started(mutant: Mutant | None, tests: Sequence[str]) -> tuple[int, int]:
    """Raises KeyError for a mutant that is none: in the child it would look like one that is noticed."""
    finder = None if mutant is None else _Mutated(mutant)
    heard, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_in_child(finder, tests, telling))
    os.close(telling)
    return child, heard


def _ended(running: dict[int, _Child]) -> Trial:
    """Of those that run: others' children may end meanwhile."""
    while True:
        for pid, child in running.items():
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del running[pid]
                return replace(Trial(child.mutant), by=_noticed(child.heard, status))
        time.sleep(0.02)


def _noticed(heard: int, status: int) -> str | None:
    with os.fdopen(heard, encoding="utf-8") as told:
        begun = told.read().split()
    return begun[-1] if status else None


def _in_child(finder: _Mutated | None, tests: Sequence[str], telling: int) -> int:
    """The exit status: 0 if the tests pass."""
    import pytest  # noqa: PLC0415  slow, and not wanted to look at mutants

    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        for name in [each for each in sys.modules if each.split(".")[0] in {"iamd", "tests", "conftest"}]:
            if not name.startswith("tests.mutation"):
                del sys.modules[name]
        os.chdir(ROOT)
        if finder is not None:
            sys.meta_path.insert(0, finder)
        for file in tests:
            os.write(telling, f"{file}\n".encode())
            used = int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (used + LIMIT, resource.RLIM_INFINITY))
            # Plain asserts: to rewrite them pytest reads every module of a package with a plugin by itself.
            if pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", file]):
                return 1
    except BaseException:  # noqa: BLE001  a mutant may raise anything, and that is noticed too
        return 1
    return 0
