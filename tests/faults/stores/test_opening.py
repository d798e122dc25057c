"""What is opened is whole and of a version that is known; what is about to be changed is kept first."""

import contextlib
import sqlite3
import stat
from pathlib import Path

import pytest

from iamd.stores.sql import open_store
from iamd.stores.sql.opening import DATABASE, NewerFormat
from tests.stores.contract import user


def execute(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a user, to which this version's newest migration is new."""
    with contextlib.closing(open_store(tmp_path, ephemeral=False)) as store:
        store.write_now(lambda transaction: transaction.state.users.insert(user(1)))
    known = execute(tmp_path / DATABASE, "SELECT version_num FROM alembic_version")[0][0]
    monkeypatch.setattr("iamd.stores.sql.opening.HEAD", "9999")
    monkeypatch.setattr("iamd.stores.sql.migrations.run.known_versions", lambda: {known, "9999"})
    return tmp_path


def kept(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if ".before-9999-was-" in path.name]


def test_a_migration_keeps_the_database_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade(connection: object) -> None:
        del connection
        # It is there, complete, before anything is changed.
        (copy,) = kept(old)
        assert execute(copy, "SELECT count(*) FROM users") == [(1,)]
        raise LookupError("this migration fails")

    monkeypatch.setattr("iamd.stores.sql.migrations.run.upgrade", upgrade)
    with pytest.raises(LookupError):
        open_store(old, ephemeral=False)
    (copy,) = kept(old)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert execute(copy, "PRAGMA integrity_check") == [("ok",)]
    assert execute(old / DATABASE, "SELECT version_num FROM alembic_version") != [("9999",)]


def test_a_migration_that_cannot_be_backed_up_does_not_begin(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    monkeypatch.setattr("iamd.stores.sql.migrations.run.upgrade", begun.append)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        open_store(old, ephemeral=False)
    assert begun == []


def test_a_schema_or_a_format_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_store(tmp_path, ephemeral=False).close()
    execute(tmp_path / DATABASE, "UPDATE alembic_version SET version_num = '9999'")
    names = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(NewerFormat, match="schema 9999"):
        open_store(tmp_path, ephemeral=False)
    (tmp_path / "format").write_text("2\n")
    with pytest.raises(NewerFormat, match="data format '2'"):
        open_store(tmp_path, ephemeral=False)
    assert {path.name for path in tmp_path.iterdir()} == names
