"""`iamd backup` and `iamd restore`: what is there beside a server under load is there again, or nothing is."""

import contextlib
import hashlib
import io
import itertools
import json
import os
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iamd.cli.main import iamd as iamd_command
from iamd.stores.blobs.files import blob_path
from iamd.stores.sql import snapshot
from tests.clients.server import Iamd, connect, running

LARGE = os.urandom(300_000)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(iamd_command, list(map(str, words)), catch_exceptions=False)


def refused(*words: str | Path) -> str:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "\n" not in result.stderr.removeprefix("Error: ").strip()
    return result.stderr


@dataclass
class Backups:
    """Made of one server while it was written to: `acknowledged` by then are these keys, with their bytes."""

    data_dir: Path
    whole: Path
    keyless: Path
    acknowledged: dict[str, bytes]
    user: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    folder = tmp_path_factory.mktemp("backups")
    data_dir = folder / "data"
    with running(data_dir) as (iamd, _):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="kept")
        iamd.user("alice")
        acknowledged: dict[str, bytes] = {}
        enough, stop = threading.Event(), threading.Event()

        def work() -> None:
            for number in itertools.count():
                key, body = f"k{number}", LARGE[number:] if number % 3 else b"small %d" % number
                s3.put_object(Bucket="kept", Key=key, Body=body)
                acknowledged[key] = body
                if number == 20:
                    enough.set()
                if stop.is_set():
                    return

        working = threading.Thread(target=work)
        working.start()
        assert enough.wait(30)
        before = dict(acknowledged)
        assert run("backup", "--output", folder / "whole", "--data-dir", data_dir).exit_code == 0
        stop.set()
        working.join()
        result = run("backup", "--without-master-key", "--output", folder / "keyless", "--data-dir", data_dir, "--json")
        assert json.loads(result.stdout)["masterKey"] is False
    assert sorted(path.name for path in folder.iterdir()) == ["data", "keyless", "whole"]
    return Backups(data_dir, folder / "whole", folder / "keyless", before, "alice")


def check(data_dir: Path, made: Backups, key_of: Path, *flags: str) -> None:
    original = connect(key_of)
    with running(data_dir, *flags) as (iamd, _):
        served: Iamd = Iamd(original.account, iamd.endpoint, iamd.console, iamd.region, original.key)
        assert served.client("sts").get_caller_identity()["Account"] == original.account
        assert served.client("iam").get_user(UserName=made.user)["User"]["UserName"] == made.user
        s3 = served.client("s3")
        for key, body in made.acknowledged.items():
            assert s3.get_object(Bucket="kept", Key=key)["Body"].read() == body
        s3.put_object(Bucket="kept", Key="after", Body=LARGE)


def test_a_restore_of_a_backup_under_load_has_everything(made: Backups, tmp_path: Path) -> None:
    new = tmp_path / "some" / "where" / "new"
    result = run("restore", "--input", made.whole, "--data-dir", new, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["needsMasterKeyFile"] is False
    assert stat.S_IMODE(made.whole.stat().st_mode) == 0o600
    assert stat.S_IMODE(new.stat().st_mode) == 0o700
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in new.rglob("*")} == {
        (True, 0o700),
        (False, 0o600),
    }
    assert (new / "master.key").read_bytes() == (made.data_dir / "master.key").read_bytes()
    assert [path.name for path in new.parent.iterdir()] == ["new"]
    check(new, made, new / "bootstrap.json")


def test_without_the_key_it_needs_the_one_that_fits(made: Backups, tmp_path: Path) -> None:
    new, wrong = tmp_path / "new", tmp_path / "wrong.key"
    wrong.write_text("ab" * 32)
    with tarfile.open(made.keyless) as tar:
        assert {"master.key", "bootstrap.json"} & set(tar.getnames()) == set()
    restore = ("restore", "--input", made.keyless, "--data-dir", new)
    assert "give --master-key-file" in refused(*restore)
    assert "is not the master key of this backup" in refused(*restore, "--master-key-file", wrong)
    whole = ("restore", "--input", made.whole, "--data-dir", new, "--master-key-file", wrong)
    assert "is not the master key of this backup" in refused(*whole)
    assert not new.exists()
    # An empty directory may be a mount point: it stays the same one.
    new.mkdir()
    before = new.stat().st_ino
    key_file = made.data_dir / "master.key"
    assert run(*restore, "--master-key-file", key_file).exit_code == 0
    assert new.stat().st_ino == before
    assert {path.name for path in new.iterdir()} == {"iamd.db", "master.key", "blobs"}
    (new / "bootstrap.json").write_bytes((made.data_dir / "bootstrap.json").read_bytes())
    check(new, made, made.data_dir / "bootstrap.json")


