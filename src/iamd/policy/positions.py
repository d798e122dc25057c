"""Where statements stand in a policy's text, counted as the policy simulator counts."""

from bisect import bisect_left
from collections.abc import Iterator
from json import JSONDecoder
from typing import Final, NamedTuple

_DECODER: Final = JSONDecoder()
_BLANK: Final = " \t\n\r"


class Position(NamedTuple):
    """Both count from 1."""

    line: int
    column: int


class Span(NamedTuple):
    start: Position
    end: Position


def statement_spans(text: str) -> list[Span]:
    """One span for each statement of a valid document.

    A statement starts where the token before it ends (`[`, or the statement before; a single one behind its own `{`)
    and ends behind its `}`: so say the AWS CLI's examples of simulate-custom-policy and simulate-principal-policy.
    """
    lines = [-1, *(at for at, character in enumerate(text) if character == "\n")]
    return [Span(_position(start, lines), _position(end, lines)) for start, end in _offsets(text)]


def _position(offset: int, lines: list[int]) -> Position:
    line = bisect_left(lines, offset)
    return Position(line, offset - lines[line - 1])


def _offsets(text: str) -> Iterator[tuple[int, int]]:
    at = _skip(text, 0) + 1
    while text[at := _skip(text, at)] != "}":
        if text[at] == ",":
            at = _skip(text, at + 1)
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if name == "Statement":
            yield from _statements(text, at)
            return
        _, at = _DECODER.raw_decode(text, at)


def _statements(text: str, at: int) -> Iterator[tuple[int, int]]:
    if text[at] == "{":
        yield at + 1, _DECODER.raw_decode(text, at)[1]
        return
    start = at + 1
    while text[at := _skip(text, start)] != "]":
        _, end = _DECODER.raw_decode(text, _skip(text, at + 1) if text[at] == "," else at)
        yield start, end
        start = end


def _skip(text: str, at: int) -> int:
    while text[at] in _BLANK:
        at += 1
    return at
