"""A log whose end is torn: what is whole before the tear is there, in order and without gaps, and it goes on."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from iamd.stores.sql import SqlStore, open_store
from iamd.stores.sql.opening import DATABASE
from tests.stores.contract import user

LOG = DATABASE + "-wal"
SETTLED = 10
LOGGED = 20
LOG_HEADER_BYTES = 32
FRAME_BYTES = 24 + 4096


@pytest.fixture
def crashed(tmp_path: Path) -> tuple[Path, int]:
    """A directory as a crash leaves it: ten users in the database, twenty more in the log; the last commit's bytes."""
    left = tmp_path / "left"
    with contextlib.closing(open_store(tmp_path / "live", ephemeral=False)) as store:
        for number in range(SETTLED):
            insert(store, number)
        # From here on the log holds only what comes after.
        assert store._engine._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        log = tmp_path / "live" / LOG
        before = 0
        for number in range(SETTLED, SETTLED + LOGGED):
            before = log.stat().st_size
            insert(store, number)
        last = log.stat().st_size - before
        left.mkdir()
        for name in (DATABASE, LOG, "format"):
            shutil.copy(tmp_path / "live" / name, left / name)
    assert last >= FRAME_BYTES
    return left, last


def insert(store: SqlStore, number: int) -> None:
    store.write_now(lambda transaction: transaction.state.users.insert(user(number)))


def survivors(directory: Path) -> int:
    """How many users are left, the first ones without a gap; one more can be written, and the database is whole."""
    with contextlib.closing(open_store(directory, ephemeral=False)) as store:
        names = [found.name for found in store.state.users.page("key")]
        assert names == [user(number).name for number in range(len(names))]
        insert(store, len(names))
        assert store.state.users.count("key") == len(names) + 1
    with contextlib.closing(sqlite3.connect(directory / DATABASE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return len(names)


def test_an_untouched_log_is_read_whole(crashed: tuple[Path, int]) -> None:
    assert survivors(crashed[0]) == SETTLED + LOGGED


@pytest.mark.parametrize("cut", [1, 100, FRAME_BYTES - 1, FRAME_BYTES])
def test_a_log_that_ends_early_loses_only_its_last_commit(crashed: tuple[Path, int], cut: int) -> None:
    directory, _ = crashed
    log = directory / LOG
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size - cut)
    assert survivors(directory) == SETTLED + LOGGED - 1


def test_a_scribbled_page_ends_the_log_before_its_commit(crashed: tuple[Path, int]) -> None:
    directory, last = crashed
    log = directory / LOG
    with log.open("r+b") as file:
        file.seek(log.stat().st_size - last + 24 + 8)
        file.write(b"torn" * 256)
    assert survivors(directory) == SETTLED + LOGGED - 1


@pytest.mark.parametrize("kept", [0, LOG_HEADER_BYTES - 1, LOG_HEADER_BYTES, LOG_HEADER_BYTES + FRAME_BYTES // 2])
def test_what_was_settled_needs_no_log(crashed: tuple[Path, int], kept: int) -> None:
    directory, _ = crashed
    with (directory / LOG).open("r+b") as file:
        file.truncate(kept)
    assert survivors(directory) == SETTLED