def test_what_is_there_is_never_touched(made: Backups, tmp_path: Path) -> None:
    (tmp_path / "something").write_text("mine")
    assert "is not empty" in refused("restore", "--input", made.whole, "--data-dir", tmp_path)
    assert "is not empty" in refused("restore", "--input", made.whole, "--data-dir", tmp_path / "something")
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def rewritten(backup: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The file with every member's name and content as `change` says."""
    out = io.BytesIO()
    with tarfile.open(backup) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            name, data = change(member.name, content.read())
            copy = tarfile.TarInfo(name)
            copy.size = len(data)
            new.addfile(copy, io.BytesIO(data))
    return out.getvalue()


def altered(part: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, data: (name, data[:-2] + b"~~" if name.startswith(part) else data)


def forged(name: str, data: bytes) -> tuple[str, bytes]:
    """Checksums that fit another bootstrap.json, by someone without the key."""
    if name == "bootstrap.json":
        return name, b"{}"
    if name != "SHA256SUMS":
        return name, data
    lines = [line for line in data.splitlines(keepends=True) if b"bootstrap" not in line]
    place = next(number for number, line in enumerate(data.splitlines()) if b"bootstrap" in line)
    lines.insert(place, hashlib.sha256(b"{}").hexdigest().encode() + b"  bootstrap.json\n")
    return name, b"".join(lines)


CHANGES: dict[str, tuple[Callable[[str, bytes], tuple[str, bytes]], str]] = {
    "database": (altered("iamd.db"), "iamd.db does not match its checksum"),
    "blob": (altered("blobs/"), "does not match its checksum"),
    "key": (altered("master.key"), "master.key does not match its checksum"),
    "checksums": (altered("SHA256SUMS"), "does not match its checksum"),
    "seal": (altered("SHA256SUMS.hmac"), "have been altered"),
    "forged": (forged, "have been altered"),
    "outside": (lambda name, data: (name.replace("blobs/", "../blobs/"), data), "belongs to no backup"),
    "newer": (
        lambda name, data: (name, data.replace(b'"format": 1', b'"format": 2')),
        "it has backup format 2; this iamd knows format 1",
    ),
    "no backup": (lambda name, data: (name.replace("iamd-backup", "other"), data), "it is no iamd backup"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_tampered_with_is_refused_and_nothing_written(made: Backups, tmp_path: Path, what: str) -> None:
    change, message = CHANGES[what]
    (tmp_path / "file").write_bytes(rewritten(made.whole, change))
    assert message in refused("restore", "--input", tmp_path / "file", "--data-dir", tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_cut_short_anywhere_is_refused(made: Backups, tmp_path: Path) -> None:
    whole, file = made.whole.read_bytes(), tmp_path / "file"
    with tarfile.open(made.whole) as tar:
        members = tar.getmembers()
    ends = [0, 100, *(at for member in members[-3:] for at in (member.offset, member.offset_data)), len(whole) // 2]
    for end in ends:
        file.write_bytes(whole[:end])
        message = refused("restore", "--input", file, "--data-dir", tmp_path / "new")
        assert "it is cut short" in message or (end <= 100 and "it is no iamd backup" in message), (end, message)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_is_no_member(made: Backups, tmp_path: Path) -> None:
    link = tarfile.TarInfo("blobs/aa/aaaa")
    link.type, link.linkname = tarfile.SYMTYPE, "/"
    with tarfile.open(made.whole) as old, tarfile.open(tmp_path / "file", "w") as new:
        first = old.getmembers()[0]
        new.addfile(first, old.extractfile(first))
        new.addfile(link)
    message = refused("restore", "--input", tmp_path / "file", "--data-dir", tmp_path / "new")
    assert "no regular file" in message


def test_bytes_that_are_missing_make_no_backup(made: Backups, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert run("restore", "--input", made.whole, "--data-dir", new).exit_code == 0
    blob = next(path for path in (new / "blobs").rglob("*") if path.is_file())
    blob.unlink()
    (tmp_path / "file").write_text("the last good one")
    assert blob.name in refused("backup", "--output", tmp_path / "file", "--data-dir", new)
    assert (tmp_path / "file").read_text() == "the last good one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "new"]


def test_an_object_that_goes_meanwhile_makes_it_begin_again(
    made: Backups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new"
    assert run("restore", "--input", made.whole, "--data-dir", new).exit_code == 0
    taken: list[str] = []

    def copied(directory: Path, target: Path) -> None:
        """Between the copy and its blobs, an object is deleted and its bytes are collected."""
        snapshot.copy_database(directory, target)
        if not taken:
            taken.append(next(snapshot.blobs_of(target)))
            with contextlib.closing(sqlite3.connect(new / "iamd.db", isolation_level=None)) as database:
                database.execute("DELETE FROM objects WHERE extents LIKE ?", (f"%{taken[0]}%",))
                database.execute("DELETE FROM blob_uses WHERE blob_id = ?", taken)
            blob_path(new / "blobs", taken[0]).unlink()

    monkeypatch.setattr("iamd.bootstrap.backup.copy_database", copied)
    assert run("backup", "--output", tmp_path / "file", "--data-dir", new).exit_code == 0
    with tarfile.open(tmp_path / "file") as tar:
        names = tar.getnames()
    assert names.count("iamd.db") == 1
    assert not any(taken[0] in name for name in names)
    assert run("restore", "--input", tmp_path / "file", "--data-dir", tmp_path / "again").exit_code == 0


@pytest.mark.parametrize("at", [0, 4096, -4096])
def test_a_damaged_database_is_refused_by_backup_and_server(made: Backups, tmp_path: Path, at: int) -> None:
    new = tmp_path / "new"
    assert run("restore", "--input", made.whole, "--data-dir", new).exit_code == 0
    with (new / "iamd.db").open("r+b") as file:
        file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        file.write(b"torn" * 1024)
    assert "the database is damaged" in refused("backup", "--output", tmp_path / "file", "--data-dir", new)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert "iamd.db is damaged" in refused("serve", "--port", "0", "--console-port", "0", "--data-dir", new)


def test_a_database_whose_end_is_missing_is_refused(made: Backups, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert run("restore", "--input", made.whole, "--data-dir", new).exit_code == 0
    os.truncate(new / "iamd.db", (new / "iamd.db").stat().st_size - 4096)
    assert "its end is missing" in refused("serve", "--port", "0", "--console-port", "0", "--data-dir", new)
