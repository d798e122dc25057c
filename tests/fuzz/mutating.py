"""Bytes made worse: a seeded mutator that knows what parsers stumble over."""

import random
from collections.abc import Sequence
from typing import Final

SPICE: Final = (
    *(b"", b"\0", b"\r", b"\n", b"\r\n", b"%", b"%00", b"%ff", b"%2e%2e", b"%2F", b"+", b"&", b"=", b";", b",", b"."),
    *(b"../", b"//", b"?", b"#", b"*", b"${", b"}", b"${aws:username}", b"'", b'"', b"\\", b"\\ud800", b"\\u0000"),
    *(b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbb\xbf", "İ".encode(), "ß".encode(), "\u2028".encode()),
    *(b"0", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"0x10", b"1_0", "\u0663".encode(), b"\xb2"),
    *(b"[", b"]", b"{", b"}", b"[[[[[[[[", b'{"":', b"null", b"true", b"<", b">", b"</", b"<!DOCTYPE a>", b"&lt;"),
    *(b"<![CDATA[", b"<?xml version='1.0'?>", b" xmlns:a='b'", b"&#0;", b"&#x10FFFF;", b"<!--", b"<a>" * 60),
    *(b"arn:aws:", b":", b"::::::", b"*" * 40, b"?" * 40, b"A" * 300, b"20261124T120000Z", b"00010101T000000Z"),
    *(b"99991231T235959Z", b"Mon, 09 Sep 0000 23:36:00 -2400", b"bytes=", b"-", b"0-0", b".member.1", b".entry.0"),
)


class Mutator:
    """Makes variants of `seeds`; the same seed number makes the same ones."""

    def __init__(self, seeds: Sequence[bytes], number: int) -> None:
        self.random = random.Random(number)  # noqa: S311  # test data
        self._seeds = seeds
        self._steps = (self._flip, self._insert, self._cut, self._double, self._splice, self._overwrite, self._truncate)

    def next(self) -> bytes:
        """Mostly one to four steps from a good input, at times one that is unchanged."""
        data = self.random.choice(self._seeds)
        for _ in range(self.random.choice((0, 1, 1, 1, 1, 2, 2, 3, 4))):
            data = self.random.choice(self._steps)(data)
        return data

    def _place(self, data: bytes) -> int:
        return self.random.randint(0, len(data))

    def _flip(self, data: bytes) -> bytes:
        if not data:
            return data
        at = self.random.randrange(len(data))
        return data[:at] + bytes((data[at] ^ (1 << self.random.randrange(8)),)) + data[at + 1 :]

    def _insert(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self.random.choice(SPICE) + data[at:]

    def _cut(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + data[at + self.random.randint(1, 12) :]

    def _double(self, data: bytes) -> bytes:
        at = self._place(data)
        end = min(len(data), at + self.random.randint(1, 60))
        return data[:end] + data[at:end] + data[end:]

    def _splice(self, data: bytes) -> bytes:
        other = self.random.choice(self._seeds)
        return data[: self._place(data)] + other[self._place(other) :]

    def _overwrite(self, data: bytes) -> bytes:
        at, spice = self._place(data), self.random.choice(SPICE)
        return data[:at] + spice + data[at + len(spice) :]

    def _truncate(self, data: bytes) -> bytes:
        return data[: self._place(data)]
