"""The log is long before anything is written to it, and says nothing that nobody has committed."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from iamd.stores.sql import log_space
from iamd.stores.sql.connections import connect_reader, connect_writer
from iamd.stores.sql.log_space import LOG_BYTES, lengthen_log


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "iamd.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE kept (number INTEGER)")
        connection.execute("INSERT INTO kept VALUES (1)")
        connection.commit()
    return path


def log_of(database: Path) -> Path:
    return database.with_name("iamd.db-wal")


def numbers(database: Path) -> list[int]:
    with contextlib.closing(connect_reader(database)) as reader:
        return [number for (number,) in reader.execute("SELECT number FROM kept")]


def test_it_is_lengthened_once_and_holds_what_was_committed(database: Path) -> None:
    with contextlib.closing(connect_writer(database, "FULL")) as writer:
        writer.execute("INSERT INTO kept VALUES (2)")
        lengthen_log(database)
        size = log_of(database).stat().st_size
        assert size >= LOG_BYTES
        assert numbers(database) == [1, 2]
        writer.execute("INSERT INTO kept VALUES (3)")
        lengthen_log(database)
        assert log_of(database).stat().st_size == size
        assert numbers(database) == [1, 2, 3]
        assert writer.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]
        assert writer.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_after_a_crash_nothing_of_it_is_read(database: Path, tmp_path: Path) -> None:
    """The files as they lie on the disk while somebody writes are those of a machine that has lost its power."""
    with contextlib.closing(connect_writer(database, "FULL")) as writer:
        lengthen_log(database)
        for number in range(2, 50):
            writer.execute("INSERT INTO kept VALUES (?)", (number,))
        crashed = tmp_path / "crashed.db"
        crashed.write_bytes(database.read_bytes())
        crashed.with_name("crashed.db-wal").write_bytes(log_of(database).read_bytes())
    assert numbers(crashed) == list(range(1, 50))
    with contextlib.closing(connect_reader(crashed)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_whoever_writes_is_left_alone(database: Path) -> None:
    with contextlib.closing(connect_writer(database, "FULL")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO kept VALUES (2)")
        lengthen_log(database)
        writer.execute("COMMIT")
        assert log_of(database).stat().st_size < LOG_BYTES
    assert numbers(database) == [1, 2]


def test_a_disk_with_little_space_keeps_it(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_space, "free_bytes", lambda _: LOG_BYTES)
    with contextlib.closing(connect_writer(database, "FULL")):
        lengthen_log(database)
        assert not log_of(database).exists() or log_of(database).stat().st_size < LOG_BYTES
