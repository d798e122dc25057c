"""What has changed, as a node knows it: read from the changelog, and by its own commits.

INVARIANT: a node says what has changed only if it has read the changelog within `CURRENT_SECONDS`, by a clock that no
one sets and that goes on while the machine sleeps.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

from iamd.stores.ports.records import Topic

CURRENT_SECONDS: Final = 1.0
SINCE: Final = """
    SELECT store_revision.epoch, store_revision.revision, changelog.revision, changelog.topics FROM store_revision
    LEFT JOIN changelog ON changelog.revision >= ? ORDER BY changelog.revision
"""
"""One statement, so that all of it is of one commit. The last row that is known comes again: it must be the same."""
MARK: Final = "\r"
"""Begins the line that tells a transaction's changelog rows from any other's: revisions come again where a database
that failed has lost its last commits."""


def clock() -> float:
    """Seconds, since no moment in particular."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Follower:
    """Used by one thread at a time."""

    def __init__(self, rows: list[Any], began: float) -> None:
        """`rows` answer SINCE from revision 0 or any other; what they name is not told.

        `read_to` is the revision up to which the changelog has been read. Own commits are told before they are read,
        and do not move it: what others committed under their numbers, or just below, is still to be seen.
        """
        self._topics: dict[Topic, None] = {}
        self._gap = False
        self._own: dict[int, str] = {}
        self.epoch: int = rows[0][0]
        self.read_to: int = rows[0][1]
        self._last = _text_of(rows, self.read_to)
        self._read_at = began
        self._known = self._told = self.read_to

    @property
    def read_at(self) -> float:
        """When the changelog was read, by `clock`."""
        return self._read_at

    def has_read_since(self, moment: float) -> bool:
        """Whether the changelog was read from a moment of `clock` on."""
        return self._read_at >= moment

    def read(self, asked: int, rows: list[Any], began: float) -> None:
        """Take in what SINCE answered from revision `asked` on; `began` is when it was asked."""
        epoch, revision = rows[0][0], rows[0][1]
        if epoch == self.epoch and revision >= self.read_to >= asked and self._follows(revision, rows):
            self._advance(revision, rows)
        elif self.read_to == asked:
            self._gap, self._topics, self._own = True, {}, {}
            self.epoch, self.read_to, self._last = epoch, revision, _text_of(rows, revision)
            self._known = revision
        else:
            # Another reading came meanwhile, and this one does not go on from it: the next one tells.
            return
        self._read_at = max(self._read_at, began)

    def committed(self, first: int, texts: list[str]) -> None:
        """What this node has committed itself: revisions from `first` on."""
        self._note(texts)
        own = {number: text for number, text in enumerate(texts, first) if number > self.read_to}
        self._own.update(own)
        self._known = max(self._known, *own, self.read_to)

    def take(self) -> tuple[Topic, ...] | None:
        """What has changed since the last call, None for everything."""
        topics, gap = tuple(self._topics), self._gap
        self._told = self._known
        self._topics, self._gap = {}, False
        return None if gap else topics

    def behind(self) -> int:
        """How many revisions are known that `take` has not told of."""
        number: int = max(0, self._known - self._told)
        return number

    def _follows(self, revision: int, rows: list[Any]) -> bool:
        """Whether nothing is missing between what is known and what was read."""
        found = {row[2]: row[3] for row in rows if row[2] is not None and row[2] >= self.read_to}
        if self._last is None:
            # Nothing was ever changed, or everything was dropped.
            return len(found) == revision - self.read_to
        return len(found) == revision - self.read_to + 1 and found[self.read_to] == self._last

    def _advance(self, revision: int, rows: list[Any]) -> None:
        new = {row[2]: row[3] for row in rows if row[2] is not None and row[2] > self.read_to}
        # What stands under the number of an own commit may be another's: a database that failed gives numbers again.
        self._note(text for number, text in new.items() if text != self._own.pop(number, None))
        if new:
            self.read_to, self._last = revision, new[revision]
        self._known = max(self._known, revision)

    def _note(self, texts: Iterable[str]) -> None:
        for text in texts:
            for line in text.split("\n"):
                if not line.startswith(MARK):
                    self._topics[line] = None


def _text_of(rows: list[Any], revision: int) -> str | None:
    """The row of the last revision, if there is one."""
    return next((row[3] for row in rows if row[2] == revision), None)
