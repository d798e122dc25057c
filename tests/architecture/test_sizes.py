"""Files, functions and classes stay small; each exception has its reason here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
WIDEST_CLASS = 15
GENERATED = ("services/*/api.py", "stores/sql/migrations/versions/*.py")
EXCEPTIONS: dict[str, str] = {}
"""`path` or `path:name` → why it may be larger."""


def sources() -> list[Path]:
    package = ROOT / "src" / "iamd"
    generated = {path for pattern in GENERATED for path in package.glob(pattern)}
    return sorted(path for path in package.rglob("*.py") if path not in generated)


def too_large(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    if text.count("\n") > LONGEST_FILE:
        yield name
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION:
                yield f"{name}:{node.name}"
        elif isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            if sum(not item.name.startswith("__") for item in methods) > WIDEST_CLASS:
                yield f"{name}:{node.name}"


def test_nothing_has_grown_too_large() -> None:
    found = {item for path in sources() for item in too_large(path)}
    assert found == EXCEPTIONS.keys()


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("x = 1\n" * 401, "probe.py"),
        ("def f():\n" + "    pass\n" * 60, "probe.py:f"),
        ("class C:\n" + "".join(f"    def m{n}(self): pass\n" for n in range(16)), "probe.py:C"),
    ],
)
def test_the_check_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, finding: str) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    probe = tmp_path / "probe.py"
    probe.write_text(text, encoding="utf-8")
    assert list(too_large(probe)) == [finding]
