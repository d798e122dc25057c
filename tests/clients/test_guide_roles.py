"""Roles, sessions and a second account by boto3 (issue 4, point 5; the guide's G6.1): what opens, and what must not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.credentials import Credentials
from click.testing import CliRunner

from iamd.cli.main import iamd as command
from tests.clients.server import Iamd, as_credentials, connect, running
from tests.clients.test_iam_identities import fault

ALL_S3: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
ASSUME: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}


def trust(principal: Any, *actions: str, **condition: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal if isinstance(principal, dict) else {"AWS": principal},
        "Action": list(actions) or "sts:AssumeRole",
        **({"Condition": condition} if condition else {}),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_role(iamd: Iamd, name: str, document: str, **more: Any) -> str:
    """Its ARN; it may use all of S3."""
    iam = iamd.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="s3", PolicyDocument=json.dumps(ALL_S3))
    return arn


def assume(iamd: Iamd, key: Credentials | None, arn: str, **more: Any) -> Credentials:
    answer = iamd.client("sts", key).assume_role(RoleArn=arn, RoleSessionName="session", **more)
    return as_credentials(answer["Credentials"])


def refused(iamd: Iamd, key: Credentials | None, arn: str, **more: Any) -> str:
    call = iamd.client("sts", key).assume_role
    return fault(call, **({"RoleArn": arn, "RoleSessionName": "session"} | more))[0]


def test_g6_1_a_role_for_ec2_is_made_by_the_guide_and_passed_by_right_alone(iamd: Iamd) -> None:
    """iam:PassRole, on the role, beside the action itself."""
    iam = iamd.client("iam")
    service = {"Service": "ec2.amazonaws.com"}
    role = iam.create_role(RoleName="S3Reader", AssumeRolePolicyDocument=trust(service))["Role"]
    iam.attach_role_policy(RoleName="S3Reader", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.create_instance_profile(InstanceProfileName="S3Reader")
    manager = {"Effect": "Allow", "Action": "iam:*InstanceProfile", "Resource": "*"}
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role["Arn"]}
    key = iamd.user("ops", {"Version": "2012-10-17", "Statement": [manager]})
    ops = iamd.client("iam", key)
    code, message, _ = fault(ops.add_role_to_instance_profile, InstanceProfileName="S3Reader", RoleName="S3Reader")
    assert code == "AccessDenied"
    assert f"is not authorized to perform: iam:PassRole on resource: {role['Arn']} because no identity" in message
    document = json.dumps({"Version": "2012-10-17", "Statement": [manager, passing]})
    iam.put_user_policy(UserName="ops", PolicyName="p0", PolicyDocument=document)
    ops.add_role_to_instance_profile(InstanceProfileName="S3Reader", RoleName="S3Reader")
    (profile,) = iam.list_instance_profiles_for_role(RoleName="S3Reader")["InstanceProfiles"]
    assert profile["Roles"][0]["Arn"] == role["Arn"]
    assert fault(iam.delete_role, RoleName="S3Reader")[::2] == ("DeleteConflict", 409)
    # A service's role is for the service: not even the administrator assumes it.
    assert refused(iamd, None, role["Arn"]) == "AccessDenied"


def test_a_role_opens_to_whom_its_trust_names_and_to_nobody_else(iamd: Iamd) -> None:
    alice, bob, carl = iamd.user("alice"), iamd.user("bob", ASSUME), iamd.user("carl", ASSUME)
    account = f"arn:aws:iam::{iamd.account}"
    named = make_role(iamd, "named", trust(f"{account}:user/alice"))
    iamd.client("s3", assume(iamd, alice, named)).list_buckets()
    assert refused(iamd, bob, named) == "AccessDenied"
    whole = make_role(iamd, "whole", trust(iamd.account))
    assert refused(iamd, alice, whole) == "AccessDenied"
    iamd.client("s3", assume(iamd, carl, whole)).list_buckets()
    assert refused(iamd, carl, f"{account}:role/nobody") == "AccessDenied"


@pytest.mark.parametrize(
    ("condition", "given", "opens"),
    [
        ({"StringEquals": {"sts:ExternalId": "42"}}, {"ExternalId": "42"}, True),
        ({"StringEquals": {"sts:ExternalId": "42"}}, {"ExternalId": "43"}, False),
        ({"StringEquals": {"sts:ExternalId": "42"}}, {}, False),
        ({"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}, {"RoleSessionName": "alice"}, True),
        ({"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}, {}, False),
        ({"StringLike": {"sts:SourceIdentity": "ali*"}}, {"SourceIdentity": "alice"}, True),
        ({"StringLike": {"sts:SourceIdentity": "ali*"}}, {}, False),
        ({"StringEquals": {"aws:RequestTag/team": "red"}}, {"Tags": [{"Key": "team", "Value": "red"}]}, True),
        ({"StringEquals": {"aws:RequestTag/team": "red"}}, {"Tags": [{"Key": "team", "Value": "blue"}]}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, False),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}, False),
    ],
)
def test_conditions_of_the_trust_policy(iamd: Iamd, condition: Any, given: Any, *, opens: bool) -> None:
    key = iamd.user("alice")
    actions = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
    arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice", *actions, **condition))
    parameters = {"RoleArn": arn, "RoleSessionName": "session", **given}
    if opens:
        session = iamd.client("sts", key).assume_role(**parameters)
        assert session.get("SourceIdentity") == given.get("SourceIdentity")
    else:
        assert refused(iamd, key, **{"arn": arn, **given}) == "AccessDenied"


@pytest.mark.parametrize(("more", "action"), [
    ({"Tags": [{"Key": "a", "Value": "b"}]}, "sts:TagSession"),
    ({"SourceIdentity": "alice"}, "sts:SetSourceIdentity"),
])  # fmt: skip
def test_tags_and_source_identities_are_rights_of_their_own(iamd: Iamd, more: Any, action: str) -> None:
    key = iamd.user("alice")
    arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice"))
    code, message, _ = fault(iamd.client("sts", key).assume_role, RoleArn=arn, RoleSessionName="session", **more)
    assert (code, f"is not authorized to perform: {action} on resource: {arn}" in message) == ("AccessDenied", True)


def test_session_tags_are_the_principals_tags(iamd: Iamd) -> None:
    key = iamd.user("alice")
    actions = ("sts:AssumeRole", "sts:TagSession")
    arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice", *actions))
    own = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::files", "arn:aws:s3:::files/${aws:PrincipalTag/team}/*"],
    }
    iamd.client("iam").put_role_policy(
        RoleName="R", PolicyName="s3", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [own]})
    )
    iamd.client("s3").create_bucket(Bucket="files")
    red = iamd.client("s3", assume(iamd, key, arn, Tags=[{"Key": "team", "Value": "red"}]))
    red.put_object(Bucket="files", Key="red/1", Body=b"")
    assert fault(red.put_object, Bucket="files", Key="blue/1", Body=b"")[0] == "AccessDenied"
    untagged = iamd.client("s3", assume(iamd, key, arn))
    assert fault(untagged.get_object, Bucket="files", Key="red/1")[0] == "AccessDenied"


def test_durations_and_chains_are_bounded(iamd: Iamd) -> None:
    key = iamd.user("alice", ASSUME)
    account = f"arn:aws:iam::{iamd.account}"
    first = make_role(iamd, "first", trust(f"{account}:user/alice"), MaxSessionDuration=7200)
    second = make_role(iamd, "second", trust(first), MaxSessionDuration=43200)
    iamd.client("iam").put_role_policy(RoleName="first", PolicyName="sts", PolicyDocument=json.dumps(ASSUME))
    assert refused(iamd, key, first, DurationSeconds=7201) == "ValidationError"
    assert refused(iamd, key, first, DurationSeconds=899) == "ValidationError"
    answer = iamd.client("sts", key).assume_role(RoleArn=first, RoleSessionName="session", DurationSeconds=7200)
    left = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert timedelta(seconds=7100) < left <= timedelta(seconds=7200)
    session = as_credentials(answer["Credentials"])
    assert refused(iamd, session, second, DurationSeconds=3601) == "ValidationError"
    chained = assume(iamd, session, second, DurationSeconds=3600)
    assert iamd.client("sts", chained).get_caller_identity()["Arn"].endswith("assumed-role/second/session")
    iamd.client("s3", chained).list_buckets()
    assert refused(iamd, key, second) == "AccessDenied"


def test_a_session_policy_only_shrinks_and_is_named(iamd: Iamd) -> None:
    key = iamd.user("alice")
    arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice"))
    narrow = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "iam:*"], "Resource": "*"}],
    }
    session = assume(iamd, key, arn, Policy=json.dumps(narrow))
    iamd.client("s3", session).list_buckets()
    message = fault(iamd.client("s3", session).create_bucket, Bucket="made")[1]
    assert message.endswith("because no session policy allows the s3:CreateBucket action")
    assert fault(iamd.client("iam", session).list_users)[0] == "AccessDenied"
    managed = assume(iamd, key, arn, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}])
    iamd.client("s3", managed).list_buckets()
    assert fault(iamd.client("s3", managed).create_bucket, Bucket="made")[0] == "AccessDenied"


def test_a_namesake_inherits_nothing(iamd: Iamd) -> None:
    """The trust policy then shows the one who was meant, by unique id; a bucket policy likewise."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    first = iamd.user("alice")
    arn = make_role(iamd, "R", trust(f"arn:aws:iam::{iamd.account}:user/alice"))
    s3.create_bucket(Bucket="files")
    grant = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{iamd.account}:user/alice"},
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::files",
    }
    s3.put_bucket_policy(Bucket="files", Policy=json.dumps({"Version": "2012-10-17", "Statement": [grant]}))
    assume(iamd, first, arn)
    iamd.client("s3", first).list_objects_v2(Bucket="files")
    unique = iam.get_user(UserName="alice")["User"]["UserId"]
    iam.delete_access_key(UserName="alice", AccessKeyId=first.access_key)
    iam.delete_user(UserName="alice")
    again = iamd.user("alice")
    assert refused(iamd, again, arn) == "AccessDenied"
    assert fault(iamd.client("s3", again).list_objects_v2, Bucket="files")[0] == "AccessDenied"
    trusted = iam.get_role(RoleName="R")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trusted == {"AWS": unique}
    shown = json.loads(s3.get_bucket_policy(Bucket="files")["Policy"])["Statement"][0]["Principal"]
    assert shown == {"AWS": unique}


