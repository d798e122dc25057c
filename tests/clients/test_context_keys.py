"""Condition keys end to end: each there when it should be, absent when it should be, by boto3 against a server.

IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, S3, IAM and STS.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from tests.clients.generated import trusting
from tests.clients.server import Iamd

Call = Callable[[], Any]


class Row(NamedTuple):
    """A call that is allowed under no condition but this one, and whether it then is."""

    condition: dict[str, Any]
    call: Call
    allowed: bool


def allowed(call: Call) -> bool:
    try:
        answer = call()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"AccessDenied", "403"}:
            return False
        raise
    return answer is None or answer != 403


def wrong(iamd: Iamd, user: str, rows: Iterable[Row]) -> list[str]:
    """The rows that came out otherwise. The user's only policy is the row's."""
    iam = iamd.client("iam")
    found = []
    for number, row in enumerate(rows):
        statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": row.condition}
        iam.put_user_policy(UserName=user, PolicyName="only", PolicyDocument=document(statement))
        if allowed(row.call) is not row.allowed:
            found.append(f"row {number}: {row.condition} should {'allow' if row.allowed else 'deny'}")
    return found


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def equals(key: str, value: Any) -> dict[str, Any]:
    return {"StringEquals": {key: value}}


def absent(key: str) -> dict[str, Any]:
    return {"Null": {key: "true"}}


def both(key: str, value: Any, present: Call, without: Call, operator: str = "StringEquals") -> list[Row]:
    """Present with the value in one call, absent in the other."""
    condition = {operator: {key: value}}
    return [
        Row(condition, present, allowed=True),
        Row(absent(key), present, allowed=False),
        Row(condition, without, allowed=False),
        Row(absent(key), without, allowed=True),
    ]


def fetched(url: str) -> int:
    status: int = URLLib3Session().send(AWSRequest("GET", url).prepare()).status_code
    return status


def test_keys_of_s3(iamd: Iamd) -> None:
    alice = iamd.user("alice")
    admin, s3 = iamd.client("s3"), iamd.client("s3", alice)
    admin.create_bucket(Bucket="shelf")
    admin.put_object(Bucket="shelf", Key="plain", Body=b"x")
    admin.put_object(Bucket="shelf", Key="tagged", Body=b"x", Tagging="team=red")
    query = {"Bucket": "shelf", "Key": "plain"}
    older = s3.generate_presigned_url("get_object", Params=query)
    newer = iamd.client("s3", alice, signature_version="s3v4").generate_presigned_url("get_object", Params=query)

    def lists(**more: Any) -> Call:
        return lambda: s3.list_objects_v2(Bucket="shelf", **more)

    def gets(key: str, **more: Any) -> Call:
        return lambda: s3.get_object(Bucket="shelf", Key=key, **more)

    def puts(**more: Any) -> Call:
        return lambda: s3.put_object(Bucket="shelf", Key="new", Body=b"x", **more)

    def copies(**more: Any) -> Call:
        return lambda: s3.copy_object(Bucket="shelf", Key="copy", CopySource="shelf/plain", **more)

    rows = [
        *both("s3:prefix", "a/", lists(Prefix="a/"), lists()),
        *both("s3:max-keys", "7", lists(MaxKeys=7), lists(), "NumericLessThanEquals"),
        *both("s3:delimiter", "/", lists(Delimiter="/"), lists()),
        *both("s3:ExistingObjectTag/team", "red", gets("tagged"), gets("plain")),
        *both("s3:RequestObjectTag/team", "red", puts(Tagging="team=red"), puts()),
        *both("s3:RequestObjectTagKeys", ["team"], puts(Tagging="team=red"), puts(), "ForAnyValue:StringEquals"),
        *both("s3:VersionId", "null", gets("plain", VersionId="null"), gets("plain")),
        *both("s3:if-none-match", "*", lambda: s3.put_object(Bucket="shelf", Key="once", IfNoneMatch="*"), puts()),
        *both("s3:x-amz-storage-class", "STANDARD", puts(StorageClass="STANDARD"), puts()),
        *both("s3:x-amz-acl", "bucket-owner-full-control", puts(ACL="bucket-owner-full-control"), puts()),
        *both("s3:ResourceAccount", iamd.account, gets("plain"), lambda: fetched(f"{iamd.endpoint}/shelf/plain"))[:2],
        Row(equals("s3:authType", "REST-HEADER"), gets("plain"), allowed=True),
        Row(equals("s3:authType", "REST-QUERY-STRING"), gets("plain"), allowed=False),
        Row(equals("s3:authType", "REST-QUERY-STRING"), lambda: fetched(newer), allowed=True),
        Row(equals("s3:signatureversion", "AWS4-HMAC-SHA256"), gets("plain"), allowed=True),
        Row(equals("s3:signatureversion", "AWS"), lambda: fetched(older), allowed=True),
        Row(absent("s3:signatureAge"), lambda: fetched(older), allowed=True),
        Row({"NumericLessThan": {"s3:signatureAge": "600000"}}, lambda: fetched(newer), allowed=True),
        Row({"NumericGreaterThan": {"s3:signatureAge": "600000"}}, lambda: fetched(newer), allowed=False),
        Row(equals("s3:x-amz-content-sha256", "UNSIGNED-PAYLOAD"), lambda: fetched(newer), allowed=True),
        Row(absent("s3:TlsVersion"), gets("plain"), allowed=True),
        Row({"StringEqualsIfExists": {"s3:x-amz-copy-source": "shelf/plain"}}, copies(), allowed=True),
        Row({"StringEqualsIfExists": {"s3:x-amz-copy-source": "shelf/tagged"}}, copies(), allowed=False),
        Row(
            {"StringEqualsIfExists": {"s3:x-amz-metadata-directive": "COPY"}},
            copies(MetadataDirective="REPLACE"),
            allowed=False,
        ),
        Row(absent("s3:prefix"), gets("plain"), allowed=True),
        Row(absent("aws:ResourceTag/team"), gets("tagged"), allowed=True),
    ]
    assert wrong(iamd, "alice", rows) == []
    made = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    there = iamd.client("s3", iamd.user("bob"), region="eu-west-1")
    rows = both(
        "s3:locationconstraint",
        "eu-west-1",
        lambda: there.create_bucket(Bucket="other", **made),
        lambda: iamd.client("s3", iamd.key).head_bucket(Bucket="shelf"),
    )[:2]
    assert wrong(iamd, "bob", reversed(rows)) == []


def test_keys_of_iam(iamd: Iamd) -> None:
    admin, iam = iamd.client("iam"), iamd.client("iam", iamd.user("alice"))
    admin.create_user(UserName="plain")
    admin.create_user(UserName="tagged", Tags=[{"Key": "team", "Value": "red"}])
    policy = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    arn = admin.create_policy(PolicyName="p", PolicyDocument=document(policy))["Policy"]["Arn"]
    admin.put_user_permissions_boundary(UserName="tagged", PermissionsBoundary=arn)
    admin.create_role(RoleName="r", AssumeRolePolicyDocument=trusting(f"arn:aws:iam::{iamd.account}:user/alice"))
    for number in range(4):
        admin.create_instance_profile(InstanceProfileName=f"i{number}")
    numbers = iter(range(100))
    profiles = iter(range(4))

    def creates(**more: Any) -> Call:
        return lambda: iam.create_user(UserName=f"new{next(numbers)}", **more)

    def shows(name: str) -> Call:
        return lambda: iam.get_user(UserName=name)

    def attaches(name: str) -> Call:
        return lambda: iam.attach_user_policy(UserName=name, PolicyArn=arn)

    def passes() -> Any:
        return iam.add_role_to_instance_profile(InstanceProfileName=f"i{next(profiles)}", RoleName="r")

    def passing(condition: dict[str, dict[str, str]]) -> dict[str, Any]:
        return {f"{operator}IfExists": keys for operator, keys in condition.items()}

    tags = [{"Key": "team", "Value": "red"}]
    instance = f"arn:aws:ec2:*:{iamd.account}:instance/*"
    rows = [
        *both("aws:RequestTag/team", "red", creates(Tags=tags), creates()),
        *both("aws:RequestTag/TEAM", "red", creates(Tags=tags), creates()),
        *both("aws:TagKeys", ["team"], creates(Tags=tags), creates(), "ForAnyValue:StringEquals"),
        *both("iam:PermissionsBoundary", arn, creates(PermissionsBoundary=arn), creates()),
        *both("iam:PermissionsBoundary", arn, attaches("tagged"), attaches("plain")),
        *both("iam:PolicyARN", arn, attaches("plain"), shows("plain"), "ArnEquals"),
        *both("iam:ResourceTag/team", "red", shows("tagged"), shows("plain")),
        *both("aws:ResourceTag/team", "red", shows("tagged"), shows("plain")),
        Row(passing(equals("iam:PassedToService", "lambda.amazonaws.com")), passes, allowed=False),
        Row(passing(equals("iam:PassedToService", "ec2.amazonaws.com")), passes, allowed=True),
        Row(passing({"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:lambda:*:*:*"}}), passes, allowed=False),
        Row(passing(equals("iam:AssociatedResourceArn", instance)), passes, allowed=True),
        Row(absent("iam:PassedToService"), shows("plain"), allowed=True),
    ]
    assert wrong(iamd, "alice", rows) == []


def test_keys_of_a_session_that_is_asked_for(iamd: Iamd) -> None:
    """In the trust policy, where they matter: the caller's own policy allows everything."""
    admin = iamd.client("iam")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    sts = iamd.client("sts", iamd.user("alice", everything))
    alice = f"arn:aws:iam::{iamd.account}:user/alice"
    role = admin.create_role(RoleName="r", AssumeRolePolicyDocument=trusting(alice))["Role"]["Arn"]

    def assumes(**more: Any) -> Call:
        return lambda: sts.assume_role(**{"RoleArn": role, "RoleSessionName": "run", **more})

    tags = {"Tags": [{"Key": "team", "Value": "red"}]}
    rows = [
        *both("sts:ExternalId", "x1", assumes(ExternalId="x1"), assumes()),
        Row(equals("sts:ExternalId", "x1"), assumes(ExternalId="x2"), allowed=False),
        Row(equals("sts:RoleSessionName", "run"), assumes(), allowed=True),
        Row(equals("sts:RoleSessionName", "${aws:username}"), assumes(), allowed=False),
        Row(equals("sts:RoleSessionName", "${aws:username}"), assumes(RoleSessionName="alice"), allowed=True),
        *both("sts:SourceIdentity", "me", assumes(SourceIdentity="me"), assumes()),
        *both("aws:RequestTag/team", "red", assumes(**tags), assumes()),
        *both(
            "sts:TransitiveTagKeys",
            ["team"],
            assumes(**tags, TransitiveTagKeys=["team"]),
            assumes(**tags),
            "ForAnyValue:StringEquals",
        ),
        Row(absent("aws:MultiFactorAuthPresent"), assumes(), allowed=True),
        Row(absent("aws:TokenIssueTime"), assumes(), allowed=True),
    ]
    found = []
    for number, row in enumerate(rows):
        admin.update_assume_role_policy(RoleName="r", PolicyDocument=trusting(alice, **row.condition))
        if allowed(row.call) is not row.allowed:
            found.append(f"row {number}: {row.condition} should {'allow' if row.allowed else 'deny'}")
    assert found == []


