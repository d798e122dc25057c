"""Import rules, types and lints hold: what `make check` says, CI says too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    ["lint-imports --no-cache", "ruff check --no-cache .", "ruff format --no-cache --check .", "mypy"],
)
def test_the_checkers_are_content(command: str) -> None:
    program, *words = command.split()
    done = subprocess.run([str(BIN / program), *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