@pytest.mark.parametrize("principal", ["arn:aws:iam::{}:user/nobody", "arn:aws:iam::{}:role/nobody", "nonsense"])
def test_a_principal_that_does_not_exist_is_refused_when_it_is_written(iamd: Iamd, principal: str) -> None:
    document = trust(principal.format(iamd.account))
    got = fault(iamd.client("iam").create_role, RoleName="R", AssumeRolePolicyDocument=document)
    assert got[::2] == ("MalformedPolicyDocument", 400)
    assert "Invalid principal in policy" in got[1]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Iamd]]:
    """Two accounts of one server: the owner's and the guest's."""
    data_dir = tmp_path_factory.mktemp("accounts")
    with running(data_dir) as (owner, _):
        words = ["accounts", "create", "--name", "guest", "--data-dir", str(data_dir)]
        made = CliRunner().invoke(command, words, catch_exceptions=False)
        yield owner, connect(Path(made.stdout.strip()))


def test_a_role_of_one_account_is_assumed_from_the_other_where_both_sides_allow(two: tuple[Iamd, Iamd]) -> None:
    owner, guest = two
    with_right, without = guest.user("able", ASSUME), guest.user("unable")
    arn = make_role(owner, "shared", trust(guest.account))
    named = make_role(owner, "named", trust(f"arn:aws:iam::{guest.account}:user/unable"))
    closed = make_role(owner, "closed", trust(owner.account))
    session = assume(guest, with_right, arn)
    identity = owner.client("sts", session).get_caller_identity()
    assert (identity["Account"], identity["Arn"].split("/")[1]) == (owner.account, "shared")
    # Across accounts a trust policy alone grants nothing, not even to a user whom it names.
    assert refused(guest, without, arn) == refused(guest, without, named) == "AccessDenied"
    assert refused(guest, with_right, named) == refused(guest, with_right, closed) == "AccessDenied"


