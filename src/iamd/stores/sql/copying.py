"""All state from one database to another, record by record: what differs between databases never meets."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from iamd.stores.ports.records import Kind, Records, Topic
from iamd.stores.ports.state import KINDS, State
from iamd.stores.sql.opening import DATABASE, prepare
from iamd.stores.sql.records import WritableRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import build_state

WHOLE: Final[tuple[Kind[Any], ...]] = tuple(replace(kind, unread_in_pages=()) for kind in KINDS)
"""Every kind, with pages that leave nothing out: what is copied is read through statements for these."""
_PAGE: Final = 256
_PAGE_OF_LARGE: Final = 64
"""Records whose pages leave something out otherwise hold up to 64 KiB each."""

Progress = Callable[[int], None]


def copy_state(source: State, target: State, progress: Progress) -> None:
    """Insert every record of `source`, whose pages are whole, into `target`, which has none.

    INVARIANT: memory does not grow with the number of records. `progress` is told the bytes of their texts.
    """
    for kind in KINDS:
        limit = _PAGE_OF_LARGE if kind.unread_in_pages else _PAGE
        new: Records[Any] = getattr(target, kind.name)
        for page in _pages(getattr(source, kind.name), kind, limit):
            for record in page:
                new.insert(record)
            progress(sum(_size(kind, record) for record in page))


@contextmanager
def filling(directory: Path) -> Iterator[State]:
    """A new database in `directory`, to be filled by the block: one file, without a log, when the block has ended.

    What was written before a failure is worth nothing, and nothing of it waits for the disk. Raises OSError.
    """
    metadata = schema()
    prepare(directory, metadata)
    path = directory / DATABASE
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        statements = {kind.name: Statements(kind, metadata) for kind in KINDS}
        yield write_state(statements, connection)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(None, str(error), str(path)) from error
    finally:
        connection.close()


def write_state(statements: dict[str, Statements], session: Any) -> State:
    """In the open transaction of `session`, for a database that nobody serves yet: nobody follows its changes."""
    return build_state({name: WritableRecords(each, session, _unheard) for name, each in statements.items()})


def _unheard(_: Iterable[Topic]) -> None:
    """See write_state."""


def _pages(records: Records[Any], kind: Kind[Any], limit: int) -> Iterator[list[Any]]:
    after: list[Any] | None = None
    while page := records.page("key", after=after, limit=limit):
        yield page
        if len(page) < limit:
            return
        after = [getattr(page[-1], name) for name in kind.key]


def _size(kind: Kind[Any], record: Any) -> int:
    values = (getattr(record, column.name) for column in kind.columns)
    return sum(len(value) for value in values if isinstance(value, str | bytes))
