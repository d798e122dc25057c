"""Users, groups, keys, passwords and account settings by boto3 and the aws CLI: the guide's G1.1, G1.2 and G3."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd, as_credentials

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def fault(call: Any, **params: Any) -> tuple[str, str, int]:
    """Code, message and status of the error that a call answers with."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def whoami(iamd: Iamd, key: Any) -> Any:
    return iamd.client("sts", key).get_caller_identity()["Arn"]


def test_g1_1_a_user_with_password_and_key_by_the_cli(iamd: Iamd) -> None:
    def aws(*words: str) -> Any:
        done = iamd.cli("iam", *words, "--output", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    user = aws("create-user", "--user-name", "alice", "--path", "/team/", "--tags", "Key=Team,Value=a b")["User"]
    assert user["Arn"] == f"arn:aws:iam::{iamd.account}:user/team/alice"
    profile = aws(
        "create-login-profile", "--user-name", "alice", "--password", "Passw0rd!<&>", "--password-reset-required"
    )
    assert profile["LoginProfile"]["PasswordResetRequired"] is True
    key = aws("create-access-key", "--user-name", "alice")["AccessKey"]
    assert whoami(iamd, key) == user["Arn"]
    denied = iamd.cli("iam", "list-users", key=key)
    assert (denied.returncode != 0, denied.stdout) == (True, "")
    assert (
        f"An error occurred (AccessDenied) when calling the ListUsers operation: User: {user['Arn']} is not authorized "
        f"to perform: iam:ListUsers on resource: arn:aws:iam::{iamd.account}:user/ because no identity-based policy "
        "allows the iam:ListUsers action" in denied.stderr
    )


def test_g1_2_a_member_has_the_groups_permissions_at_once(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice")
    iam.create_group(GroupName="Developers")
    iam.attach_group_policy(GroupName="Developers", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    assert fault(iamd.client("iam", key).list_groups)[0] == "AccessDenied"
    iam.add_user_to_group(GroupName="Developers", UserName="alice")
    groups = iamd.client("iam", key).list_groups_for_user(UserName="alice")["Groups"]
    assert [group["GroupName"] for group in groups] == ["Developers"]
    iam.remove_user_from_group(GroupName="Developers", UserName="alice")
    assert fault(iamd.client("iam", key).list_groups)[0] == "AccessDenied"


def test_g3_1_keys_rotate(iamd: Iamd) -> None:
    own = {"Effect": "Allow", "Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/${aws:username}"}
    first = iamd.user("alice", {"Version": "2012-10-17", "Statement": [own]})
    alice = iamd.client("iam", first)
    second = alice.create_access_key()["AccessKey"]
    assert fault(alice.create_access_key) == (
        "LimitExceeded",
        "Cannot exceed quota for AccessKeysPerUser: 2",
        409,
    )
    alice = iamd.client("iam", second)
    alice.update_access_key(AccessKeyId=first.access_key, Status="Inactive")
    assert fault(iamd.client("sts", first).get_caller_identity)[0] == "InvalidClientTokenId"
    alice.update_access_key(AccessKeyId=first.access_key, Status="Active")
    assert whoami(iamd, first).endswith(":user/alice")
    used = alice.get_access_key_last_used(AccessKeyId=second["AccessKeyId"])
    assert (used["UserName"], used["AccessKeyLastUsed"]["ServiceName"]) == ("alice", "iam")
    alice.delete_access_key(AccessKeyId=first.access_key)
    assert fault(iamd.client("sts", first).get_caller_identity)[0] == "InvalidClientTokenId"
    assert [key["AccessKeyId"] for key in alice.list_access_keys()["AccessKeyMetadata"]] == [second["AccessKeyId"]]


def test_g3_3_no_secret_comes_back_or_lies_in_the_trail(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="alice")
    iam.create_login_profile(UserName="alice", Password="Passw0rd!secret")
    secret = iam.create_access_key(UserName="alice")["AccessKey"]["SecretAccessKey"]
    for answer in (iam.list_access_keys(UserName="alice"), iam.get_login_profile(UserName="alice")):
        assert secret not in repr(answer)
        assert "secret" not in repr(answer)


def test_a_caller_and_root_like_forms_of_get_user(iamd: Iamd) -> None:
    user = iamd.client("iam").get_user()["User"]
    assert (user["UserName"], user["Arn"]) == ("admin", f"arn:aws:iam::{iamd.account}:user/admin")


def test_everything_follows_a_renamed_user(iamd: Iamd) -> None:
    read = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}]}
    key = iamd.user("alice", read)
    iamd.client("iam").update_user(UserName="alice", NewUserName="zoe", NewPath="/new/")
    assert whoami(iamd, key) == f"arn:aws:iam::{iamd.account}:user/new/zoe"
    assert iamd.client("iam", key).get_user()["User"]["UserName"] == "zoe"


def test_lists_page_by_boto3s_paginators(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    for number in range(5):
        iam.create_user(UserName=f"u{number}", Path="/p/" if number % 2 else "/")
    pages = list(iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["Users"]) for page in pages] == [2, 2, 2]
    found = iam.get_paginator("list_users").paginate(PathPrefix="/p/", PaginationConfig={"PageSize": 1})
    assert [user["UserName"] for page in found for user in page["Users"]] == ["u1", "u3"]
    assert fault(iam.list_users, Marker="x")[:2] == ("ValidationError", "Invalid Marker.")
    assert fault(iam.list_users, MaxItems=0)[0] == "ValidationError"


