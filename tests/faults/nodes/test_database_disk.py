"""The disk of the database server is full: what would store more is refused and leaves nothing, and nothing is lost."""

import itertools
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd
from tests.postgres.cluster import Cluster
from tests.postgres.nodes import nodes

pytestmark = pytest.mark.xdist_group("postgres")
BACK_WITHIN: Final = 20.0
SIZE: Final = "160m"
_DATABASE: Final = "small"
BEFORE: Final = 20
_MOST: Final = 2_000
_ALLOW: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}


class OnSmallDisk(Cluster):
    """Its data is on a small file system; its log is there too, or on a large one."""

    def __init__(self, *, log_beside: bool) -> None:
        self.log_beside = log_beside
        super().__init__(durable=True, settings=("max_wal_size=2MB", "min_wal_size=2MB", "autovacuum=off"))

    def make(self) -> None:
        disk = self.directory / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0777", "tmpfs", disk],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode:
            self.directory.rmdir()
            pytest.skip(f"a file system of its own needs the right to mount one: {mounted.stderr.strip()}")
        self.data = disk / "data"
        log = () if self.log_beside else ("--waldir", self.directory / "log-of-writes")
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--wal-segsize=1", "--no-sync", *log)

    def fill(self) -> None:
        with suppress(OSError), (self.directory / "disk" / "filler").open("ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def free(self) -> None:
        (self.directory / "disk" / "filler").unlink()

    def remove(self) -> None:
        self.stop()
        subprocess.run(["umount", self.directory / "disk"], check=True)
        super().remove()


@contextmanager
def full(*, log_beside: bool) -> Iterator[tuple[OnSmallDisk, Iamd]]:
    """The disk is not full yet."""
    cluster = OnSmallDisk(log_beside=log_beside)
    try:
        cluster.start()
        url = cluster.database(_DATABASE)
        with tempfile.TemporaryDirectory() as directory, nodes(Path(directory), [url]) as (iamd,):
            yield cluster, iamd
    finally:
        cluster.remove()


def until_refused(call: Callable[[int], Any]) -> tuple[int, str, str]:
    """How many were acknowledged before, the refusal's code and its message."""
    for number in itertools.count():
        assert number < _MOST
        try:
            call(number)
        except ClientError as fault:
            return number, fault.response["Error"]["Code"], fault.response["Error"]["Message"]
    raise AssertionError


def until_answered(s3: Any) -> None:
    began = time.monotonic()
    while True:
        try:
            s3.list_buckets()
        except ClientError as fault:
            assert fault.response["Error"]["Code"] == "ServiceUnavailable"  # noqa: PT017  # asked again until it is back
            assert time.monotonic() - began < BACK_WITHIN
        else:
            return


def test_a_database_that_has_no_room_refuses_to_grow_and_goes_on_deciding() -> None:
    with full(log_beside=False) as (cluster, iamd):
        key = iamd.user("reader", _ALLOW)
        iam, reader = iamd.client("iam"), iamd.client("iam", key)
        cluster.fill()
        made, code, message = until_refused(lambda number: iam.create_user(UserName=f"u{number}"))
        assert code == "ServiceUnavailable"
        assert "full" in message
        assert reader.get_user(UserName="reader")["User"]["UserName"] == "reader"
        cluster.free()
        iam.create_user(UserName=f"u{made}")
        iam.delete_user_policy(UserName="reader", PolicyName="p0")
        with pytest.raises(ClientError, match="AccessDenied"):
            reader.get_user(UserName="reader")
        pages = iam.get_paginator("list_users").paginate()
        names = {user["UserName"] for page in pages for user in page["Users"]}
        assert names == {"admin", "reader", *(f"u{number}" for number in range(made + 1))}


def test_a_database_that_cannot_write_its_log_ends_and_comes_back_with_all_that_was_acknowledged() -> None:
    """PostgreSQL ends itself then; whoever watches over it starts it anew once there is room."""
    with full(log_beside=True) as (cluster, iamd):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="bucket")

        def put(number: int) -> None:
            if number == BEFORE:
                cluster.fill()
            s3.put_object(Bucket="bucket", Key=f"{number:04}", Body=b"%04d" % number * 4_000)

        made, code, _ = until_refused(put)
        assert code == "ServiceUnavailable"
        assert made >= BEFORE
        cluster.free()
        cluster.restart()
        until_answered(s3)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket")
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        assert keys[:made] == [f"{number:04}" for number in range(made)]
        assert len(keys) <= made + 1
        for number in range(made):
            body = s3.get_object(Bucket="bucket", Key=f"{number:04}")["Body"].read()
            assert body == b"%04d" % number * 4_000
