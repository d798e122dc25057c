"""`iamd events`: every call, allowed, denied or broken, is found beside the running server."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from click.testing import CliRunner

from iamd.cli.events import events as command
from tests.clients.raw import Line
from tests.clients.server import BIN, Iamd, running

READ_USERS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Path]]:
    data_dir = tmp_path_factory.mktemp("audited")
    with running(data_dir, "--trusted-proxy", "127.0.0.0/8") as (iamd, _):
        yield iamd, data_dir


def told(data_dir: Path, *words: str) -> str:
    """What the command says, run in this process: half a second less than in its own."""
    ended = CliRunner().invoke(command, ["--data-dir", str(data_dir), *words], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def events(data_dir: Path, *words: str, until: Callable[[list[Any]], bool] = bool) -> list[dict[str, Any]]:
    """Records; asks again until what was called a moment ago is there."""
    deadline = time.monotonic() + 10
    while True:
        found = [json.loads(line) for line in told(data_dir, "--json", *words).splitlines()]
        if until(found):
            return found
        assert time.monotonic() < deadline, found


def test_allowed_denied_and_changing_calls_are_found_by_who_and_what(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    alice = iamd.user("alice", READ_USERS)
    iamd.client("iam", key=alice).list_users()
    with pytest.raises(ClientError) as denied:
        iamd.client("iam", key=alice).create_user(UserName="bob")
    found = events(data_dir, "--principal", "alice", until=lambda found: len(found) == 2)
    assert [(each["eventName"], each.get("errorCode"), each["readOnly"]) for each in found] == [
        ("ListUsers", None, True),
        ("CreateUser", "AccessDenied", False),
    ]
    assert found[1]["errorMessage"] == denied.value.response["Error"]["Message"]
    assert found[1]["requestID"] == denied.value.response["ResponseMetadata"]["RequestId"]
    assert found[1]["requestParameters"] == {"userName": "bob"}
    assert found[0]["userIdentity"]["accessKeyId"] == alice.access_key
    created = events(data_dir, "--action", "iam:CreateUser", "--principal", "admin")
    assert [each["responseElements"]["user"]["userName"] for each in created] == ["alice"]
    assert [each["errorCode"] for each in events(data_dir, "--errors", "--principal", "alice")] == ["AccessDenied"]


def test_a_secret_is_in_no_event(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    iam = iamd.client("iam")
    iam.create_user(UserName="secretive")
    key = iam.create_access_key(UserName="secretive")["AccessKey"]
    iam.create_login_profile(UserName="secretive", Password="Tr0ub4dor&3-horse")
    events(data_dir, "--action", "iam:CreateLoginProfile")
    everything = told(data_dir, "--json")
    assert key["AccessKeyId"] in everything
    assert key["SecretAccessKey"] not in everything
    assert "Tr0ub4dor" not in everything
    assert iamd.key.secret_key not in everything


def test_nobody_is_named_on_the_callers_word(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    for key in (Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40), Credentials(iamd.key.access_key, "y" * 40)):
        with pytest.raises(ClientError):
            iamd.client("iam", key=key).get_account_summary()
    with Line(iamd.endpoint) as line:
        line.request("GET /?Action=Nonsense&Version=2010-05-08 HTTP/1.1", "Authorization: AWS4-HMAC-SHA256 junk")
        assert 400 <= line.answer()[0] < 500
    found = events(
        data_dir, "--errors", until=lambda found: sum(e["userIdentity"] == {"type": "Unknown"} for e in found) >= 3
    )
    unknown = [each for each in found if each["userIdentity"] == {"type": "Unknown"}]
    assert all("recipientAccountId" not in each and each["requestParameters"] is None for each in unknown)
    assert {"InvalidClientTokenId", "SignatureDoesNotMatch"} <= {each["errorCode"] for each in unknown}


def test_s3_calls_are_data_events_with_their_objects(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="audited")
    s3.put_object(Bucket="audited", Key="k/ü", Body=b"12345")
    s3.get_object(Bucket="audited", Key="k/ü")["Body"].read()
    with Line(iamd.endpoint) as line:
        line.request("GET /audited/k HTTP/1.1")
        assert line.answer()[0] == 403
    (put,) = events(data_dir, "--action", "s3:PutObject")
    assert (put["eventCategory"], put["managementEvent"]) == ("Data", False)
    assert put["additionalEventData"]["bytesTransferredIn"] == 5
    assert put["additionalEventData"]["SignatureVersion"] == "SigV4"
    assert put["resources"][1] == {"accountId": iamd.account, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::audited"}
    got = events(data_dir, "--action", "s3:GetObject", until=lambda found: len(found) == 2)
    assert got[0]["additionalEventData"]["bytesTransferredOut"] == 5
    assert got[1]["userIdentity"] == {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    assert got[1]["recipientAccountId"] == iamd.account
    (made,) = events(data_dir, "--action", "s3:CreateBucket")
    assert made["eventCategory"] == "Management"


def test_the_source_is_what_a_trusted_proxy_says(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    for headers in ({}, {"X-Forwarded-For": "198.51.100.7, 203.0.113.5"}):
        request = AWSRequest("GET", f"{iamd.endpoint}/?Action=GetAccountSummary&Version=2010-05-08", headers=headers)
        SigV4Auth(iamd.key, "iam", "us-east-1").add_auth(request)
        assert URLLib3Session().send(request.prepare()).status_code == 200
    found = events(
        data_dir, "--action", "iam:GetAccountSummary", "--principal", "admin", until=lambda found: len(found) == 2
    )
    assert [each["sourceIPAddress"] for each in found] == ["127.0.0.1", "203.0.113.5"]


def test_since_and_the_table(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    iamd.client("iam").create_user(UserName="listed")
    assert events(data_dir, "--since", "1h")
    assert told(data_dir, "--json", "--since", "0s") == ""
    table = told(data_dir).splitlines()
    assert table[0].split()[:2] == ["Time", "(UTC)"]
    assert any("iam:CreateUser" in line and "user/admin" in line for line in table)


def test_a_reader_that_leaves_early_is_no_fault(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    for name in ("early", "late"):
        iamd.client("iam").create_user(UserName=name)
    script = f"{BIN}/iamd events --json --data-dir {data_dir} | head -n 1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
