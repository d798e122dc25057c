"""Records of one kind over a raw SQLite connection: read only, or writing inside the current transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from iamd.stores.ports.records import AlreadyExists, Topic, Value, no_topics
from iamd.stores.ports.store import DiskFull, StoreUnavailable
from iamd.stores.sql.ranges import successor
from iamd.stores.sql.statements import PageShape, Statements

R = TypeVar("R")
_DUPLICATES = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})


class Session(Protocol):
    """Where statements run: the connection of the calling thread, or the one transaction."""

    execute: Callable[..., sqlite3.Cursor]


class SqlRecords(Generic[R]):
    """The committed records, read only."""

    def __init__(self, statements: Statements, session: Session) -> None:
        self._statements = statements
        self._session = session
        self._decode: Callable[[Any], R] = statements.decode
        self._get = statements.get

    def get(self, *key: Value) -> R | None:
        return self._one(self._get, key)

    def find(self, by: str, *values: Value) -> R | None:
        return self._one(self._statements.find[by], values)

    def _one(self, sql: str, values: tuple[Value, ...]) -> R | None:
        row = self._session.execute(sql, values).fetchone()
        return None if row is None else self._decode(row)

    def page(
        self,
        by: str,
        *equal: Value,
        starts: str | bytes | None = None,
        after: Sequence[Value] | None = None,
        since: Sequence[Value] | None = None,
        limit: int | None = None,
    ) -> list[R]:
        below = None
        arguments: list[Value] = list(equal)
        if starts:
            below = successor(starts)
            # SQLite seeks by one lower bound only: keep the higher of the prefix and the cursor.
            if after and not _reaches(after[0], starts):
                after = None
            if not after and not (since and _reaches(since[0], starts)):
                since = (starts,)
        if below is not None:
            arguments.append(below)
        for bound in (after, since):
            if bound:
                if None in bound:
                    raise ValueError("a page cannot start at an absent value")
                arguments += bound
        if limit is not None:
            arguments.append(limit)
        shape = PageShape(by, len(equal), below is not None, len(after or ()), len(since or ()), limit is not None)
        rows = self._session.execute(self._statements.page(shape), arguments).fetchall()
        return list(map(self._statements.decode_in_page, rows))

    def count(self, by: str, *equal: Value) -> int:
        kind = self._statements.kind
        if kind.tallied and by == "key" and len(equal) == 1:
            row = self._session.execute(self._statements.tally_of, (kind.name, *equal)).fetchone()
            return row[0] if row else 0
        number: int = self._session.execute(self._statements.count(by, len(equal)), equal).fetchone()[0]
        return number

    def insert(self, record: R) -> None:
        self._refuse(record)

    def replace(self, record: R) -> None:
        self._refuse(record)

    def put(self, record: R) -> None:
        self._refuse(record)

    def delete(self, *key: Value) -> R | None:
        self._refuse(key)

    def _refuse(self, what: object) -> NoReturn:
        raise TypeError(f"the committed state is read only: {self._statements.kind.name} {what!r}")


class WritableRecords(SqlRecords[R]):
    """The records inside the one transaction; what a change touches is reported to `touch`."""

    def __init__(self, statements: Statements, session: Session, touch: Callable[[Iterable[Topic]], None]) -> None:
        super().__init__(statements, session)
        self._touch = touch
        self._topics = statements.kind.topics
        self._duplicates_raise = statements.dialect.duplicates_raise
        # Whether anybody cares what was there before a put.
        self._has_past = statements.kind.tallied or statements.kind.topics is not no_topics

    def insert(self, record: R) -> None:
        cursor = self._run(self._statements.insert, self._statements.encode(record), record)
        if not self._duplicates_raise and cursor.fetchone() is None:
            raise AlreadyExists(f"{self._statements.kind.name}: {self._key(record)}")
        self._tally(record, 1)
        if not self._statements.kind.unknown_when_new:
            self._touch(self._topics(record))

    def replace(self, record: R) -> None:
        # What the old state touched is touched too: a policy may change the ARN by which it is known.
        old = self._get_like(record)
        if old is None:
            raise KeyError(self._key(record))
        self._refuse_taken(record, old)
        if self._statements.replace:
            self._run(self._statements.replace, self._statements.encode_replacement(record), record)
        self._touch_both(old, record)

    def put(self, record: R) -> None:
        old = self._get_like(record) if self._has_past else None
        self._refuse_taken(record, old)
        self._run(self._statements.put, self._statements.encode(record), record)
        if self._has_past:
            if old is None:
                self._tally(record, 1)
            self._touch_both(old, record)

    def delete(self, *key: Value) -> R | None:
        row = self._run(self._statements.delete, key, None).fetchone()
        if row is None:
            return None
        record = self._decode(row)
        self._tally(record, -1)
        self._touch(self._topics(record))
        return record

    def _refuse_taken(self, record: R, old: R | None) -> None:
        """Where a failed statement would end the transaction: look before. There is one transaction that writes."""
        if self._duplicates_raise:
            return
        kind = self._statements.kind
        for by, names in kind.unique.items():
            values = [getattr(record, name) for name in names]
            if None in values or (old is not None and values == [getattr(old, name) for name in names]):
                continue
            other = self.find(by, *values)
            if other is not None and self._key(other) != self._key(record):
                raise AlreadyExists(f"{kind.name}: {self._key(record)}")

    def _tally(self, record: R, number: int) -> None:
        kind = self._statements.kind
        if kind.tallied:
            self._session.execute(self._statements.tally, (kind.name, getattr(record, kind.key[0]), number))

    def _get_like(self, record: R) -> R | None:
        return self.get(*self._key(record))

    def _key(self, record: R) -> list[Value]:
        return [getattr(record, name) for name in self._statements.kind.key]

    def _touch_both(self, old: R | None, new: R) -> None:
        if old is not None:
            self._touch(self._topics(old))
        self._touch(self._topics(new))

    def _run(self, sql: str, arguments: Sequence[Any], record: R | None) -> sqlite3.Cursor:
        try:
            return self._session.execute(sql, arguments)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode not in _DUPLICATES:
                raise
            raise AlreadyExists(f"{self._statements.kind.name}: {self._key(record) if record else arguments}") from None


def _reaches(value: Value, starts: str | bytes) -> bool:
    """Whether a cursor's first value is not below the prefix: text by code point, bytes by value."""
    return value >= starts  # type: ignore[operator]  # both are of the column's type


def unavailable(error: sqlite3.Error) -> StoreUnavailable:
    name = getattr(error, "sqlite_errorname", None)
    kind = DiskFull if name in _FULL else StoreUnavailable
    return kind(f"{error} ({name})" if name else str(error))
