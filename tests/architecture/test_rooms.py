"""The rooms by which the bench shares out processor time are there: what is moved or renamed leaves none empty."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.rooms import GENERAL, ROOMS

SOURCE = Path(__file__).parents[2] / "src"
LIBRARIES = ("/uvicorn/", "/asyncio/")


def _functions(node: ast.AST, within: str = "") -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield within + child.name
            yield from _functions(child, f"{within}{child.name}.")


@pytest.fixture(scope="module")
def functions() -> str:
    """Each as a frame of it is told by, a line apiece."""
    return "\n".join(
        f"{name} {path}"
        for path in SOURCE.rglob("*.py")
        for name in _functions(ast.parse(path.read_text(encoding="utf-8")))
    )


@pytest.mark.parametrize("mark", [*GENERAL, *(mark for marks in ROOMS.values() for mark in marks)])
def test_every_mark_of_a_room_is_found_in_the_house(functions: str, mark: str) -> None:
    assert mark in functions or mark in LIBRARIES
