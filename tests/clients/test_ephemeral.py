"""A server for tests: emptied between two of them, and no call of before reaches into the world after."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from tests.clients.server import Iamd, running


def call(iamd: Iamd, method: str, key: Credentials | None, service: str = "iam", sign: type[Any] = SigV4Auth) -> int:
    request = AWSRequest(method, f"{iamd.endpoint}/_iamd/reset", data=b"body" if method == "POST" else b"")
    if key is not None:
        sign(key, service, "x-y-1").add_auth(request)
    return int(URLLib3Session().send(request.prepare()).status_code)


@pytest.mark.parametrize("service", ["iam", "s3", "sts", "execute-api", "nonsense"])
def test_a_reset_is_signed_for_any_service_and_region(iamd: Iamd, service: str) -> None:
    assert call(iamd, "POST", iamd.key, service) == 204
    assert call(iamd, "POST", iamd.key, service, S3SigV4Auth) == 204


def test_a_reset_is_for_the_holder_of_the_bootstrap_key_alone(iamd: Iamd) -> None:
    alice = iamd.user(
        "alice", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    assert call(iamd, "POST", None) == 403
    assert call(iamd, "POST", alice) == 403
    assert call(iamd, "POST", Credentials(iamd.key.access_key, "x" * 40)) == 403
    assert call(iamd, "POST", Credentials(iamd.key.access_key, iamd.key.secret_key, "token")) == 403
    assert call(iamd, "GET", iamd.key) == 404
    assert iamd.client("iam").get_user(UserName="alice")


def test_a_damaged_administrator_is_whole_again(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.update_access_key(UserName="admin", AccessKeyId=iamd.key.access_key, Status="Inactive")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        iam.list_users()
    iamd.reset()
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["admin"]
    policies = iam.list_attached_user_policies(UserName="admin")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in policies] == ["AdministratorAccess"]
    assert iam.get_access_key_last_used(AccessKeyId=iamd.key.access_key)["UserName"] == "admin"


def test_keys_of_before_are_refused(iamd: Iamd) -> None:
    alice = iamd.user("alice")
    iamd.reset()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        iamd.client("iam", key=alice).get_user()


def test_nothing_is_left(iamd: Iamd) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="gone")
    s3.put_object(Bucket="gone", Key="large", Body=b"x" * 200_000)
    iamd.reset()
    assert s3.list_buckets()["Buckets"] == []
    s3.create_bucket(Bucket="gone")
    assert "Contents" not in s3.list_objects_v2(Bucket="gone")


def test_the_disk_holds_no_blob_and_no_event_of_before_and_nothing_at_the_end(tmp_path: Path) -> None:
    from iamd.audit.search import Search, find  # noqa: PLC0415  # beside the server
    from iamd.stores.sql.reading import open_reader  # noqa: PLC0415  # as above

    with running(tmp_path, "--ephemeral") as (iamd, process):
        state_dir = open_directory_of(process.pid)
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="gone")
        s3.put_object(Bucket="gone", Key="large", Body=b"x" * 200_000)
        iamd.client("iam").list_users()
        assert [path for path in (state_dir / "blobs").rglob("*") if path.is_file()]
        iamd.reset()
        assert not [path for path in (state_dir / "blobs").rglob("*") if path.is_file()]
        iamd.client("iam").get_user()
        with open_reader(state_dir) as state:
            found = [event.name for event in wait_for_events(lambda: list(find(state, Search())))]
        assert found == ["GetUser"]
    assert not state_dir.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["bootstrap.json"]


def open_directory_of(pid: int) -> Path:
    """Where a server keeps its state: the folder of its database."""
    links = (link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())
    return next(link.parent for link in links if link.name == "iamd.db")


def wait_for_events(read: Any) -> Any:
    until = time.monotonic() + 20
    while not (found := read()):
        assert time.monotonic() < until
    return found


def test_calls_during_a_reset_see_one_world_or_the_other(iamd: Iamd) -> None:
    stop = threading.Event()
    codes: set[str] = set()

    def work(number: int) -> int:
        iam = iamd.client("iam")
        calls = 0
        while not stop.is_set():
            name = f"u{number}-{calls}"
            try:
                iam.create_user(UserName=name)
                iam.delete_user(UserName=name)
            except ClientError as error:
                # Created in the world before, deleted in the one after.
                codes.add(error.response["Error"]["Code"])
            calls += 1
        return calls

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, number) for number in range(4)]
        for _ in range(10):
            iamd.reset()
        stop.set()
        assert all(each.result() > 0 for each in working)
    assert codes <= {"NoSuchEntity"}
    iamd.reset()
    assert [user["UserName"] for user in iamd.client("iam").list_users()["Users"]] == ["admin"]


def test_a_persistent_server_cannot_be_reset(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, _):
        assert call(iamd, "POST", iamd.key) == 404
