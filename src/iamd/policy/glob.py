"""Wildcards: `*` is any run of characters, `?` is one. Linear in practice and bounded always; never a regex.

A pattern is a sequence of tokens, so that substituted text can be literal whatever characters it holds.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple


class Wild(Enum):
    MANY = "*"
    ONE = "?"


_WILD: Final = {wild.value: wild for wild in Wild}

SHORT: Final = 256
"""Characters of a text that may be remembered: nobody fills the memory with what is kept of longer ones."""

_TRIES: Final = 32
"""Places where a piece may nearly stand; where there are more, each of them would cost as much as the piece is long."""

Token = str | Wild
Matcher = Callable[[str], bool]


_WILDCARDS: Final = re.compile(r"([*?])")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a pattern as written: every `*` and `?` is a wildcard."""
    return [_WILD.get(part, part) for part in _WILDCARDS.split(text) if part]


def compile_glob(pattern: str) -> Matcher:
    """What short patterns compile to is remembered: the same few stand in most policies."""
    return _remembered(pattern) if len(pattern) <= SHORT else _compile(pattern)


def _compile(pattern: str) -> Matcher:
    return compile_tokens(tokens_of(pattern)) if "?" in pattern else compile_runs(pattern.split("*"))


_remembered = lru_cache(maxsize=4096)(_compile)


def compile_runs(texts: Sequence[str]) -> Matcher:
    """A test for literal texts with any run of characters between each two of them."""
    if len(texts) == 1:
        (literal,) = texts
        return lambda text: text == literal
    inner = [text for text in texts[1:-1] if text]
    return _plain_in_order(texts[0], inner, texts[-1]) if inner else _plain_ends(texts[0], texts[-1])


def compile_tokens(tokens: Iterable[Token]) -> Matcher:
    """The quickest test for this shape of pattern."""
    pieces = _pieces(tokens)
    if all(piece.is_plain for piece in pieces):
        return compile_runs([piece.text for piece in pieces])
    return _exactly(pieces[0]) if len(pieces) == 1 else _in_order(pieces)


class _Piece(NamedTuple):
    """What stands between two `*`: literal chunks at their offsets, `?` being the gaps."""

    length: int
    chunks: tuple[tuple[int, str], ...]

    @property
    def is_plain(self) -> bool:
        return sum(len(text) for _, text in self.chunks) == self.length

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.chunks)

    def stands_at(self, text: str, at: int) -> bool:
        return all(text.startswith(chunk, at + offset) for offset, chunk in self.chunks)

    def find(self, text: str, start: int, end: int) -> int:
        """The first place from `start` on where the piece stands and ends by `end`, or -1."""
        if not self.chunks:
            return start if start + self.length <= end else -1
        offset, anchor = max(self.chunks, key=lambda chunk: len(chunk[1]))
        last = end - (self.length - offset - len(anchor))
        at = text.find(anchor, start + offset, max(last, 0))
        for _ in range(_TRIES):
            if at < 0:
                return -1
            if self.stands_at(text, at - offset):
                return at - offset
            at = text.find(anchor, at + 1, last)
        return -1 if at < 0 else self._find_by_bits(text, at - offset, end)

    def _find_by_bits(self, text: str, start: int, end: int) -> int:
        """The same, one character after the other, whatever repeats in both (Baeza-Yates and Gonnet, Shift-And).

        Bit `n` of the state says that the first `n + 1` characters of the piece stand where the text has been read to.
        """
        gaps = (1 << self.length) - 1
        literal: dict[str, int] = defaultdict(int)
        for offset, chunk in self.chunks:
            gaps &= ~(((1 << len(chunk)) - 1) << offset)
            for number, character in enumerate(chunk, offset):
                literal[character] |= 1 << number
        fitting = {character: places | gaps for character, places in literal.items()}
        complete, state = 1 << (self.length - 1), 0
        for at in range(start, end):
            state = ((state << 1) | 1) & fitting.get(text[at], gaps)
            if state & complete:
                return at + 1 - self.length
        return -1


def _pieces(tokens: Iterable[Token]) -> list[_Piece]:
    pieces = []
    chunks: list[tuple[int, str]] = []
    length = 0
    for token in tokens:
        if token is Wild.MANY:
            pieces.append(_Piece(length, tuple(chunks)))
            chunks, length = [], 0
        elif token is Wild.ONE:
            length += 1
        else:
            assert isinstance(token, str)  # noqa: S101  narrows the type, nothing else is left
            if chunks and chunks[-1][0] + len(chunks[-1][1]) == length:
                chunks[-1] = (chunks[-1][0], chunks[-1][1] + token)
            else:
                chunks.append((length, token))
            length += len(token)
    pieces.append(_Piece(length, tuple(chunks)))
    inner = [piece for piece in pieces[1:-1] if piece.length]
    return [pieces[0], *inner, pieces[-1]] if len(pieces) > 1 else pieces


def _exactly(piece: _Piece) -> Matcher:
    return lambda text: len(text) == piece.length and piece.stands_at(text, 0)


def _plain_ends(head: str, tail: str) -> Matcher:
    if not tail:
        return (lambda text: text.startswith(head)) if head else (lambda _text: True)
    if not head:
        return lambda text: text.endswith(tail)
    shortest = len(head) + len(tail)
    return lambda text: len(text) >= shortest and text.startswith(head) and text.endswith(tail)


def _plain_in_order(head: str, inner: Sequence[str], tail: str) -> Matcher:
    """Head and tail cannot overlap: there is something to find between them."""

    def matches(text: str) -> bool:
        if not text.startswith(head) or not text.endswith(tail):
            return False
        at, end = len(head), len(text) - len(tail)
        for piece in inner:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return matches


def _in_order(pieces: Sequence[_Piece]) -> Matcher:
    head, *inner, tail = pieces
    shortest = sum(piece.length for piece in pieces)

    def matches(text: str) -> bool:
        end = len(text) - tail.length
        if len(text) < shortest or not head.stands_at(text, 0) or not tail.stands_at(text, end):
            return False
        at = head.length
        for piece in inner:
            at = piece.find(text, at, end)
            if at < 0:
                return False
            at += piece.length
        return True

    return matches
