"""Checks the links in README and docs: files and headings that they point at, and pages that nobody points at.

python tools/links.py       print what is broken; exit 1 if anything is
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).resolve().parent.parent
_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")
_ANCHOR: Final = re.compile(r'<a (?:id|name)="([^"]+)"')


def pages(root: Path) -> list[Path]:
    return sorted({*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "examples").rglob("*.md")})


def broken(page: Path, root: Path) -> Iterator[str]:
    """What the links of a page lead to and is not there, one `line: link: why` each."""
    for line, link in links(page):
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto"):
            if parts.scheme != "mailto" and not parts.hostname:
                yield f"{line}: {link}: no host"
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_relative_to(root) or not target.exists():
            yield f"{line}: {link}: there is no such file"
        elif parts.fragment and target.suffix == ".md" and unquote(parts.fragment) not in anchors(target):
            yield f"{line}: {link}: there is no such heading"


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Links and pictures, with the line of the block that they stand in."""
    for token in _MARKDOWN.parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            link = child.attrs.get("href") or child.attrs.get("src")
            if link:
                yield (token.map or [0])[0] + 1, str(link)


def anchors(page: Path) -> set[str]:
    """The names of a page's headings as GitHub gives them: a second heading of the same text gets `-1`."""
    seen: Counter[str] = Counter()
    found = set(_ANCHOR.findall(page.read_text(encoding="utf-8")))
    tokens = _MARKDOWN.parse(page.read_text(encoding="utf-8"))
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            name = _slug(inline)
            found.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return found


def _slug(heading: Token) -> str:
    text = "".join(child.content for child in heading.children or ())
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def main() -> None:
    found = [f"{page.relative_to(ROOT)}:{fault}" for page in pages(ROOT) for fault in broken(page, ROOT)]
    print(*found, sep="\n", end="\n" if found else "")
    if found:
        sys.exit(f"{len(found)} links are broken")
    print(f"{len(pages(ROOT))} pages: every link leads somewhere")


if __name__ == "__main__":
    main()
