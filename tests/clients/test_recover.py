"""`iamd recover`: a way back in beside a running server, shown once and in the trail."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from iamd.audit.search import Search, find
from iamd.cli.main import iamd as iamd_command
from iamd.credentials.passwords import Passwords
from iamd.stores.sql.reading import open_reader
from tests.clients.server import Iamd, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Path]]:
    data_dir = tmp_path_factory.mktemp("locked-out")
    with running(data_dir) as (iamd, _):
        yield iamd, data_dir


def recover(data_dir: Path, *words: str) -> Result:
    return CliRunner().invoke(iamd_command, ["recover", *words, "--data-dir", str(data_dir)], catch_exceptions=False)


def changes(data_dir: Path) -> list[dict[str, Any]]:
    with open_reader(data_dir) as state:
        return [json.loads(event.record) for event in find(state, Search()) if not event.read_only]


def test_a_new_key_of_admin_works_at_once_and_so_does_the_old_one(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    result = recover(data_dir, "admin", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = json.loads(result.stdout)
    key = Credentials(shown["access_key_id"], shown["secret_access_key"])
    assert iamd.client("iam", key=key).get_user()["User"]["UserName"] == "admin"
    assert iamd.client("iam").get_user()["User"]["UserName"] == "admin"
    record = changes(data_dir)[-1]
    assert record["eventName"] == "CreateAccessKey"
    assert record["userIdentity"] == {"type": "AWSService", "invokedBy": "iamd recover"}
    assert record["responseElements"]["accessKey"]["accessKeyId"] == shown["access_key_id"]
    assert record["recipientAccountId"] == iamd.account
    assert not any(shown["secret_access_key"] in path.read_text("latin-1") for path in data_dir.glob("iamd.db*"))


def test_an_admin_who_is_gone_is_there_again(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    iam = iamd.client("iam")
    iam.detach_user_policy(UserName="admin", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    with pytest.raises(ClientError, match="AccessDenied"):
        iam.list_users()
    shown = json.loads(recover(data_dir, "admin", "--json").stdout)
    key = Credentials(shown["access_key_id"], shown["secret_access_key"])
    iam = iamd.client("iam", key=key)
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["admin"]
    # Of one instant, in no order.
    assert {record["eventName"] for record in changes(data_dir)[-2:]} == {"AttachUserPolicy", "CreateAccessKey"}
    helper = iamd.client("iam", key=self_made(iam))
    helper.detach_user_policy(UserName="admin", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    for each in helper.list_access_keys(UserName="admin")["AccessKeyMetadata"]:
        helper.delete_access_key(UserName="admin", AccessKeyId=each["AccessKeyId"])
    old_id = helper.get_user(UserName="admin")["User"]["UserId"]
    helper.delete_user(UserName="admin")
    result = recover(data_dir, "admin")
    assert "The user was gone" in result.stderr
    assert "shown once" in result.stderr
    values = dict(line.split() for line in result.stdout.splitlines())
    again = iamd.client("iam", key=Credentials(values["access_key_id"], values["secret_access_key"]))
    assert again.get_user()["User"]["UserId"] != old_id
    names = {record["eventName"] for record in changes(data_dir)[-3:]}
    assert names == {"CreateUser", "AttachUserPolicy", "CreateAccessKey"}


def self_made(iam: Any) -> Any:
    iam.create_user(UserName="helper")
    iam.attach_user_policy(UserName="helper", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    return iam.create_access_key(UserName="helper")["AccessKey"]


def test_a_new_password_of_root_replaces_the_old_one(server: tuple[Iamd, Path]) -> None:
    iamd, data_dir = server
    shown = json.loads(recover(data_dir, "root", "--json").stdout)
    assert shown["account_id"] == iamd.account
    with open_reader(data_dir) as state:
        account = state.accounts.get(iamd.account)
    assert account is not None
    assert Passwords().verify(account.root_password_hash, shown["root_password"])
    assert not Passwords().verify(account.root_password_hash, iamd.root_password)
    record = changes(data_dir)[-1]
    assert (record["eventSource"], record["eventName"]) == ("signin.amazonaws.com", "PasswordRecoveryCompleted")
    assert shown["root_password"] not in json.dumps(record)


@pytest.mark.parametrize("who", ["root", "admin"])
def test_nobody_is_recovered_where_nobody_is(server: tuple[Iamd, Path], tmp_path: Path, who: str) -> None:
    result = recover(server[1], who, "--account-id", "000000000001")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no account 000000000001" in result.stderr
    assert "holds no iamd data" in recover(tmp_path, who).stderr
    assert list(tmp_path.iterdir()) == []


def test_the_wrong_key_recovers_nothing(server: tuple[Iamd, Path], tmp_path: Path) -> None:
    wrong = tmp_path / "key"
    wrong.write_text("ab" * 32)
    before = len(changes(server[1]))
    result = recover(server[1], "admin", "--master-key-file", str(wrong))
    assert "not the one that sealed" in result.stderr
    assert len(changes(server[1])) == before
