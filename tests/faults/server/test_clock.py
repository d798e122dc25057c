"""A clock that is set back: nothing acknowledged is lost, nobody gets more than the clock says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.crt.auth
import pytest
from botocore.exceptions import ClientError

from iamd.audit.search import Search, find
from iamd.stores.sql.reading import open_reader
from tests.clients.server import Iamd, as_credentials, connect

MINUTE, HOUR, DAY = 60, 3600, 86_400
_SERVE = """
import sys, time
from pathlib import Path
true_time, offset = time.time_ns, Path(sys.argv.pop(1))
time.time_ns = lambda: true_time() + int(offset.read_text()) * 10**9
from iamd.cli.main import main
main()
"""
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}


class Clock:
    """The time of the server and of its clients, in seconds from the true one."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._path = path
        self.offset = 0
        self.set(0)
        monkeypatch.setattr(botocore.crt.auth, "get_current_datetime", lambda **_: self.now())

    def set(self, offset: int) -> None:
        """In one step, so that the server reads either the one or the other."""
        draft = self._path.with_suffix(".new")
        draft.write_text(str(offset), encoding="ascii")
        draft.replace(self._path)
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    @contextmanager
    def server(self, data_dir: Path) -> Iterator[Iamd]:
        command: list[Any] = [sys.executable, "-c", _SERVE, self._path, "serve", "--data-dir", data_dir]
        command += ["--port", "0", "--console-port", "0"]
        env = {name: value for name, value in os.environ.items() if not name.startswith("IAMD_")}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
            try:
                assert process.stdout is not None
                path = process.stdout.readline().strip()
                assert path, f"the server ended with {process.wait(60)}"
                yield connect(Path(path))
            finally:
                process.terminate()
                assert process.wait(60) == 0


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(tmp_path / "offset", monkeypatch)


def furnish(iamd: Iamd) -> Any:
    """Alice, who may do all, and a role that she may assume; gives her key."""
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    alice = iamd.user("alice", allow)
    iam = iamd.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(allow))
    return alice


def assume(iamd: Iamd, alice: Any) -> Any:
    sts = iamd.client("sts", key=alice)
    arn = f"arn:aws:iam::{iamd.account}:role/r"
    return as_credentials(sts.assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=900)["Credentials"])


def lives(iamd: Iamd, session: Any) -> bool:
    try:
        iamd.client("iam", key=session).list_users()
    except ClientError as error:
        code = error.response["Error"]["Code"]
    else:
        return True
    assert code == "ExpiredToken", code
    return False


def test_a_session_lives_from_its_issue_to_its_end_by_the_clock_and_never_before(tmp_path: Path, clock: Clock) -> None:
    with clock.server(tmp_path / "data") as iamd:
        session = assume(iamd, furnish(iamd))
        alive = {}
        for offset in (0, 14 * MINUTE, 16 * MINUTE, DAY, 0, -14 * MINUTE, -16 * MINUTE, -DAY, -1000 * DAY):
            clock.set(offset)
            alive[offset] = lives(iamd, session)
        assert alive == {
            0: True,
            14 * MINUTE: True,
            16 * MINUTE: False,
            DAY: False,
            # As far ahead as another node's clock may be.
            -14 * MINUTE: True,
            -16 * MINUTE: False,
            -DAY: False,
            -1000 * DAY: False,
        }


def test_a_session_issued_after_the_clock_went_back_is_a_session(tmp_path: Path, clock: Clock) -> None:
    with clock.server(tmp_path / "data") as iamd:
        alice = furnish(iamd)
        clock.set(-DAY)
        session = assume(iamd, alice)
        assert lives(iamd, session)
        clock.set(0)
        assert not lives(iamd, session)


def test_who_has_the_right_time_is_told_that_the_server_s_is_another(tmp_path: Path, clock: Clock) -> None:
    with clock.server(tmp_path / "data") as iamd:
        clock.set(-HOUR)
        clock.offset = 0
        with pytest.raises(ClientError, match="RequestTimeTooSkewed"):
            iamd.client("s3").list_buckets()
        with pytest.raises(ClientError, match="Signature not yet current"):
            iamd.client("iam").list_users()


def test_what_was_done_before_and_after_the_jump_is_all_there(tmp_path: Path, clock: Clock) -> None:
    data_dir = tmp_path / "data"
    requests = []
    with clock.server(data_dir) as iamd:
        iam, s3 = iamd.client("iam"), iamd.client("s3")
        furnish(iamd)
        s3.create_bucket(Bucket="clock")
        upload = s3.create_multipart_upload(Bucket="clock", Key="parts")["UploadId"]
        part = s3.upload_part(Bucket="clock", Key="parts", UploadId=upload, PartNumber=1, Body=b"x" * 100_000)
        for number, offset in enumerate((0, -HOUR, -30 * DAY, -30 * DAY + 1, -400 * DAY, 400 * DAY, 0)):
            clock.set(offset)
            answer = iam.create_user(UserName=f"u{number}")
            requests.append(answer["ResponseMetadata"]["RequestId"])
            answer = s3.put_object(Bucket="clock", Key="same", Body=f"{number}".encode())
            requests.append(answer["ResponseMetadata"]["RequestId"])
            assert s3.get_object(Bucket="clock", Key="same")["Body"].read() == f"{number}".encode()
        clock.set(-30 * DAY)
        named = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        s3.complete_multipart_upload(Bucket="clock", Key="parts", UploadId=upload, MultipartUpload=named)
    with clock.server(data_dir) as iamd:
        iam, s3 = iamd.client("iam"), iamd.client("s3")
        assert {user["UserName"] for user in iam.list_users()["Users"]} == {
            "admin",
            "alice",
            *(f"u{number}" for number in range(7)),
        }
        assert s3.get_object(Bucket="clock", Key="same")["Body"].read() == b"6"
        assert s3.get_object(Bucket="clock", Key="parts")["Body"].read() == b"x" * 100_000
        iam.delete_user(UserName="u0")
    with open_reader(data_dir) as state:
        kept = {event.request_id for event in find(state, Search()) if not event.error_code}
    assert set(requests) <= kept
    assert len(set(requests)) == len(requests)
