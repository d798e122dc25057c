"""Room in the log before it is needed: a file that has its bytes is synced in half the time of one that grows."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from iamd.stores.space import free_bytes
from iamd.stores.sql.connections import connect_writer

LOG_BYTES: Final = 16 << 20
_SPARE: Final = 8
"""So many times that much must be free: where it is not, the log grows as it is written."""
_CACHED_PAGES: Final = 16


def lengthen_log(database: Path) -> None:
    """Make the log LOG_BYTES long, unless it is or somebody writes. What stands behind its last commit is nothing.

    Pages that SQLite moves out of a small cache are in the log before they are committed, and stay there, unread, when
    they are rolled back: until a commit is written over them.
    """
    log = database.with_name(database.name + "-wal")
    if _size(log) >= LOG_BYTES or free_bytes(database.parent) < _SPARE * LOG_BYTES:
        return
    # Where somebody writes, or there is no space after all, it stays as it is.
    with contextlib.suppress(sqlite3.OperationalError, OSError):
        with contextlib.closing(connect_writer(database, "OFF")) as connection:
            _spill(connection)
        with log.open("rb") as file:
            os.fdatasync(file.fileno())


def _spill(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA cache_size = {_CACHED_PAGES}")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE log_space (bytes BLOB)")
    connection.execute("INSERT INTO log_space VALUES (zeroblob(?))", (LOG_BYTES,))
    connection.execute("ROLLBACK")


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0
