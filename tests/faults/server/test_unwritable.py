"""A data directory that cannot be written: a start ends with one line; while running only reads go on."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import BIN, running

LARGE = b"x" * 300_000


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", tmp_path], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system of its own needs the right to mount one: {mounted.stderr.strip()}")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def remount(volume: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", volume], check=True)


def iamd(*words: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([BIN / "iamd", *words], capture_output=True, text=True, check=False, timeout=60)


def refused(*words: Any) -> str:
    """The one line that a command ends with."""
    done = iamd(*words)
    assert (done.returncode, done.stdout) == (1, ""), done
    (line,) = done.stderr.splitlines()
    return line


def serving(data_dir: Path) -> tuple[Any, ...]:
    return ("serve", "--port", "0", "--console-port", "0", "--data-dir", data_dir)


def test_a_read_only_volume_ends_a_start_with_one_line(volume: Path) -> None:
    (volume / "empty").mkdir()
    remount(volume, "ro")
    for name in ("empty", "new"):
        assert refused(*serving(volume / name)) == f"iamd: {volume / name}: Read-only file system"


def test_what_was_written_before_can_be_read_and_backed_up(
    volume: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    data_dir = volume / "data"
    with running(data_dir) as (server, _):
        server.client("iam").create_user(UserName="alice")
        server.client("s3").create_bucket(Bucket="kept")
        server.client("s3").put_object(Bucket="kept", Key="large", Body=LARGE)
        # As if the machine lost power: what was acknowledged last lies in the log.
        shutil.copytree(data_dir, volume / "cut")
    data_dir = volume / "cut"
    remount(volume, "ro")
    assert refused(*serving(data_dir)) == f"iamd: {data_dir}: Read-only file system"
    for words in (("recover", "admin"), ("accounts", "create", "--name", "more")):
        said = refused(*words, "--data-dir", data_dir)
        assert str(data_dir) in said
        assert "Traceback" not in said
    shown = iamd("events", "--data-dir", data_dir, "--json")
    assert "CreateUser" in shown.stdout, shown
    made = iamd("backup", "--data-dir", data_dir, "--output", elsewhere / "backup")
    assert made.returncode == 0, made
    restored = elsewhere / "restored"
    done = iamd("restore", "--input", elsewhere / "backup", "--data-dir", restored)
    assert done.returncode == 0, done
    with running(restored) as (server, _):
        assert {user["UserName"] for user in server.client("iam").list_users()["Users"]} == {"admin", "alice"}
        assert server.client("s3").get_object(Bucket="kept", Key="large")["Body"].read() == LARGE


def unavailable(call: Any, **params: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("ServiceUnavailable", 503)
    assert "cannot store" in answer["Error"]["Message"]


def test_a_disk_that_takes_nothing_more_refuses_writes_while_reads_go_on(tmp_path: Path) -> None:
    with running(tmp_path) as (server, process):
        iam, s3 = server.client("iam"), server.client("s3")
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="large", Body=LARGE)
        iam.create_user(UserName="alice")
        key = iam.create_access_key(UserName="alice")["AccessKey"]
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        # From now on no file takes another byte.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        for _ in range(3):
            unavailable(iam.create_user, UserName="bob")
            unavailable(iam.delete_access_key, UserName="alice", AccessKeyId=key["AccessKeyId"])
            unavailable(s3.put_object, Bucket="kept", Key="small", Body=b"small")
            unavailable(s3.put_object, Bucket="kept", Key="other", Body=LARGE)
            assert s3.get_object(Bucket="kept", Key="large")["Body"].read() == LARGE
            assert {user["UserName"] for user in iam.list_users()["Users"]} == {"admin", "alice"}
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        iam.create_user(UserName="bob")
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
        s3.put_object(Bucket="kept", Key="other", Body=LARGE)
    with running(tmp_path) as (server, _):
        assert {user["UserName"] for user in server.client("iam").list_users()["Users"]} == {"admin", "alice", "bob"}
        listed = server.client("s3").list_objects_v2(Bucket="kept")["Contents"]
        assert [each["Key"] for each in listed] == ["large", "other"]
        assert server.client("s3").get_object(Bucket="kept", Key="other")["Body"].read() == LARGE
