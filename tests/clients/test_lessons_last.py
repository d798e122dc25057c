"""Rules 31 to 36 of security-lessons; `test_lessons` says which rules meet nothing yet."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.forging import FORM, host_of, send, signed
from tests.clients.server import BIN, Iamd, connect, running
from tests.clients.test_events import events
from tests.clients.test_lessons import a_bucket, keys_in, policy
from tests.clients.test_lessons_more import LIST_USERS, trusting


@pytest.mark.parametrize(
    ("flags", "more"),
    [
        (["--enforce=false"], {}),
        (["--ephemera"], {}),
        (["--port", "http"], {}),
        (["--host", "0.0.0.0"], {}),  # noqa: S104  # refused is what it shall be
        ([], {"IAMD_ENFORCEMENT": "off"}),
        ([], {"IAMD_PORTT": "4566"}),
        ([], {"IAMD_PORT": "yes"}),
    ],
)
def test_lesson_31_unknown_and_unsafe_settings_refuse_to_start(
    tmp_path: Path, flags: list[str], more: dict[str, str]
) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("IAMD_")}
    ports = [] if "--port" in flags or "IAMD_PORT" in more else ["--port", "0"]
    command: list[str | Path] = [BIN / "iamd", "serve", *ports, "--console-port", "0", "--data-dir", tmp_path, *flags]
    ended = subprocess.run(command, env={**env, **more}, capture_output=True, text=True, check=False, timeout=20)
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_lesson_32_the_action_comes_from_one_place(iamd: Iamd) -> None:
    s3 = a_bucket(iamd, key=b"x")
    lister = iamd.user("lister", policy("Allow", ["s3:ListAllMyBuckets", "iam:ListUsers"]))
    host = host_of(iamd)
    line = "POST /?Action=ListUsers&Version=2010-05-08"
    body = b"Action=CreateUser&Version=2010-05-08&UserName=forged"
    assert send(iamd, line, signed(lister, line, [FORM], body, host=host, service="iam"), body)[0] == 400
    for extra in ([("x-amz-target", "IAM.CreateUser")], [("x-amz-target", "AmazonS3.DeleteObject")]):
        headers = signed(lister, "DELETE /bucket/key?Action=ListBuckets", extra, host=host)
        assert send(iamd, "DELETE /bucket/key?Action=ListBuckets", headers)[0] == 403
    form = b"Action=ListBuckets&Version=2006-03-01"
    assert send(iamd, "POST /", signed(lister, "POST /", [FORM], form, host=host), form)[0] == 405
    crossed = signed(lister, "POST /", [FORM], body, host=host, service="sts")
    assert send(iamd, "POST /", crossed, body)[0] == 400
    assert keys_in(s3) == ["key"]
    assert len(iamd.client("iam").list_users()["Users"]) == 2


@pytest.mark.parametrize(
    "name", ["test", "AKIAIOSFODNN7EXAMPLE", "000000000000", "123456789012", "root", "anonymous", "*"]
)
def test_lesson_33_no_key_is_magic(iamd: Iamd, name: str) -> None:
    for key in (Credentials(name, name), Credentials(name, "test"), Credentials(name, iamd.key.secret_key)):
        for service in ("sts", "s3"):
            client = iamd.client(service, key)
            with pytest.raises(ClientError, match=r"InvalidClientTokenId|InvalidAccessKeyId"):
                client.get_caller_identity() if service == "sts" else client.list_buckets()
    for own in (iamd.account, "admin", iamd.key.access_key.lower()):
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            iamd.client("sts", Credentials(own, iamd.key.secret_key)).get_caller_identity()


def test_lesson_34_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    command: list[str | Path] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", "--data-dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        iamd = connect(Path(process.stdout.readline().strip()))
        a_bucket(iamd, small=b"x", large=b"y" * 300_000)
        iamd.client("iam").create_user(UserName="last")
        process.send_signal(signal.SIGKILL)
    with running(tmp_path) as (again, _):
        assert keys_in(again.client("s3")) == ["large", "small"]
        assert again.client("s3").get_object(Bucket="bucket", Key="large")["Body"].read() == b"y" * 300_000
        assert again.client("iam").get_user(UserName="last")["User"]["UserName"] == "last"
        names = {each["eventName"] for each in events(tmp_path)}
        assert {"CreateBucket", "CreateUser", "PutObject"} <= names


def test_lesson_35_variables_and_missing_keys_never_widen(iamd: Iamd) -> None:
    a_bucket(iamd, alice=b"a", bob=b"b")
    allow = policy("Allow", "s3:GetObject")["Statement"]
    own = policy("Deny", "s3:GetObject", "arn:aws:s3:::bucket/${aws:username}")["Statement"]
    alice = iamd.client("s3", iamd.user("alice", {"Version": "2012-10-17", "Statement": [*allow, *own]}))
    assert alice.get_object(Bucket="bucket", Key="bob")["Body"].read() == b"b"
    with pytest.raises(ClientError, match="explicit deny"):
        alice.get_object(Bucket="bucket", Key="alice")
    missing = policy("Deny", "*", Condition={"StringNotEquals": {"aws:PrincipalTag/team": "red"}})["Statement"]
    bob = iamd.client("s3", iamd.user("bob", {"Version": "2012-10-17", "Statement": [*allow, *missing]}))
    with pytest.raises(ClientError, match="explicit deny"):
        bob.get_object(Bucket="bucket", Key="bob")
    never = policy("Allow", "s3:GetObject", Condition={"StringEquals": {"aws:nothing": "x"}})
    with pytest.raises(ClientError, match="no identity-based policy allows"):
        iamd.client("s3", iamd.user("carol", never)).get_object(Bucket="bucket", Key="bob")


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Conditions": {}},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"StringMatches": {"aws:username": "a"}}},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"ForSomeValues:StringLike": {"a:b": "c"}}},
        {"Effect": "deny", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "NotAction": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "everything", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "bucket"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"},
    ],
    ids=["element", "operator", "quantifier", "effect", "two actions", "action", "resource", "principal"],
)
def test_lesson_35_what_is_not_understood_cannot_be_written(iamd: Iamd, statement: dict[str, Any]) -> None:
    iamd.user("alice")
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        iamd.client("iam").put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)


def test_lesson_36_a_swapped_body_is_refused(iamd: Iamd) -> None:
    s3 = a_bucket(iamd)
    headers = signed(iamd.key, "PUT /bucket/key", body=b"right", host=host_of(iamd))
    assert send(iamd, "PUT /bucket/key", headers, b"wrong")[0] == 400
    headers = signed(iamd.key, "POST /", [FORM], LIST_USERS, host=host_of(iamd), service="iam")
    swapped = b"Action=CreateUser&UserName=forged&Version=2010-05-08"
    assert send(iamd, "POST /", headers, swapped)[0] == 403
    assert keys_in(s3) == []


def test_lesson_36_sessions_without_mfa_and_invented_codes(iamd: Iamd) -> None:
    user = iamd.user("alice", policy("Allow", "*"))
    sts = iamd.client("sts", user)
    session = sts.get_session_token()["Credentials"]
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        iamd.client("iam", session).list_users()
    device = f"arn:aws:iam::{iamd.account}:mfa/alice"
    for code in ("000000", "123456"):
        with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
            sts.get_session_token(SerialNumber=device, TokenCode=code)
        with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
            sts.assume_role(
                RoleArn=trusting(iamd, f"r{code}"), RoleSessionName="run", SerialNumber=device, TokenCode=code
            )


def test_lesson_36_passing_a_role_is_asked_for(iamd: Iamd) -> None:
    trusting(iamd)
    iamd.client("iam").create_instance_profile(InstanceProfileName="profile")
    rights = ["iam:AddRoleToInstanceProfile"]
    passer = iamd.user("passer", policy("Allow", rights))
    with pytest.raises(ClientError, match="iam:PassRole"):
        iamd.client("iam", passer).add_role_to_instance_profile(InstanceProfileName="profile", RoleName="role")
    elsewhere = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    more = json.dumps(policy("Allow", "iam:PassRole", Condition=elsewhere))
    iamd.client("iam").put_user_policy(UserName="passer", PolicyName="more", PolicyDocument=more)
    with pytest.raises(ClientError, match="iam:PassRole"):
        iamd.client("iam", passer).add_role_to_instance_profile(InstanceProfileName="profile", RoleName="role")


def test_lesson_36_a_namesake_gets_nothing(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    first = iamd.user("alice", policy("Allow", "sts:AssumeRole"))
    alice = f"arn:aws:iam::{iamd.account}:user/alice"
    trust = {"Effect": "Allow", "Principal": {"AWS": alice}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="hers", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    s3 = a_bucket(iamd, key=b"x")
    hers = policy("Allow", "s3:GetObject", "arn:aws:s3:::bucket/*", Principal={"AWS": alice})
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(hers))
    iamd.client("sts", first).assume_role(RoleArn=role, RoleSessionName="run")
    iamd.client("s3", first).get_object(Bucket="bucket", Key="key")
    iam.delete_access_key(UserName="alice", AccessKeyId=first.access_key)
    iam.delete_user_policy(UserName="alice", PolicyName="p0")
    iam.delete_user(UserName="alice")
    second = iamd.user("alice", policy("Allow", "sts:AssumeRole"))
    with pytest.raises(ClientError, match="AccessDenied"):
        iamd.client("sts", second).assume_role(RoleArn=role, RoleSessionName="run")
    with pytest.raises(ClientError, match="AccessDenied"):
        iamd.client("s3", second).get_object(Bucket="bucket", Key="key")
