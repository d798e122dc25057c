"""Everything that was acknowledged survives: a clean stop, and a kill at any moment."""

import itertools
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from iamd.audit.search import Search, find
from iamd.stores.sql.reading import open_reader
from tests.clients.server import BIN, Iamd, connect, running

LARGE = b"x" * 300_000


def furnish(iamd: Iamd) -> Any:
    """Users, keys, policies and objects; gives alice's key."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    alice = iamd.user("alice", allow)
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="small", Body=b"small", Metadata={"a": "b"})
    s3.put_object(Bucket="kept", Key="large", Body=LARGE)
    return alice


def check(iamd: Iamd, alice: Any) -> None:
    iam = iamd.client("iam")
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName="alice")["Groups"]] == ["readers"]
    s3 = iamd.client("s3", key=alice)
    small = s3.get_object(Bucket="kept", Key="small")
    assert (small["Body"].read(), small["Metadata"]) == (b"small", {"a": "b"})
    assert s3.get_object(Bucket="kept", Key="large")["Body"].read() == LARGE
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket="kept", Key="small", Body=b"")


def changes(data_dir: Path) -> list[str]:
    with open_reader(data_dir) as state:
        return [event.name for event in find(state, Search()) if not event.read_only]


def test_a_clean_stop_loses_nothing_not_even_events_of_reads(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, _):
        alice = furnish(iamd)
        iamd.client("iam").list_groups()
    with open_reader(tmp_path) as state:
        names = [event.name for event in find(state, Search())]
    assert names[-1] == "ListGroups"
    with running(tmp_path) as (iamd, _):
        check(iamd, alice)


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    command: list[Any] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        iamd = connect(Path(process.stdout.readline().strip()))
        alice = furnish(iamd)
        made: list[str] = []

        def work() -> None:
            iam = iamd.client("iam")
            for number in itertools.count():
                try:
                    iam.create_user(UserName=f"u{number}")
                except (BotoCoreError, ClientError):
                    return
                made.append(f"u{number}")
                if number == 20:
                    ripe.set()

        ripe = threading.Event()
        working = threading.Thread(target=work)
        working.start()
        assert ripe.wait(20)
        process.send_signal(signal.SIGKILL)
        working.join()
        assert process.wait(10) == -signal.SIGKILL
    before = changes(tmp_path)
    assert before.count("CreateUser") >= len(made) + 1
    with running(tmp_path) as (iamd, _):
        check(iamd, alice)
        users = {user["UserName"] for user in iamd.client("iam").list_users()["Users"]}
        assert set(made) <= users
        assert len(users - {"admin"}) == before.count("CreateUser")
    assert changes(tmp_path)[: len(before)] == before
