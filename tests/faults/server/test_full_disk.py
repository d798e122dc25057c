"""A full disk: what would store more is refused and leaves nothing, what takes away goes on, and nothing is lost."""

import errno
import itertools
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamd.audit.search import Search, find, of_request
from iamd.stores.space import RESERVE
from iamd.stores.sql.reading import open_reader
from tests.clients.server import BIN, Iamd, connect, running

SIZE = "64m"
LARGE = b"x" * 300_000
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})


class Disk:
    """A file system of `SIZE`, which a file beside the data directory fills to the last block."""

    def __init__(self, root: Path) -> None:
        self.data_dir = root / "data"
        self.filler = root / "filler"

    def fill(self) -> None:
        with suppress(OSError), self.filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def free(self) -> None:
        self.filler.unlink()

    def stored(self) -> set[str]:
        return {path.name for path in self.data_dir.glob("blobs/*/*")}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", tmp_path], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system of its own needs the right to mount one: {mounted.stderr.strip()}")
    try:
        yield Disk(tmp_path)
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def refusal(call: Any, **params: Any) -> str:
    """The message of a call that a full disk refuses, "" if it does not."""
    try:
        call(**params)
    except ClientError as error:
        answer = error.response
    else:
        return ""
    assert answer["Error"]["Code"] == "ServiceUnavailable", answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503
    message: str = answer["Error"]["Message"]
    return message


def create_users(iamd: Iamd, prefix: str, *, until: bool) -> list[str]:
    """Create users until one is refused (or until one is not); gives those that were acknowledged."""
    iam, made = iamd.client("iam"), []
    for number in itertools.count():
        refused = refusal(iam.create_user, UserName=f"{prefix}{number}")
        if not refused:
            made.append(f"{prefix}{number}")
        if bool(refused) is until:
            assert not refused or "disk" in refused
            return made
        assert number < 5000
    raise AssertionError


def users(iamd: Iamd) -> set[str]:
    pages = iamd.client("iam").get_paginator("list_users").paginate()
    return {user["UserName"] for page in pages for user in page["Users"]}


def furnish(iamd: Iamd) -> tuple[Any, Any]:
    """A user with two keys, and objects."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    iam.create_user(UserName="alice")
    keys = [iam.create_access_key(UserName="alice")["AccessKey"] for _ in range(2)]
    s3.create_bucket(Bucket="full")
    for key, body in (("small", b"small"), ("large", LARGE), ("gone-small", b"s" * 5000), ("gone-large", LARGE)):
        s3.put_object(Bucket="full", Key=key, Body=body)
    return keys[0], keys[1]


def take_away(iamd: Iamd, first: Any, second: Any) -> list[str]:
    """Deletions and revocations, all of which must work; gives their request ids."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    answers = [
        iam.update_access_key(UserName="alice", AccessKeyId=first["AccessKeyId"], Status="Inactive"),
        iam.delete_access_key(UserName="alice", AccessKeyId=second["AccessKeyId"]),
        iam.put_user_policy(UserName="alice", PolicyName="no", PolicyDocument=DENY),
        s3.delete_object(Bucket="full", Key="gone-small"),
        s3.delete_object(Bucket="full", Key="gone-large"),
    ]
    for key in (first, second):
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            iamd.client("sts", key=key).get_caller_identity()
    return [answer["ResponseMetadata"]["RequestId"] for answer in answers]


def test_only_growth_is_refused_and_it_goes_on_when_there_is_space(disk: Disk) -> None:
    with running(disk.data_dir) as (iamd, _):
        s3 = iamd.client("s3")
        first, second = furnish(iamd)
        disk.fill()
        stored = disk.stored()
        made = create_users(iamd, "before", until=True)
        assert not (disk.data_dir / RESERVE).exists()
        for body in (b"s", b"s" * 60_000, LARGE, b"x" * (5 << 20)):
            assert "disk" in refusal(s3.put_object, Bucket="full", Key="refused", Body=body)
        assert "disk" in refusal(s3.copy_object, Bucket="full", Key="refused", CopySource="full/large")
        assert disk.stored() == stored
        requests = take_away(iamd, first, second)
        assert refusal(iamd.client("iam").create_user, UserName="refused")
        command: list[str | Path] = [BIN / "iamd", "recover", "admin", "--data-dir", disk.data_dir]
        subprocess.run(command, check=True, capture_output=True)
        assert s3.get_object(Bucket="full", Key="large")["Body"].read() == LARGE
        disk.free()
        made += create_users(iamd, "after", until=False)
        assert (disk.data_dir / RESERVE).exists()
        s3.put_object(Bucket="full", Key="after", Body=LARGE)
    with running(disk.data_dir) as (iamd, _):
        s3 = iamd.client("s3")
        assert users(iamd) == {"admin", "alice", *made}
        assert [each["Key"] for each in s3.list_objects_v2(Bucket="full")["Contents"]] == ["after", "large", "small"]
        assert s3.get_object(Bucket="full", Key="after")["Body"].read() == LARGE
    with open_reader(disk.data_dir) as state:
        for request in requests:
            (event,) = of_request(state, request)
            assert not event.error_code
        created = [event for event in find(state, Search()) if event.name == "CreateUser" and not event.error_code]
        assert len(created) == len(made) + 1


def test_an_upload_that_does_not_fit_leaves_nothing_and_takes_nobody_s_place(disk: Disk) -> None:
    with running(disk.data_dir) as (iamd, _):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="full")
        stored = disk.stored()
        assert "disk" in refusal(s3.put_object, Bucket="full", Key="k", Body=bytes(70 << 20))
        assert disk.stored() == stored
        assert list((disk.data_dir / "blobs" / "tmp").iterdir()) == []
        assert (disk.data_dir / RESERVE).exists()
        s3.put_object(Bucket="full", Key="k", Body=LARGE)


def test_a_server_starts_on_a_full_disk_to_take_away(disk: Disk) -> None:
    command: list[Any] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", disk.data_dir]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            iamd = connect(Path(process.stdout.readline().strip()))
            first, second = furnish(iamd)
        finally:
            process.send_signal(signal.SIGKILL)
    disk.fill()
    with running(disk.data_dir) as (iamd, _):
        take_away(iamd, first, second)
        assert refusal(iamd.client("iam").create_user, UserName="refused")
        disk.free()
        create_users(iamd, "after", until=False)


def test_the_filler_fills(disk: Disk) -> None:
    """What the tests above rest on."""
    disk.fill()
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        (disk.filler.parent / "more").write_bytes(bytes(4096))
