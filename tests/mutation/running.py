"""Running the tests of a part against a mutant, in a process of its own that never wrote the mutant anywhere."""

import importlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.mutation.mutations import SOURCE, Mutant, mutants_of, mutated

ROOT: Final = SOURCE.parents[1]
LIMIT: Final = 30
"""Seconds of processor time: a mutant that runs on is noticed."""

# The tests that are quick, those that notice most first.
_POLICY: Final = (
    "tests/differential/test_few_cases.py",
    "tests/unit/policy",
    "--ignore=tests/unit/policy/test_work.py",
    "tests/decisions",
    "tests/properties/policy/test_combination.py",
)
_EXPLAINED: Final = (*_POLICY, "tests/properties/policy/test_explanations.py", "tests/unit/cli")
_SIGV4: Final = ("tests/conformance/sigv4", "tests/unit/wire_sigv4")
_SHARED: Final = ("pytest", "boto3", "hypothesis", "orjson", "sqlalchemy", "yaml")
"""Imported once, before the children part: a second each otherwise."""
_EXPLAINING: Final = frozenset(
    {"access", "cases", "details", "explain", "failure", "fix", "kept", "needed", "positions", "question", "references"}
    | {"simulation", "telling", "writing"}
)
"""Modules beside the engine: what is told of a decision."""
LEFT_OUT: Final = frozenset({"policy/spec.py", "policy/__init__.py"})
"""The spec is itself a test."""


def tests_of(path: str) -> Sequence[str]:
    if not path.startswith("policy/"):
        return _SIGV4
    return _EXPLAINED if Path(path).stem in _EXPLAINING else _POLICY


def all_mutants() -> Mapping[str, list[Mutant]]:
    """By module, of the engine and of signatures."""
    paths = [*sorted((SOURCE / "policy").rglob("*.py")), *sorted((SOURCE / "wire/sigv4").glob("*.py"))]
    found = {path.relative_to(SOURCE).as_posix(): mutants_of(path) for path in paths}
    return {
        path: mutants
        for path, mutants in found.items()
        if path not in LEFT_OUT and Path(path).stem not in _EXPLAINING and mutants
    }


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source."""

    def __init__(self, mutant: Mutant) -> None:
        module = f"iamd.{mutant.path.removesuffix('.py').replace('/', '.')}"
        self._name = module.removesuffix(".__init__")
        self._is_package = module != self._name
        self._file = str(SOURCE / mutant.path)
        self._code = compile(mutated(mutant), self._file, "exec")

    def find_spec(self, name: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        spec = spec_from_loader(name, self, origin=self._file, is_package=self._is_package)
        if spec is not None and self._is_package:
            spec.submodule_search_locations = [str(Path(self._file).parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, vars(module))  # noqa: S102  the module's own code, changed


def survivors_among(mutants: Iterable[Mutant], processes: int = 1) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant as its tests end, and whether they passed all the same."""
    share_imports()
    running: dict[int, Mutant] = {}
    for mutant in mutants:
        running[_started(mutant, tests_of(mutant.path))] = mutant
        if len(running) >= processes:
            yield _ended(running)
    while running:
        yield _ended(running)


def share_imports() -> None:
    for name in _SHARED:
        importlib.import_module(name)


def passes(tests: Sequence[str]) -> bool:
    """Whether the tests pass where nothing is changed."""
    return os.waitpid(_started(None, tests), 0)[1] == 0


def _started(mutant: Mutant | None, tests: Sequence[str]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_in_child(mutant, tests))
    return child


def _ended(running: dict[int, Mutant]) -> tuple[Mutant, bool]:
    """Of those that run: others' children may end meanwhile."""
    while True:
        for child in running:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return running.pop(child), status == 0
        time.sleep(0.02)


def _in_child(mutant: Mutant | None, tests: Sequence[str]) -> int:
    """The exit status: 0 if the tests pass."""
    import resource  # noqa: PLC0415  the child's only

    import pytest  # noqa: PLC0415  slow, and not wanted to look at mutants

    try:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        for name in [each for each in sys.modules if each.split(".")[0] in {"iamd", "tests", "conftest"}]:
            if not name.startswith("tests.mutation"):
                del sys.modules[name]
        if mutant is not None:
            sys.meta_path.insert(0, _Mutated(mutant))
        os.chdir(ROOT)
        # Plain asserts: to rewrite them pytest reads every module of a package with a plugin by itself.
        return int(pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
    except BaseException:  # noqa: BLE001  a mutant may raise anything, and that is noticed too
        return 1
