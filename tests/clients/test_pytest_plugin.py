"""The pytest plugin, in sessions of its own."""

import pytest

pytest_plugins = ["pytester"]

_HELPERS = """
import json
import pytest

BUCKET = "arn:aws:s3:::reports"


def user(iamd, name, **condition):
    statement = {"Effect": "Allow", "Action": "s3:Get*", "Resource": BUCKET + "/*"}
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = iamd.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="reads", PolicyDocument=document)
    return iam.create_access_key(UserName=name)["AccessKey"]
"""


def run(pytester: pytest.Pytester, body: str) -> pytest.RunResult:
    pytester.makepyfile(_HELPERS + body)
    return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-W", "error")


def test_one_server_a_session_is_empty_when_each_test_begins(pytester: pytest.Pytester) -> None:
    body = """
endpoints = set()

@pytest.mark.parametrize("turn", range(3))
def test_alone(iamd, turn):
    endpoints.add(iamd.endpoint_url)
    assert [each["UserName"] for each in iamd.client("iam").list_users()["Users"]] == ["admin"]
    user(iamd, "alice")

def test_one_server():
    assert len(endpoints) == 1

def test_environment(iamd_env):
    import botocore.session
    arn = botocore.session.Session().create_client("sts").get_caller_identity()["Arn"]
    assert arn == iamd_env.arn("user/admin")
"""
    run(pytester, body).assert_outcomes(passed=5)


def test_assertions_hold_where_the_policies_say_so(pytester: pytest.Pytester) -> None:
    body = """
def test_rights(iamd, assert_allowed, assert_denied):
    user(iamd, "alice")
    user(iamd, "bob", IpAddress={"aws:SourceIp": "10.0.0.0/8"}, Bool={"aws:SecureTransport": "true"})
    assert_allowed("user/alice", "s3:GetObject", BUCKET + "/k")
    assert_denied("user/alice", "s3:PutObject", BUCKET + "/k")
    assert_denied("user/bob", "s3:GetObject", BUCKET + "/k")
    context = {"aws:SourceIp": "10.1.1.1", "aws:SecureTransport": True}
    assert_allowed("user/bob", "s3:GetObject", BUCKET + "/k", **context)
    assert_allowed("root", "iam:CreateUser", "user/carol")
    assert_denied("anonymous", "s3:GetObject", BUCKET + "/k")
    with pytest.raises(ValueError, match="does not exist"):
        assert_allowed("user/nobody", "s3:GetObject")
"""
    run(pytester, body).assert_outcomes(passed=1)


def test_a_failure_prints_the_explanation(pytester: pytest.Pytester) -> None:
    body = """
def test_expected_too_much(iamd, assert_allowed):
    user(iamd, "alice", StringEquals={"aws:PrincipalTag/team": "red"})
    assert_allowed("user/alice", "s3:GetObject", BUCKET + "/k", **{"aws:PrincipalTag/team": "blue"})

def test_expected_too_little(iamd, assert_denied):
    user(iamd, "alice")
    assert_denied("user/alice", "s3:GetObject", BUCKET + "/k")
"""
    result = run(pytester, body)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*user/alice is denied s3:GetObject on arn:aws:s3:::reports/k",
            "*StringEquals aws:PrincipalTag/team: it was blue, needed red",
            "*user/alice is allowed s3:GetObject on arn:aws:s3:::reports/k",
            "*Allow in reads, statement 1: matches",
        ]
    )
    result.stdout.no_fnmatch_line("*raise AssertionError*")


def test_a_real_denial_is_explained(pytester: pytest.Pytester) -> None:
    body = """
def test_denied(iamd):
    key = user(iamd, "alice")
    iam = iamd.client("iam", key)
    with pytest.raises(iam.exceptions.ClientError) as caught:
        iam.create_user(UserName="bob")
    assert "is denied iam:CreateUser" in iamd.explain(caught.value)
"""
    run(pytester, body).assert_outcomes(passed=1)


def test_a_session_that_asks_for_no_server_starts_none(pytester: pytest.Pytester) -> None:
    body = """
def test_nothing():
    import sys
    assert "iamd.testing.server" not in sys.modules
"""
    run(pytester, body).assert_outcomes(passed=1)