def test_a_bucket_policy_lets_the_other_account_in_where_both_sides_allow(two: tuple[Iamd, Iamd]) -> None:
    owner, guest = two
    able, unable = guest.user("reader", ALL_S3), guest.user("stranger")
    s3 = owner.client("s3")
    s3.create_bucket(Bucket="shared")
    s3.put_object(Bucket="shared", Key="k", Body=b"1")
    assert fault(guest.client("s3", able).get_object, Bucket="shared", Key="k")[0] == "AccessDenied"
    grant = {
        "Effect": "Allow",
        "Principal": {"AWS": guest.account},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::shared/*",
    }
    s3.put_bucket_policy(Bucket="shared", Policy=json.dumps({"Version": "2012-10-17", "Statement": [grant]}))
    assert guest.client("s3", able).get_object(Bucket="shared", Key="k")["Body"].read() == b"1"
    assert fault(guest.client("s3", unable).get_object, Bucket="shared", Key="k")[0] == "AccessDenied"
    assert fault(guest.client("s3", able).put_object, Bucket="shared", Key="k", Body=b"2")[0] == "AccessDenied"
    assert fault(guest.client("s3", able).list_objects_v2, Bucket="shared")[0] == "AccessDenied"
    s3.delete_bucket_policy(Bucket="shared")
    assert fault(guest.client("s3", able).get_object, Bucket="shared", Key="k")[0] == "AccessDenied"
