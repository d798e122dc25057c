"""Revisions: one row in `store_revision`, and a changelog row for every mutation that decisions may rest on."""

import sqlite3
from typing import Any, Protocol

from iamd.stores.ports.records import Topic
from iamd.stores.sql.connections import Seen
from iamd.stores.sql.dialects import SQLITE, Dialect

KEPT = 100_000
_PRUNE_EVERY = 1_000
EPOCH = "SELECT epoch FROM store_revision"
_INSERT = "INSERT INTO changelog (revision, topics) VALUES (?, ?)"
_UPDATE = "UPDATE store_revision SET revision = ?"
_PRUNE = "DELETE FROM changelog WHERE revision <= ?"
_HEAD = "SELECT epoch, revision FROM store_revision"
# One statement, so that all of it is of one commit.
_SINCE = """
    SELECT epoch, store_revision.revision, topics FROM store_revision
    LEFT JOIN changelog ON changelog.revision > ? ORDER BY changelog.revision
"""


class Writing(Protocol):
    """Where the statements of the open transaction run."""

    def execute(self, sql: str, arguments: Any = (), /) -> Any: ...


class Forget(Protocol):
    def __call__(self, *, told: bool) -> None: ...


class Changelog:
    """Writes the changelog inside the open transaction. `mark`, if there is one, ends the text of each row."""

    def __init__(self, connection: Writing, dialect: Dialect = SQLITE) -> None:
        self._connection = connection
        self._insert, self._update, self._prune = map(dialect.text, (_INSERT, _UPDATE, _PRUNE))
        self._first: int | None = None
        self._revision = 0
        self._mark = ""

    def begin(self, mark: str = "") -> None:
        self._first = None
        self._mark = mark

    def append(self, topics: dict[Topic, None]) -> None:
        """One revision for what was touched, in the mutation's savepoint. ValueError for a topic with a line feed."""
        text = "\n".join(topics)
        if text.count("\n") != len(topics) - 1:
            raise ValueError(f"a topic cannot hold a line feed: {topics}")
        execute = self._connection.execute
        if self._first is None:
            self._first = self._revision = execute("SELECT revision FROM store_revision").fetchone()[0]
        execute(self._insert, (self._revision + 1, text + self._mark))
        self._revision += 1

    def end(self) -> None:
        """Store the last revision, once for all mutations of the transaction; drop what is too old."""
        first, last = self._first, self._revision
        if first is None or first == last:
            return
        execute = self._connection.execute
        execute(self._update, (last,))
        if first // _PRUNE_EVERY != last // _PRUNE_EVERY:
            execute(self._prune, (last - KEPT,))


class Follower:
    """Tells what changed since it was asked last, whoever changed it. For one thread.

    Each commit calls `forget`, and says whether the changelog may have grown.
    """

    def __init__(self, connection: sqlite3.Connection, forget: Forget, seen: Seen) -> None:
        self._execute = connection.execute
        self._forget = forget
        self._seen = seen
        self._version = self._data_version()
        self._epoch: int
        self._revision: int
        self._epoch, self._revision = self._execute(_HEAD).fetchone()

    def changes(self) -> tuple[Topic, ...] | None:
        # INVARIANT: before anything is asked, so that what is read meanwhile counts as read since.
        self._seen.anything = False
        try:
            return self._changes()
        except BaseException:
            self._seen.anything = True
            raise

    def _changes(self) -> tuple[Topic, ...] | None:
        version = self._execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return ()
        before, known_epoch = self._revision, self._epoch
        # INVARIANT: the version is read before the rows, so that a commit in between is looked at again; and known only
        # when they are, so that rows which could not be read are asked for again.
        if self._execute(_HEAD).fetchone() == (known_epoch, before):
            self._version = version
            self._forget(told=False)
            return ()
        rows = self._execute(_SINCE, (before,)).fetchall()
        self._version = version
        self._epoch, self._revision, _ = rows[0]
        self._forget(told=True)
        if self._epoch != known_epoch or self._revision < before:
            return None
        if len(rows) != self._revision - before:
            return None
        return tuple(dict.fromkeys("\n".join(topics for _, _, topics in rows).split("\n")))

    def behind(self) -> int:
        """Committed revisions that `changes` will read next; 0 where a reset has begun to count anew."""
        epoch, revision = self._execute(_HEAD).fetchone()
        return max(0, revision - self._revision) if epoch == self._epoch else 0

    @property
    def epoch(self) -> int:
        """As of the last call of `changes`."""
        return self._epoch

    def _data_version(self) -> tuple[int]:
        version: tuple[int] = self._execute("PRAGMA data_version").fetchone()
        return version
