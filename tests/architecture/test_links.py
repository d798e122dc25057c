"""Every link in README and docs leads somewhere, to the very heading that it names."""

from pathlib import Path

import pytest

from tools.links import ROOT, anchors, broken, pages


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page, ROOT)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text('# A `b`: c, d!\n\n## Twice\n\n## Twice\n\n<a id="own"></a>\n')
    assert anchors(tmp_path / "other.md") == {"a-b-c-d", "twice", "twice-1", "own"}
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n\n[a](other.md) [b](other.md#twice-1) [c](#title) [d](https://example.org/x#y) [e](other.md#own)\n\n"
        "[f](none.md) [g](other.md#thrice)\n[h](#none) ![i](none.png) [j](../outside.md) [k](https://)\n\n"
        "    [code](is-no-link.md)\n\n[l][ref]\n\n[ref]: lost.md\n"
    )
    assert [fault.split(": ")[1] for fault in broken(page, tmp_path)] == [
        "none.md", "other.md#thrice", "#none", "none.png", "../outside.md", "https://", "lost.md"
    ]  # fmt: skip