def test_global_keys_of_each_kind_of_caller(iamd: Iamd) -> None:
    admin = iamd.client("iam")
    key = iamd.user("alice")
    admin.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    alice = f"arn:aws:iam::{iamd.account}:user/alice"
    user_id = admin.get_user(UserName="alice")["User"]["UserId"]
    made = admin.create_role(RoleName="r", AssumeRolePolicyDocument=trusting(alice))["Role"]
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    admin.put_user_policy(UserName="alice", PolicyName="assume", PolicyDocument=document(assume))
    sts = iamd.client("sts", key)
    token = sts.get_session_token()["Credentials"]
    run = sts.assume_role(RoleArn=made["Arn"], RoleSessionName="run")["Credentials"]
    iamd.client("s3").create_bucket(Bucket="shelf")

    def heads(credentials: Any, **config: Any) -> Call:
        client = iamd.client("s3", credentials, **config)
        return lambda: client.head_bucket(Bucket="shelf")

    by_key, by_token, by_role = heads(key), heads(token), heads(run)
    referring = iamd.client("s3", key)
    referring.meta.events.register("before-sign", lambda request, **_: request.headers.add_header("Referer", "here"))
    always = {
        "aws:PrincipalAccount": iamd.account,
        "aws:ResourceAccount": iamd.account,
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "false",
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
        "aws:RequestedRegion": iamd.region,
    }
    never = (
        "aws:CalledVia",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:SourceArn",
        "aws:SourceAccount",
        "aws:PrincipalOrgID",
    )
    of_alice = [
        *(Row(equals(name, value), by_key, allowed=True) for name, value in always.items()),
        *(Row(absent(name), by_key, allowed=True) for name in never),
        *both("aws:TokenIssueTime", "2026-01-01T00:00:00Z", by_token, by_key, "DateGreaterThan"),
        *both("aws:MultiFactorAuthPresent", "false", by_token, by_key, "Bool"),
        Row(absent("aws:MultiFactorAuthAge"), by_token, allowed=True),
        Row(equals("aws:username", "alice"), by_token, allowed=True),
        Row(equals("aws:userid", user_id), by_token, allowed=True),
        Row(equals("aws:PrincipalArn", alice), by_token, allowed=True),
        Row(equals("aws:PrincipalType", "User"), by_token, allowed=True),
        Row(equals("aws:PrincipalTag/Team", "red"), by_key, allowed=True),
        Row(absent("aws:PrincipalTag/other"), by_key, allowed=True),
        Row(absent("aws:SourceIdentity"), by_key, allowed=True),
        *both("aws:referer", "here", lambda: referring.head_bucket(Bucket="shelf"), by_key),
        Row({"StringLike": {"aws:UserAgent": "mine*"}}, heads(key, user_agent="mine/1"), allowed=True),
        Row({"StringLike": {"aws:UserAgent": "mine*"}}, by_key, allowed=False),
        Row({"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, by_key, allowed=True),
        Row({"NumericGreaterThan": {"aws:EpochTime": "1767225600"}}, by_key, allowed=True),
    ]
    assert wrong(iamd, "alice", of_alice) == []
    of_role = {
        "aws:PrincipalArn": made["Arn"],
        "aws:userid": f"{made['RoleId']}:run",
        "aws:PrincipalType": "AssumedRole",
        "aws:MultiFactorAuthPresent": "false",
    }
    conditions = [*(equals(name, value) for name, value in of_role.items()), absent("aws:username")]
    conditions += [absent("aws:SourceIdentity"), {"Null": {"aws:TokenIssueTime": "false"}}]
    for condition in conditions:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
        admin.put_role_policy(RoleName="r", PolicyName="only", PolicyDocument=document(statement))
        assert allowed(by_role), condition