def test_deleting_a_user_with_things_attached_conflicts(iamd: Iamd) -> None:
    iamd.user("alice")
    iam = iamd.client("iam")
    conflict = ("DeleteConflict", "Cannot delete entity, must delete access keys first.", 409)
    assert fault(iam.delete_user, UserName="alice") == conflict
    (key,) = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="alice")
    assert fault(iam.get_user, UserName="alice")[::2] == ("NoSuchEntity", 404)


def test_two_clients_race_for_a_name_and_one_wins(iamd: Iamd) -> None:
    def attempt(name: str) -> str:
        try:
            iamd.client("iam").create_user(UserName=name)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "created"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, ["racer", "Racer", "RACER"] * 2))
    assert sorted(outcomes) == ["EntityAlreadyExists"] * 5 + ["created"]


def test_tag_conditions_on_users_hold(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="red", Tags=[{"Key": "Team", "Value": "red"}])
    iam.create_user(UserName="blue", Tags=[{"Key": "team", "Value": "blue"}])
    for key in ("iam:ResourceTag/team", "aws:ResourceTag/TEAM"):
        statement = {
            "Effect": "Allow",
            "Action": "iam:GetUser",
            "Resource": "*",
            "Condition": {"StringEquals": {key: "red"}},
        }
        who = iamd.user(key.replace(":", "-").replace("/", "-"), {"Version": "2012-10-17", "Statement": [statement]})
        client = iamd.client("iam", who)
        assert client.get_user(UserName="red")["User"]["Tags"] == [{"Key": "Team", "Value": "red"}]
        code, message, _ = fault(client.get_user, UserName="blue")
        assert (code, "on resource: user blue because" in message) == ("AccessDenied", True)


def test_who_may_only_create_bounded_users(iamd: Iamd) -> None:
    statement = {
        "Effect": "Allow",
        "Action": ["iam:CreateUser", "iam:PutUserPermissionsBoundary"],
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": READ_ONLY}},
    }
    maker = iamd.client("iam", iamd.user("maker", {"Version": "2012-10-17", "Statement": [statement]}))
    assert fault(maker.create_user, UserName="free")[0] == "AccessDenied"
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert fault(maker.create_user, UserName="free", PermissionsBoundary=other)[0] == "AccessDenied"
    made = maker.create_user(UserName="bound", PermissionsBoundary=READ_ONLY)["User"]
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    assert fault(maker.put_user_permissions_boundary, UserName="bound", PermissionsBoundary=other)[0] == "AccessDenied"


def test_passwords_obey_the_accounts_policy(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user(
        "alice",
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"}],
        },
    )
    iam.update_account_password_policy(
        MinimumPasswordLength=10, RequireNumbers=True, PasswordReusePrevention=1, MaxPasswordAge=30
    )
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert (policy["MinimumPasswordLength"], policy["ExpirePasswords"], policy["MaxPasswordAge"]) == (10, True, 30)
    refused = (
        "PasswordPolicyViolation",
        "Password does not conform to the account password policy.",
        400,
    )
    assert fault(iam.create_login_profile, UserName="alice", Password="only letters") == refused
    iam.create_login_profile(UserName="alice", Password="with number 1")
    alice = iamd.client("iam", key)
    assert fault(alice.change_password, OldPassword="wrong", NewPassword="with number 2")[::2] == ("AccessDenied", 403)
    assert fault(alice.change_password, OldPassword="with number 1", NewPassword="with number 1") == refused
    alice.change_password(OldPassword="with number 1", NewPassword="with number 2")
    alice.change_password(OldPassword="with number 2", NewPassword="with number 1")


def test_alias_and_summary(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_account_alias(AccountAlias="my-lab")
    assert iam.list_account_aliases()["AccountAliases"] == ["my-lab"]
    iam.delete_account_alias(AccountAlias="my-lab")
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Users"], summary["AccountPasswordPresent"], summary["AccountAccessKeysPresent"]) == (1, 1, 0)


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a/b", "a\x00b", "ä", "😀", "a" * 65, "a\n", "<x>", "*", "a?b", "../x", "a:b"],
)
def test_bad_names_are_refused(iamd: Iamd, name: str) -> None:
    assert fault(iamd.client("iam").create_user, UserName=name)[::2] == ("ValidationError", 400)


@pytest.mark.parametrize("path", ["", "x", "/x", "x/", "/a b/", "/ä/", "/" + "a" * 511 + "/"])
def test_bad_paths_are_refused(iamd: Iamd, path: str) -> None:
    assert fault(iamd.client("iam").create_user, UserName="u", Path=path)[::2] == ("ValidationError", 400)


def test_names_at_the_limit_work(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    name, path = "a" * 64, "/" + "!~" * 255 + "/"
    assert iam.create_user(UserName=name, Path=path)["User"]["Arn"].endswith(f":user{path}{name}")
    assert iam.create_user(UserName="+=,.@-_")["User"]["UserName"] == "+=,.@-_"
    assert iam.create_group(GroupName="g" * 128)["Group"]["GroupName"] == "g" * 128


def test_another_accounts_key_id_is_not_found(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = as_credentials(iam.create_access_key(UserName="admin")["AccessKey"])
    iam.create_user(UserName="alice")
    for call in (iam.delete_access_key, iam.update_access_key):
        more = {"Status": "Inactive"} if call == iam.update_access_key else {}
        message = f"The Access Key with id {key.access_key} cannot be found."
        got = fault(call, UserName="alice", AccessKeyId=key.access_key, **more)
        assert got == ("NoSuchEntity", message, 404)
