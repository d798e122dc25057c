"""`iamd accounts`: a second account beside a running server works at once and sees nothing of the first."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from iamd.cli.main import iamd as iamd_command
from tests.clients.console import Pages
from tests.clients.server import Iamd, connect, running
from tests.clients.test_events import events


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Path]]:
    data_dir = tmp_path_factory.mktemp("two")
    with running(data_dir) as (iamd, _):
        yield iamd, data_dir


def run(data_dir: Path, *words: str) -> Result:
    """A command beside the server, run in this process."""
    return CliRunner().invoke(iamd_command, [*words, "--data-dir", str(data_dir)], catch_exceptions=False)


def create(data_dir: Path, *words: str) -> tuple[Iamd, Path]:
    made = run(data_dir, "accounts", "create", *words)
    assert (made.exit_code, made.stderr) == (0, "")
    path = Path(made.stdout.strip())
    return connect(path), path


def test_its_keys_work_at_once_and_its_file_lies_beside_the_first(server: tuple[Iamd, Path]) -> None:
    first, data_dir = server
    second, path = create(data_dir, "--name", "second")
    assert path == data_dir / f"bootstrap-{second.account}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (admin,) = second.client("iam").list_users()["Users"]
    assert admin["Arn"] == f"arn:aws:iam::{second.account}:user/admin"
    second.client("iam").create_user(UserName="only-here")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        first.client("iam").get_user(UserName="only-here")


def test_a_number_is_taken_once_and_emails_are_unique(server: tuple[Iamd, Path]) -> None:
    _, data_dir = server
    made = run(data_dir, "accounts", "create", "--name", "third", "--account-id", "333333333333", "--json")
    assert json.loads(made.stdout)["account_id"] == "333333333333"
    again = run(data_dir, "accounts", "create", "--name", "again", "--account-id", "333333333333")
    assert (again.exit_code, again.stdout, again.stderr.count("Error: ")) == (1, "", 1)
    listed = run(data_dir, "accounts", "list", "--json").stdout.splitlines()
    emails = [json.loads(line)["root_email"] for line in listed]
    assert len(emails) == len(set(emails)) >= 2
    names = {json.loads(line)["account_id"]: json.loads(line)["name"] for line in listed}
    assert names["333333333333"] == "third"
    assert "333333333333  third" in run(data_dir, "accounts", "list").stdout


@pytest.mark.parametrize("name", ["", "x" * 51, "a\nb"])
def test_a_name_that_is_none_is_refused(server: tuple[Iamd, Path], name: str) -> None:
    made = run(server[1], "accounts", "create", "--name", name)
    assert (made.exit_code, made.stdout, made.stderr.count("Error: ")) == (1, "", 1)


def test_a_master_key_of_another_directory_is_refused(server: tuple[Iamd, Path], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0" * 64)
    made = run(server[1], "accounts", "create", "--name", "x", "--master-key-file", str(tmp_path / "key"))
    assert made.exit_code == 1
    assert "master key" in made.stderr


def test_a_call_on_another_accounts_bucket_is_in_both_trails(server: tuple[Iamd, Path]) -> None:
    first, data_dir = server
    guest, _ = create(data_dir, "--name", "guest")
    s3 = first.client("s3")
    s3.create_bucket(Bucket="shared")
    allow: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": guest.account},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::shared/*",
    }
    s3.put_bucket_policy(Bucket="shared", Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    guest.client("s3").put_object(Bucket="shared", Key="k", Body=b"1")
    own, foreign = sorted(
        events(data_dir, "--action", "s3:PutObject"), key=lambda each: each["userIdentity"]["type"] != "IAMUser"
    )
    assert (own["recipientAccountId"], foreign["recipientAccountId"]) == (guest.account, first.account)
    assert own["sharedEventID"] == foreign["sharedEventID"]
    assert own["eventID"] != foreign["eventID"]
    assert foreign["userIdentity"]["type"] == "AWSAccount"
    assert foreign["userIdentity"]["accountId"] == guest.account
    assert "arn" not in foreign["userIdentity"]


def test_in_the_console_an_account_is_alone_with_its_users_and_its_events(server: tuple[Iamd, Path]) -> None:
    first, data_dir = server
    second, path = create(data_dir, "--name", "fourth")
    for iamd in (first, second):
        iam = iamd.client("iam")
        iam.create_user(UserName="alice")
        iam.create_login_profile(UserName="alice", Password=f"Passw0rd!{iamd.account}")
    second.client("iam").create_account_alias(AccountAlias="fourth")
    pages = Pages(second)
    assert pages.sign_in("alice", f"Passw0rd!{first.account}").status == 401
    body = {"kind": "user", "account": "fourth", "username": "alice", "password": f"Passw0rd!{second.account}"}
    assert pages.post("signin", body).json["principal"]["account"] == second.account
    root = Pages(second)
    email = json.loads(path.read_bytes())["root_email"]
    assert root.post("signin", {"kind": "root", "email": email, "password": second.root_password}).status == 200
    ours = root.get("events?limit=200").json["events"]
    accounts = {root.get(f"events/{each['id']}").json["record"]["recipientAccountId"] for each in ours}
    assert accounts == {second.account}
    elsewhere = Pages(first)
    assert elsewhere.sign_in_root().status == 200
    assert elsewhere.get(f"events/{ours[0]['id']}").status == 404
    assert elsewhere.get(f"events?request={ours[0]['request_id']}").json["events"] == []
    assert elsewhere.get(f"events?after={ours[-1]['id']}").json["events"] != []


def test_who_called_from_another_account_is_not_told_to_the_account_that_was_called(server: tuple[Iamd, Path]) -> None:
    first, data_dir = server
    guest, _ = create(data_dir, "--name", "caller")
    trust = {"Effect": "Allow", "Principal": {"AWS": first.account}, "Action": "sts:AssumeRole"}
    first.client("iam").create_role(
        RoleName="theirs", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    role = f"arn:aws:iam::{first.account}:role/theirs"
    with pytest.raises(ClientError, match=f"{guest.account}:user/admin is not authorized"):
        guest.client("sts").assume_role(RoleArn=role, RoleSessionName="asking")
    assert len(events(data_dir, "--action", "sts:AssumeRole")) == 2
    pages = Pages(first)
    assert pages.sign_in_root().status == 200
    (row,) = pages.get("events?action=sts:AssumeRole&outcome=denied").json["events"]
    assert row["principal"] == guest.account
    assert f"User: {guest.account} is not authorized to perform: sts:AssumeRole" in row["error_message"]
    assert "user/admin" not in json.dumps([row, pages.get(f"events/{row['id']}").json])
    assert pages.get("events?action=sts:AssumeRole&user=user/admin").json["events"] == []
