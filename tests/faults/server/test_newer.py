"""A data directory that a newer iamd has written: a start ends with one clear line, and leaves it as it was."""

import contextlib
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.clients.server import BIN, running


def newer_format(data_dir: Path) -> str:
    (data_dir / "format").write_text("2\n", encoding="ascii")
    return "data format '2'"


def newer_schema(data_dir: Path) -> str:
    with contextlib.closing(sqlite3.connect(data_dir / "iamd.db", isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    return "schema 9999"


@pytest.mark.parametrize("make", [newer_format, newer_schema])
def test_a_start_on_newer_data_ends_with_one_line(tmp_path: Path, make: object) -> None:
    with running(tmp_path):
        pass
    assert callable(make)
    said = make(tmp_path)
    before = (tmp_path / "iamd.db").read_bytes()
    command: list[str | Path] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert said in line
    assert (tmp_path / "iamd.db").read_bytes() == before
