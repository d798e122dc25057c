r"""The models' patterns, which are Java's, as Python's: full match, ASCII `\w` and `\d`, `\\p{…}`, astral ranges."""

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

_SHORTHANDS: Final[Mapping[str, str]] = MappingProxyType(
    {"w": "a-zA-Z0-9_", "d": "0-9", "s": r" \t\n\x0b\f\r"},
)
_NEGATED_IN_SET: Final[Mapping[str, str]] = MappingProxyType(
    {"W": r"\x00-/:-@\[-\^`{-\U0010ffff", "D": r"\x00-/:-\U0010ffff", "S": r"\x00-\x08\x0e-\x1f!-\U0010ffff"},
)
_ANY: Final = "[^\\n\\r\x85\u2028\u2029]"
_ASTRAL: Final = re.compile(r"\\u10000-\\u10FFFF|\\uD800\\uDC00-\\uDBFF\\uDFFF", re.IGNORECASE)
_LETTERS_AND_NUMBERS: Final = re.compile(r"\\p\{L\}|\\p\{N\}")


@cache
def compile_pattern(pattern: str) -> Callable[[str], object]:
    """A full matcher of a model's pattern; its answer is true or false as an object. Raises re.error."""
    return re.compile(translate(pattern)).fullmatch


def translate(pattern: str) -> str:
    """Python's spelling of a Java pattern."""
    # Java reads a pair of surrogate escapes as one character; AWS also writes \u10000 and means U+10000.
    source = _ASTRAL.sub("\U00010000-\U0010ffff", pattern)
    out: list[str] = []
    at = 0
    while at < len(source):
        character = source[at]
        if character == "[":
            end = _set_end(source, at)
            out.append(_translate_set(source[at:end]))
            at = end
        elif character == "\\":
            piece, at = _escape(source, at)
            out.append(piece if len(piece) == 1 or piece.startswith("\\") else f"[{piece}]")
        else:
            out.append(_ANY if character == "." else character)
            at += 1
    return "".join(out)


def _set_end(source: str, start: int) -> int:
    at = start + 1
    while source[at] != "]":
        at += 2 if source[at] == "\\" else 1
    return at + 1


def _escape(source: str, at: int) -> tuple[str, int]:
    """The escape at a position, as the content of a set, and the position behind it."""
    kind = source[at + 1]
    if kind in _SHORTHANDS:
        return _SHORTHANDS[kind], at + 2
    if kind in "WDS":
        return f"^{_SHORTHANDS[kind.lower()]}", at + 2
    if kind == "p":
        end = source.index("}", at)
        return category_ranges(source[at + 3 : end]), end + 1
    if kind == "u":
        return re.escape(chr(int(source[at + 2 : at + 6], 16))), at + 6
    if kind == "x":
        return re.escape(chr(int(source[at + 2 : at + 4], 16))), at + 4
    if kind in "tnrfbB":
        return source[at : at + 2], at + 2
    return re.escape(kind), at + 2


def _translate_set(source: str) -> str:
    content = source[1:-1]
    # L, N and the underscore together are exactly what Python's own \w holds, and that needs no table of ranges.
    word = "\\p{L}" in content and "\\p{N}" in content and "_" in content and not content.startswith("^")
    if word:
        content = _LETTERS_AND_NUMBERS.sub("", content)
    out: list[str] = ["\\w"] if word else []
    at = 0
    while at < len(content):
        if content[at] == "\\":
            negated = _NEGATED_IN_SET.get(content[at + 1])
            piece, at = (negated, at + 2) if negated is not None else _escape(content, at)
            out.append(piece)
        else:
            out.append("\\[" if content[at] == "[" else content[at])
            at += 1
    return f"[{''.join(out)}]"


@cache
def category_ranges(category: str) -> str:
    """The characters of a Unicode category (`L`, `Lu`, `Z` …) as the content of a set."""
    if category == "Z":
        return " \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    ranges: list[str] = []
    start: int | None = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(category)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
            start = None
    return "".join(ranges)
