"""The page "How iamd decides" says what `iamd decide` answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iamd.cli.decide import answer

PAGE = (Path(__file__).parents[2] / "docs" / "how-iamd-decides.md").read_text(encoding="utf-8")


def case() -> dict[str, Any]:
    found = re.search(r"<!-- case -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    written: dict[str, Any] = json.loads(found[1])
    return written


def rows() -> Iterator[tuple[str, str, str]]:
    for line in PAGE.splitlines():
        found = re.fullmatch(r"\| `(\{.*\})` \| (\w+) \| (\w*) ?\|", line)
        if found:
            yield found[1], found[2], found[3]


def decided(case: dict[str, Any]) -> tuple[str, str]:
    given = {name: value for name, value in case.items() if value is not None}
    said = answer(json.dumps(given).encode())
    return said["decision"], said["blockedBy"] or ""


def test_the_request_of_the_page_is_allowed() -> None:
    assert decided(case()) == ("Allowed", "")


@pytest.mark.parametrize(("change", "decision", "blocked_by"), list(rows()))
def test_one_thing_changed_changes_the_answer_as_the_page_says(change: str, decision: str, blocked_by: str) -> None:
    assert decided({**case(), **json.loads(change)}) == (decision, blocked_by)


def test_every_layer_is_shown_to_block() -> None:
    """A table that no longer reads as one would be an empty test."""
    assert {row[2] for row in rows()} == {"", "SCP", "RCP", "RESOURCE", "IDENTITY", "BOUNDARY", "SESSION"}
    assert len(list(rows())) == PAGE.count("\n| `{")
