"""axe-core's verdict on what is on the screen."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_SCRIPT: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_COLOURS: Final = ["color-contrast", "link-in-text-block"]


@cache
def _source() -> str:
    assert _SCRIPT.is_file(), "axe-core is installed with the console's build: make console"
    return _SCRIPT.read_text(encoding="utf-8")


def violations(page: Page, *, colours: bool = False) -> list[str]:
    """One line for each: the rule and where it is broken. `colours`: of the rules only those that look at them."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(
        "async (only) => (await axe.run(document, { runOnly: only, resultTypes: ['violations'] })).violations",
        _COLOURS if colours else _TAGS,
    )
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]
