"""The committed state of a data directory, for commands that only read: a running server is not disturbed."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from iamd.stores.ports.state import KINDS, State
from iamd.stores.sql.connections import Readers, connect_reader
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import DATABASE, NewerFormat, schema_version
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state


class NoData(Exception):  # noqa: N818  # names what was found
    """There is no database of iamd's in this directory, or on this server."""


def require_data(directory: Path) -> None:
    """Raises NoData."""
    if not (directory / DATABASE).is_file():
        raise NoData(f"{directory} holds no iamd data")


@contextmanager
def readable(directory: Path) -> Iterator[Path]:
    """The database; on a file system that is read only, a copy of it and its log, which nobody can be changing.

    SQLite cannot read it there: it needs to make the log's index beside it (SQLite, "Write-Ahead Logging", "Read-Only
    Databases").
    """
    path = directory / DATABASE
    if not os.statvfs(directory).f_flag & os.ST_RDONLY:
        yield path
        return
    with TemporaryDirectory(prefix="iamd-") as folder:
        for each in (path, path.with_name(path.name + "-wal")):
            if each.exists():
                shutil.copyfile(each, Path(folder) / each.name)
        yield Path(folder) / path.name


@contextmanager
def open_reader(directory: Path) -> Iterator[State]:
    """The state, until the block ends. Raises NoData, and NewerFormat for a database of another version than this."""
    require_data(directory)
    with readable(directory) as path:
        connection = connect_reader(path)
        try:
            version = schema_version(connection)
        except sqlite3.Error as error:
            raise NoData(f"{directory / DATABASE}: {error}") from None
        finally:
            connection.close()
        if version != HEAD:
            raise NewerFormat(f"the database has schema {version}, this iamd reads {HEAD}: start its server once")
        metadata = schema()
        statements = {kind.name: Statements(kind, metadata) for kind in KINDS}
        opened: list[sqlite3.Connection] = []
        try:
            yield read_state(statements, SqlRecords, Readers(path, opened))
        finally:
            for each in opened:
                each.close()
