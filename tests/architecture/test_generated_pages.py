"""Pages that are generated are what the code says today; pages that are written point at things that exist."""

import re
from pathlib import Path
from typing import Final

import click

from iamd.bootstrap.compose import services
from iamd.cli.main import iamd
from iamd.cli.serve import serve
from tools.context_keys import faults
from tools.coverage import REFERENCE, pages

ROOT: Final = Path(__file__).parents[2]
WRITTEN: Final = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})


def test_generated_pages_are_up_to_date() -> None:
    stale = [name for name, text in pages().items() if (REFERENCE / name).read_text() != text]
    assert stale == [], "run make coverage"


def test_every_operation_of_every_service_is_on_the_coverage_page() -> None:
    page = pages()["coverage.md"]
    for service in services():
        section = page.partition(f"(`{service.name}`)")[2].partition("\n## ")[0]
        assert service.spec.operation_names == set(re.findall(r"\b[A-Z]\w+", section)) & service.spec.operation_names
        assert all(f"\n| {name} | " in section for name in service.operations)


def test_every_documented_condition_key_is_filled_or_excepted_with_its_reason() -> None:
    assert list(faults()) == [], "fill the key in the service's authorization, or say why not: facts/context_keys.toml"


def test_every_flag_is_explained() -> None:
    rows = [line.split(" | ") for line in pages()["flags.md"].splitlines() if line.startswith("| `--")]
    assert len(rows) == len(serve.params) > 15
    assert [row[0] for row in rows if not row[3].strip(" |")] == []
    written = {word for row in rows for word in re.findall(r"--[a-z-]+", row[0])}
    assert written == {name for option in serve.params for name in option.opts if name.startswith("--")}


def test_commands_and_targets_that_pages_name_exist() -> None:
    commands = set(iamd.list_commands(click.Context(iamd)))
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    for page in WRITTEN:
        # What stands in backquotes or is indented as code is typed by people.
        typed = "\n".join(re.findall(r"`[^`\n]+`|(?m:^    .*$)", page.read_text()))
        assert set(re.findall(r"(?:^|[ `])make ([a-z]+)\b", typed)) <= targets, page
        assert set(re.findall(r"(?:\$ \S*|`)iamd ([a-z]+)\b", typed)) <= commands, page


def test_a_fragment_of_the_changelog_is_one_sentence_on_one_line() -> None:
    fragments = {path.name: path.read_text() for path in (ROOT / "changelog.d").glob("*.md")}
    assert [name for name, text in fragments.items() if not re.fullmatch(r"[^\n]+[.]\n", text)] == []
    assert fragments


def test_every_page_of_the_docs_is_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    pages_of_docs = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages_of_docs - {"index.md"} if f"]({page})" not in index} == set()
