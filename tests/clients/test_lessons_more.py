"""Rules 20 to 29 of security-lessons; `test_lessons` says which rules meet nothing yet."""

import base64
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.forging import FORM, host_of, presigned, send, signed, stamp
from tests.clients.server import Iamd, running
from tests.clients.test_accounts import create
from tests.clients.test_events import events
from tests.clients.test_lessons import a_bucket, policy

LIST_USERS = b"Action=ListUsers&Version=2010-05-08"


def trusting(iamd: Iamd, name: str = "role", **rights: Any) -> str:
    """A role that everybody of the account may assume and that may do everything; its ARN."""
    trust = {"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = iamd.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **rights)
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(policy("Allow", "*")))
    return f"arn:aws:iam::{iamd.account}:role/{name}"


def test_lesson_20_the_address_is_the_socket_s(iamd: Iamd) -> None:
    here = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    key = iamd.user("inside", policy("Allow", "iam:ListUsers", Condition=here))
    for name in ("x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "x-amzn-source-ip"):
        headers = signed(key, "POST /", [FORM, (name, "10.0.0.1")], LIST_USERS, host=host_of(iamd), service="iam")
        assert send(iamd, "POST /", headers, LIST_USERS)[0] == 403


def test_lesson_21_no_secret_in_the_trail_or_the_logs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Every secret issued, chosen or sent in a run is looked for in the events, on stderr, and in plain on the disk."""
    with running(tmp_path) as (iamd, _):
        iam, sts = iamd.client("iam"), iamd.client("sts")
        user = iamd.user("alice", policy("Allow", "*"))
        iam.create_login_profile(UserName="alice", Password="Chosen-pass-1")
        iam.update_login_profile(UserName="alice", Password="Chosen-pass-2")
        own = iamd.client("iam", user)
        with pytest.raises(ClientError):
            own.change_password(OldPassword="Wrong-pass-9", NewPassword="Chosen-pass-3")
        own.change_password(OldPassword="Chosen-pass-2", NewPassword="Chosen-pass-3")
        sessions = [
            sts.assume_role(RoleArn=trusting(iamd), RoleSessionName="run", ExternalId="External-id-1")["Credentials"],
            iamd.client("sts", user).get_session_token()["Credentials"],
            iamd.client("sts", user).get_federation_token(Name="guest")["Credentials"],
        ]
        altered = dict(sessions[0], SessionToken="Altered" + sessions[0]["SessionToken"][7:])
        with pytest.raises(ClientError):
            iamd.client("sts", altered).get_caller_identity()
        form = b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=run&WebIdentityToken=Web-token-1"
        send(iamd, "POST /", [FORM], form + f"&RoleArn=arn:aws:iam::{iamd.account}:role/role".encode())
        query = presigned(iamd.key, "GET /nowhere/key", {}, host=host_of(iamd))
        send(iamd, f"GET /nowhere/key?{query}")
        send(iamd, "GET /", [("authorization", "Bearer Bearer-token-1")])
        send(iamd, "POST /", [FORM], b"Action=CreateLoginProfile&Version=2010-05-08&UserName=alice&Password=Broken-%zz")
        made = [user.secret_key, iamd.key.secret_key, iamd.root_password]
        made += [secret for each in sessions for secret in (each["SecretAccessKey"], each["SessionToken"])]
        made += ["Chosen-pass-1", "Chosen-pass-2", "Chosen-pass-3", "Wrong-pass-9", "Web-token-1", "Bearer-token-1"]
        found = events(
            tmp_path, until=lambda found: any(each["eventName"] == "AssumeRoleWithWebIdentity" for each in found)
        )
        assert {"CreateLoginProfile", "ChangePassword", "CreateAccessKey"} <= {each["eventName"] for each in found}
    told = json.dumps(found) + capfd.readouterr().err
    assert [secret for secret in made if secret in told] == []
    assert "Traceback" not in told
    disk = b"".join(path.read_bytes() for path in tmp_path.glob("iamd.db*"))
    assert [secret for secret in made if secret.encode() in disk] == []


def test_lesson_21_no_answer_invites_another_origin(iamd: Iamd) -> None:
    a_bucket(iamd)
    for line in ("OPTIONS /bucket/key", "GET /bucket", "GET /_iamd/health", "POST /"):
        _, head, _ = send(iamd, line, [("origin", "https://evil.example"), ("access-control-request-method", "PUT")])
        assert b"access-control" not in head.lower()


def test_lesson_22_the_door_that_checks_a_signature_tells_nothing(iamd: Iamd) -> None:
    """The reset is the one request that is verified outside the road: it answers 403 to all but its own key."""
    other = iamd.user("alice", policy("Allow", "*"))
    for headers in (
        [],
        signed(other, "POST /_iamd/reset", host=host_of(iamd), service="iam"),
        signed(Credentials(iamd.key.access_key, "x" * 40), "POST /_iamd/reset", host=host_of(iamd), service="iam"),
        signed(iamd.key, "POST /_iamd/reset", host=host_of(iamd), service="iam", date=stamp(timedelta(minutes=-20))),
    ):
        status, _, body = send(iamd, "POST /_iamd/reset", headers)
        assert (status, body) == (403, b"")
    assert len(iamd.client("iam").list_users()["Users"]) == 2


def test_lesson_23_children_do_not_outlive_or_outreach_their_source(iamd: Iamd) -> None:
    arn = trusting(iamd, MaxSessionDuration=43200)
    sts = iamd.client("sts")
    narrow = json.dumps(policy("Allow", ["sts:AssumeRole", "sts:TagSession"]))
    parent = sts.assume_role(RoleArn=arn, RoleSessionName="one", DurationSeconds=900, Policy=narrow)["Credentials"]
    chained = iamd.client("sts", parent)
    child = chained.assume_role(RoleArn=arn, RoleSessionName="two", DurationSeconds=3600)["Credentials"]
    assert child["Expiration"] <= parent["Expiration"]
    with pytest.raises(ClientError, match="1 hour session limit"):
        chained.assume_role(RoleArn=arn, RoleSessionName="two", DurationSeconds=3601)
    calls: tuple[tuple[str, dict[str, str]], ...] = (
        ("get_session_token", {}),
        ("get_federation_token", {"Name": "guest"}),
    )
    for operation, arguments in calls:
        with pytest.raises(ClientError, match="Cannot call"):
            getattr(chained, operation)(**arguments)
    with pytest.raises(ClientError, match="no session policy allows"):
        iamd.client("iam", parent).list_users()


@pytest.mark.parametrize("minutes", [-16, 16, -60 * 24 * 8])
@pytest.mark.parametrize("service", ["s3", "iam", "sts"])
def test_lesson_24_the_clock_counts_in_every_header_and_url(iamd: Iamd, minutes: int, service: str) -> None:
    date = stamp(timedelta(minutes=minutes))
    line, body = ("GET /", b"") if service == "s3" else ("POST /", LIST_USERS)
    extra = [] if service == "s3" else [FORM]
    headers = signed(iamd.key, line, extra, body, host=host_of(iamd), service=service, date=date)
    assert send(iamd, line, headers, body)[0] == 403
    if minutes != -16:  # a URL is good for its fifteen minutes
        query = presigned(iamd.key, "GET /", {}, host=host_of(iamd), date=date)
        assert send(iamd, f"GET /?{query}")[0] == 403


def test_lesson_24_a_version_2_url_ends(iamd: Iamd) -> None:
    a_bucket(iamd, key=b"x")
    url = iamd.client("s3", signature_version="s3").generate_presigned_url(
        "get_object", Params={"Bucket": "bucket", "Key": "key"}, ExpiresIn=60
    )
    path = url.removeprefix(iamd.endpoint)
    assert send(iamd, f"GET {path}")[0] == 200
    later = re.sub("Expires=[0-9]+", f"Expires={int(time.time()) - 1}", path)
    assert send(iamd, f"GET {later}")[0] == 403
    assert send(iamd, f"GET {re.sub('Expires=[0-9]+', 'Expires=99999999999', path)}")[0] == 403


def test_lesson_25_what_is_there_twice_is_refused(iamd: Iamd) -> None:
    host = host_of(iamd)
    form = LIST_USERS + b"&Action=CreateUser&UserName=forged"
    assert send(iamd, "POST /", signed(iamd.key, "POST /", [FORM], form, host=host, service="iam"), form)[0] == 400
    twice = presigned(iamd.key, "GET /", {}, host=host) + "&X-Amz-Expires=900"
    assert send(iamd, f"GET /?{twice}")[0] == 400
    headers = signed(iamd.key, "GET /", host=host)
    for name in ("authorization", "x-amz-date", "x-amz-content-sha256", "host"):
        value = dict(headers).get(name, host)
        assert send(iamd, "GET /", [*headers, (name, value)])[0] == 400
    assert send(iamd, "GET /", headers)[0] == 200


def test_lesson_25_a_forwarded_proof_of_identity_is_for_its_host_alone(iamd: Iamd) -> None:
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    headers = signed(iamd.key, "POST /", [FORM], form, host="sts.amazonaws.com", service="sts")
    assert send(iamd, "POST /", headers, form, host="sts.amazonaws.com")[0] == 200
    for host in (host_of(iamd), "vault.example"):
        assert send(iamd, "POST /", headers, form, host=host)[0] == 403


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Iamd]]:
    data_dir = tmp_path_factory.mktemp("lessons")
    with running(data_dir) as (first, _):
        yield first, create(data_dir, "--name", "second")[0]


def test_lesson_26_what_is_remembered_is_remembered_of_its_account(two: tuple[Iamd, Iamd]) -> None:
    """The same names in two accounts, asked in turns, so that a mixed-up memory would show."""
    first, second = two
    mine = first.user("twin", policy("Allow", "iam:ListUsers"))
    theirs = second.user("twin")
    for _ in range(3):
        first.client("iam", mine).list_users()
        with pytest.raises(ClientError, match="AccessDenied"):
            second.client("iam", theirs).list_users()
    for iamd in two:
        iamd.client("iam").create_policy(PolicyName="twin", PolicyDocument=json.dumps(policy("Allow", "s3:*")))
    foreign = f"arn:aws:iam::{first.account}:policy/twin"
    calls: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("iam", "attach_user_policy", {"UserName": "twin", "PolicyArn": foreign}),
        ("iam", "put_user_permissions_boundary", {"UserName": "twin", "PermissionsBoundary": foreign}),
        ("iam", "get_policy", {"PolicyArn": foreign}),
        ("iam", "delete_policy", {"PolicyArn": foreign}),
        ("sts", "get_federation_token", {"Name": "guest", "PolicyArns": [{"arn": foreign}]}),
    )
    for service, operation, arguments in calls:
        with pytest.raises(ClientError, match=r"NoSuchEntity|ValidationError|AccessDenied"):
            getattr(second.client(service), operation)(**arguments)


def test_lesson_26_both_sides_of_two_accounts_must_allow(two: tuple[Iamd, Iamd]) -> None:
    first, second = two
    s3 = a_bucket(first, "shared", key=b"x")
    guest = second.user("guest")
    reader = second.client("s3", guest)
    target = "arn:aws:s3:::shared/*"

    def read() -> bool:
        try:
            reader.get_object(Bucket="shared", Key="key")
        except ClientError:
            return False
        return True

    seen = [read()]
    who = {"Principal": {"AWS": f"arn:aws:iam::{second.account}:user/guest"}}
    s3.put_bucket_policy(Bucket="shared", Policy=json.dumps(policy("Allow", "s3:GetObject", target, **who)))
    seen.append(read())
    rights = json.dumps(policy("Allow", "s3:GetObject", target))
    second.client("iam").put_user_policy(UserName="guest", PolicyName="p", PolicyDocument=rights)
    seen.append(read())
    s3.delete_bucket_policy(Bucket="shared")
    seen.append(read())
    assert seen == [False, False, True, False]


def test_lesson_27_no_altered_token_is_read(iamd: Iamd) -> None:
    session = iamd.client("sts").assume_role(RoleArn=trusting(iamd), RoleSessionName="run")["Credentials"]
    token: str = session["SessionToken"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for at in range(0, len(token), max(1, len(token) // 24)):
        other = next(letter for letter in letters if letter != token[at])
        altered = dict(session, SessionToken=token[:at] + other + token[at + 1 :])
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            iamd.client("sts", altered).get_caller_identity()
    for text in (token[:-4], token + "AAAA", base64.b64encode(b"{}" * 60).decode(), token[::-1]):
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            iamd.client("sts", dict(session, SessionToken=text)).get_caller_identity()
    assert iamd.client("sts", session).get_caller_identity()["Account"] == iamd.account


def test_lesson_28_nobody_changes_the_rights_of_others(iamd: Iamd) -> None:
    trusting(iamd)
    iamd.user("bob")
    iam = iamd.client(
        "iam", iamd.user("mallory", policy("Allow", "iam:*", f"arn:aws:iam::{iamd.account}:user/mallory"))
    )
    text = json.dumps(policy("Allow", "*"))
    iam.put_user_policy(UserName="mallory", PolicyName="own", PolicyDocument=text)
    iamd.client("iam").delete_user_policy(UserName="mallory", PolicyName="own")
    for operation, arguments in (
        ("put_role_policy", {"RoleName": "role", "PolicyName": "p", "PolicyDocument": text}),
        ("update_assume_role_policy", {"RoleName": "role", "PolicyDocument": text}),
        ("put_user_policy", {"UserName": "bob", "PolicyName": "p", "PolicyDocument": text}),
        ("put_user_policy", {"UserName": "Mallory", "PolicyName": "p", "PolicyDocument": text}),
        ("delete_role", {"RoleName": "role"}),
        ("update_user", {"UserName": "bob", "NewUserName": "mallory2"}),
        ("update_user", {"UserName": "mallory", "NewUserName": "mallory2"}),
        ("create_login_profile", {"UserName": "bob", "Password": "Chosen-pass-1"}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(iam, operation)(**arguments)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "bucket.evil.example"])
def test_lesson_29_a_page_of_another_site_gets_nothing(iamd: Iamd, host: str) -> None:
    s3 = a_bucket(iamd, "public", key=b"x")
    s3.delete_public_access_block(Bucket="public")
    opened = policy("Allow", "s3:GetObject", "arn:aws:s3:::public/*", Principal="*")
    s3.put_bucket_policy(Bucket="public", Policy=json.dumps(opened))
    assert send(iamd, "GET /public/key")[0] == 200
    assert send(iamd, "GET /public/key", host=host)[0] == 403
    assert send(iamd, "POST /", [FORM], b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15", host=host)[0] == 403
