"""A copy of the database as of one commit, taken beside whoever writes, and what it needs besides itself."""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from iamd.stores.ports.records import Kind
from iamd.stores.ports.state import KINDS, State
from iamd.stores.sql.connections import Readers, connect_reader
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import DamagedDatabase, NewerFormat, schema_version
from iamd.stores.sql.reading import readable, require_data
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state

_EXTENTS: Final = "extents"


def copy_database(directory: Path, target: Path) -> None:
    """Write the database's last commit to `target`, a new file of mode 0600, and check it.

    It is one read transaction: nobody waits for it, and only the log cannot start anew until it is over. Raises NoData,
    NewerFormat, DamagedDatabase, OSError.
    """
    require_data(directory)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with readable(directory) as path:
        _copy(path, target)
    check_database(target, {HEAD})


def _copy(path: Path, target: Path) -> None:
    source = connect_reader(path)
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        # All pages in one step: a copy in several begins again whenever another process has committed in between.
        source.backup(copy, pages=-1)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise _fault(path, error) from error
    finally:
        copy.close()
        source.close()


def check_database(path: Path, schemas: Collection[str]) -> None:
    """Raises DamagedDatabase, and NewerFormat for a schema that is none of these."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    try:
        findings = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        version = schema_version(connection)
    except sqlite3.DatabaseError as error:
        raise _fault(path, error) from error
    finally:
        connection.close()
    if findings != ["ok"]:
        raise DamagedDatabase(f"the database is damaged: {' '.join(findings[0].split())}")
    if version not in schemas:
        raise NewerFormat(f"the database has schema {version}, this iamd has {HEAD}: start its server once")


@contextmanager
def read_copy(path: Path, kinds: Iterable[Kind[Any]] = KINDS) -> Iterator[State]:
    """The state of a copy, until the block ends."""
    metadata = schema()
    statements = {kind.name: Statements(kind, metadata) for kind in kinds}
    opened: list[sqlite3.Connection] = []
    try:
        yield read_state(statements, SqlRecords, Readers(path, opened))
    finally:
        for each in opened:
            each.close()


def blobs_of(path: Path) -> Iterator[str]:
    """Ids of every blob that a row of this copy refers to, each once, in order."""
    tables = [kind.name for kind in KINDS if any(column.name == _EXTENTS for column in kind.columns)]
    selects = ["SELECT blob_id FROM blob_uses"]
    selects += [f"SELECT value ->> 'blob' FROM {table}, json_each({table}.extents)" for table in tables]  # noqa: S608  # our own names
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    try:
        for (blob_id,) in connection.execute(" UNION ".join(selects) + " ORDER BY 1"):
            if blob_id is not None:
                yield blob_id
    finally:
        connection.close()


def _fault(path: Path, error: sqlite3.Error) -> Exception:
    """A full disk or a lock is no damage."""
    if isinstance(error, sqlite3.OperationalError):
        return OSError(None, str(error), str(path))
    return DamagedDatabase(f"the database is damaged: {error}")
