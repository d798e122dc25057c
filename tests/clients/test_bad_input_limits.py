"""At and over each limit, and several at once for one name: AWS's error, and exactly one who wins."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd
from tests.clients.test_guide_people import works

GUIDE: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
pytestmark = pytest.mark.xdist_group("watched")
STATEMENT: Final = GUIDE.replace('"*"', "%s")
TRUST: Final = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)


@pytest.fixture
def iamd(watched: Iamd) -> Iamd:
    return watched


def sized(limit: int) -> str:
    """A policy of so many characters."""
    return STATEMENT % json.dumps("arn:aws:s3:::" + "a" * (limit - len(STATEMENT % '"arn:aws:s3:::"')))


def _both(limit: int, code: str, call: Callable[[Any, str], Any]) -> Any:
    return pytest.param(limit, code, call)


@pytest.mark.parametrize(
    ("limit", "code", "call"),
    [
        _both(64, "ValidationError", lambda iam, name: iam.create_user(UserName=name)),
        _both(128, "ValidationError", lambda iam, name: iam.create_group(GroupName=name)),
        _both(64, "ValidationError", lambda iam, name: iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)),
        _both(128, "ValidationError", lambda iam, name: iam.create_policy(PolicyName=name, PolicyDocument=GUIDE)),
        _both(128, "ValidationError", lambda iam, name: iam.create_instance_profile(InstanceProfileName=name)),
        _both(
            128,
            "ValidationError",
            lambda iam, name: iam.put_user_policy(UserName="alice", PolicyName=name, PolicyDocument=GUIDE),
        ),
        _both(63, "ValidationError", lambda iam, name: iam.create_account_alias(AccountAlias=name)),
        _both(
            128,
            "ValidationError",
            lambda iam, name: iam.tag_user(UserName="alice", Tags=[{"Key": name, "Value": ""}]),
        ),
        _both(
            256,
            "ValidationError",
            lambda iam, name: iam.tag_user(UserName="alice", Tags=[{"Key": "k", "Value": name}]),
        ),
        _both(
            510,
            "ValidationError",
            lambda iam, name: iam.create_user(UserName="bob", Path=f"/{name}/"),
        ),
        _both(
            1000,
            "ValidationError",
            lambda iam, name: iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, Description=name),
        ),
        _both(
            128,
            "ValidationError",
            lambda iam, name: iam.create_login_profile(UserName="alice", Password=name + "A1!"[: 128 - len(name)]),
        ),
    ],
)
def test_names_at_and_over_their_limit(iamd: Iamd, limit: int, code: str, call: Callable[[Any, str], Any]) -> None:
    iam = iamd.client("iam")
    assert works(lambda: call(iam, "a" * (limit + 1))) == code
    assert works(lambda: call(iam, "a" * limit)) in {"", "PasswordPolicyViolation"}


@pytest.mark.parametrize(
    ("limit", "call"),
    [
        (2048, lambda iam, text: iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=text)),
        (5120, lambda iam, text: iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=text)),
        (10240, lambda iam, text: iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=text)),
        (6144, lambda iam, text: iam.create_policy(PolicyName="p", PolicyDocument=text)),
    ],
)
def test_policies_at_and_over_their_limit(iamd: Iamd, limit: int, call: Callable[[Any, str], Any]) -> None:
    """White space is not counted."""
    iam = iamd.client("iam")
    iam.create_group(GroupName="g")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    assert works(lambda: call(iam, sized(limit + 1))) == "LimitExceeded"
    assert works(lambda: call(iam, " \n" * 500 + sized(limit))) == ""


def attempts(iamd: Iamd, service: str, call: Callable[[Any, int], Any], count: int = 6) -> list[str]:
    """The same by several clients at once: "" or the code, of each."""
    start = threading.Barrier(count)
    clients = [iamd.client(service) for _ in range(count)]

    def attempt(number: int) -> str:
        start.wait(10)
        try:
            call(clients[number], number)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(attempt, range(count)))


@pytest.mark.parametrize(
    ("service", "loser", "call"),
    [
        ("iam", "EntityAlreadyExists", lambda iam, _: iam.create_group(GroupName="racer")),
        (
            "iam",
            "EntityAlreadyExists",
            lambda iam, n: iam.create_role(RoleName=("racer", "RACER")[n % 2], AssumeRolePolicyDocument=TRUST),
        ),
        ("iam", "EntityAlreadyExists", lambda iam, _: iam.create_policy(PolicyName="racer", PolicyDocument=GUIDE)),
        ("iam", "EntityAlreadyExists", lambda iam, _: iam.create_instance_profile(InstanceProfileName="racer")),
        (
            "iam",
            "EntityAlreadyExists",
            lambda iam, n: iam.create_login_profile(UserName="alice", Password=f"Passw0rd!{n}"),
        ),
        ("iam", "EntityAlreadyExists", lambda iam, _: iam.update_user(UserName="alice", NewUserName="racer")),
        ("iam", "NoSuchEntity", lambda iam, _: iam.delete_user(UserName="alice")),
        ("s3", "NoSuchBucket", lambda s3, _: s3.delete_bucket(Bucket="empty")),
        (
            "s3",
            "PreconditionFailed",
            lambda s3, n: s3.put_object(Bucket="bucket", Key="racer", Body=b"%d" % n, IfNoneMatch="*"),
        ),
    ],
)
def test_of_several_who_race_exactly_one_wins(
    iamd: Iamd, service: str, loser: str, call: Callable[[Any, int], Any]
) -> None:
    iamd.client("s3").create_bucket(Bucket="empty")
    outcomes = attempts(iamd, service, call)
    assert outcomes.count("") == 1
    assert set(outcomes) - {""} <= {loser, "NoSuchEntity"}


def test_two_keys_are_made_by_however_many_ask(iamd: Iamd) -> None:
    outcomes = attempts(iamd, "iam", lambda iam, _: iam.create_access_key(UserName="alice"))
    assert outcomes == ["", "", *["LimitExceeded"] * 4]
    assert len(iamd.client("iam").list_access_keys(UserName="alice")["AccessKeyMetadata"]) == 2


def test_a_bucket_is_one_accounts_and_made_once(iamd: Iamd) -> None:
    """In us-east-1 the owner who asks again is told that all is well, as S3 does there."""
    outcomes = attempts(iamd, "s3", lambda s3, _: s3.create_bucket(Bucket="racer"))
    assert set(outcomes) <= {"", "BucketAlreadyOwnedByYou"}
    assert [each["Name"] for each in iamd.client("s3").list_buckets()["Buckets"]] == ["bucket", "racer"]
