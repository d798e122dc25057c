"""The guide by the stock tools, as written: who may do what (issue 4, points 1 to 4, 6 and 7)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.server import BIN, Iamd
from tests.clients.test_iam_identities import fault

S3_READ: Final = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
EC2_FULL: Final = "arn:aws:iam::aws:policy/AmazonEC2FullAccess"
GUIDE: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


def policy(*statements: dict[str, Any]) -> str:
    whole = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]
    for statement in whole:
        if "NotResource" in statement:
            del statement["Resource"]
    return json.dumps({"Version": "2012-10-17", "Statement": whole})


class Admin:
    """`aws iam …`, as the administrator, by the real CLI."""

    def __init__(self, iamd: Iamd) -> None:
        self.iamd = iamd

    def __call__(self, *words: str) -> Any:
        done = self.iamd.cli("iam", *words, "--output", "json")
        assert (done.returncode, done.stderr) == (0, ""), words
        return json.loads(done.stdout) if done.stdout else None


def test_g4_1_aws_configure_then_aws_s3_ls(iamd: Iamd, tmp_path: Path) -> None:
    """The four questions of `aws configure` answered, the endpoint set beside them, nothing in the environment."""
    iamd.client("s3").create_bucket(Bucket="my-bucket")
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {"HOME": str(tmp_path)}

    def aws(*words: str, answers: str = "") -> str:
        done = subprocess.run(
            [BIN / "aws", *words], env=env, input=answers, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    asked = aws("configure", answers=f"{iamd.key.access_key}\n{iamd.key.secret_key}\nus-east-1\njson\n")
    assert asked.count("[None]: ") == 4
    aws("configure", "set", "endpoint_url", iamd.endpoint)
    assert aws("s3", "ls").split()[2:] == ["my-bucket"]
    assert json.loads(aws("sts", "get-caller-identity"))["Arn"] == f"arn:aws:iam::{iamd.account}:user/admin"
    assert [user["UserName"] for user in json.loads(aws("iam", "list-users"))["Users"]] == ["admin"]


def test_g1_2_alice_of_the_developers_reads_s3_and_makes_no_bucket(iamd: Iamd) -> None:
    aws = Admin(iamd)
    arn = aws("create-user", "--user-name", "alice")["User"]["Arn"]
    aws("create-group", "--group-name", "Developers")
    for managed in (S3_READ, EC2_FULL):
        aws("attach-group-policy", "--group-name", "Developers", "--policy-arn", managed)
    aws("add-user-to-group", "--group-name", "Developers", "--user-name", "alice")
    attached = iamd.client("iam").list_attached_group_policies(GroupName="Developers")["AttachedPolicies"]
    assert {each["PolicyArn"] for each in attached} == {S3_READ, EC2_FULL}
    key = aws("create-access-key", "--user-name", "alice")["AccessKey"]
    listed = iamd.cli("s3", "ls", key=key)
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "")
    made = iamd.cli("s3", "mb", "s3://alices-bucket", key=key)
    assert made.returncode == 1
    assert made.stderr.strip() == (
        "make_bucket failed: s3://alices-bucket An error occurred (AccessDenied) when calling the CreateBucket "
        f"operation: User: {arn} is not authorized to perform: s3:CreateBucket on resource: "
        '"arn:aws:s3:::alices-bucket" because no identity-based policy allows the s3:CreateBucket action'
    )
    instances = iamd.cli("ec2", "describe-instances", key=key)
    assert "An error occurred (NotImplemented)" in instances.stderr


def test_g1_3_the_guides_policy_created_attached_and_detached(iamd: Iamd, tmp_path: Path) -> None:
    aws = Admin(iamd)
    key = iamd.user("alice")
    s3 = iamd.client("s3", key)
    arn = aws("create-policy", "--policy-name", "MyS3Policy", "--policy-document", GUIDE)["Policy"]["Arn"]
    assert arn == f"arn:aws:iam::{iamd.account}:policy/MyS3Policy"
    assert fault(s3.create_bucket, Bucket="my-bucket")[0] == "AccessDenied"
    aws("attach-user-policy", "--user-name", "alice", "--policy-arn", arn)
    s3.create_bucket(Bucket="my-bucket")
    local = tmp_path / "local_file.txt"
    local.write_bytes(b"hello")
    s3.upload_file(str(local), "my-bucket", "file.txt")
    assert s3.get_object(Bucket="my-bucket", Key="file.txt")["Body"].read() == b"hello"
    entities = iamd.client("iam").list_entities_for_policy(PolicyArn=arn)
    assert [user["UserName"] for user in entities["PolicyUsers"]] == ["alice"]
    iamd.client("iam").detach_user_policy(UserName="alice", PolicyArn=arn)
    assert fault(s3.get_object, Bucket="my-bucket", Key="file.txt")[0] == "AccessDenied"


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("how", ["inline", "managed"])
def test_g1_3_a_policy_counts_from_the_call_that_gives_it_to_the_call_that_takes_it(
    iamd: Iamd, kind: str, how: str
) -> None:
    iam = iamd.client("iam")
    s3 = iamd.client("s3", iamd.user("alice"))
    iam.create_group(GroupName="alice")
    iam.add_user_to_group(GroupName="alice", UserName="alice")
    owner = {f"{kind.title()}Name": "alice"}
    arn = iam.create_policy(PolicyName="Guide", PolicyDocument=GUIDE)["Policy"]["Arn"]
    for _ in range(3):
        assert fault(s3.list_buckets)[0] == "AccessDenied"
        if how == "inline":
            getattr(iam, f"put_{kind}_policy")(**owner, PolicyName="Guide", PolicyDocument=GUIDE)
        else:
            getattr(iam, f"attach_{kind}_policy")(**owner, PolicyArn=arn)
        s3.list_buckets()
        if how == "inline":
            getattr(iam, f"delete_{kind}_policy")(**owner, PolicyName="Guide")
        else:
            getattr(iam, f"detach_{kind}_policy")(**owner, PolicyArn=arn)


ALLOW_USERS: Final = {"Action": "iam:*", "Resource": "*"}
SELF: Final = "arn:aws:iam::*:user/${aws:username}"


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([ALLOW_USERS], True),
        ([ALLOW_USERS, {"Effect": "Deny", "Action": "iam:Get*"}], False),
        ([ALLOW_USERS, {"Effect": "Deny", "NotAction": "iam:GetUser"}], True),
        ([{"NotAction": "iam:Create*"}], True),
        ([{"NotAction": "iam:Get*"}], False),
        ([{"Action": "iam:GetUser", "Resource": SELF}], True),
        ([{"Action": "iam:GetUser", "NotResource": SELF}], False),
        ([{"Action": "iam:GetUser", "Resource": SELF.replace("username", "nonsense")}], False),
        ([{**ALLOW_USERS, "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"NumericGreaterThan": {"aws:EpochTime": "1700000000"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"aws:PrincipalType": "User"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"StringLike": {"aws:UserAgent": "Boto3/*"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"Null": {"aws:TokenIssueTime": "false"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"iam:ResourceTag/team": "blue"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/alice"}}}], True),
        ([{**ALLOW_USERS, "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}}], False),
        ([{**ALLOW_USERS, "Condition": {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}}], True),
        ([{"Effect": "Deny", "Action": "*"}], False),
    ],
)
def test_g1_3_every_element_of_the_language_counts(iamd: Iamd, statements: Any, *, allowed: bool) -> None:
    alice = iamd.client("iam", iamd.user("alice"))
    iam = iamd.client("iam")
    iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    iam.put_user_policy(UserName="alice", PolicyName="tried", PolicyDocument=policy(*statements))
    if allowed:
        assert alice.get_user(UserName="alice")["User"]["UserName"] == "alice"
    else:
        code, message, status = fault(alice.get_user, UserName="alice")
        assert (code, status) == ("AccessDenied", 403)
        explicit = any(each.get("Effect") == "Deny" for each in statements)
        assert ("with an explicit deny in an identity-based policy" in message) is explicit


def test_g1_3_a_boundary_only_shrinks_and_is_named(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice", json.loads(GUIDE))
    s3 = iamd.client("s3", key)
    arn = iam.create_policy(PolicyName="Bound", PolicyDocument=policy({"Action": "s3:List*"}, {"Action": "iam:*"}))
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=arn["Policy"]["Arn"])
    s3.list_buckets()
    assert fault(s3.create_bucket, Bucket="made")[1].endswith(
        "because no permissions boundary allows the s3:CreateBucket action"
    )
    unlisted = fault(iamd.client("iam", key).list_users)[1]
    assert "because no identity-based policy allows the iam:ListUsers action. Go to " in unlisted
    iam.delete_user_permissions_boundary(UserName="alice")
    s3.create_bucket(Bucket="made")


def test_g1_1_a_user_goes_when_nothing_is_attached_any_more(iamd: Iamd) -> None:
    """Each thing in turn keeps the user with AWS's DeleteConflict; a boundary and tags do not."""
    iam = iamd.client("iam")
    key = iamd.user("alice", json.loads(GUIDE))
    iam.create_login_profile(UserName="alice", Password="Passw0rd!long")
    iam.create_group(GroupName="Developers")
    iam.add_user_to_group(GroupName="Developers", UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn=S3_READ)
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=EC2_FULL)
    iam.tag_user(UserName="alice", Tags=[{"Key": "k", "Value": "v"}])
    alice = {"UserName": "alice"}
    steps: list[tuple[Any, dict[str, str]]] = [
        (iam.remove_user_from_group, {"GroupName": "Developers"}),
        (iam.detach_user_policy, {"PolicyArn": S3_READ}),
        (iam.delete_user_policy, {"PolicyName": "p0"}),
        (iam.delete_access_key, {"AccessKeyId": key.access_key}),
        (iam.delete_login_profile, {}),
    ]
    for remove, more in steps:
        code, message, status = fault(iam.delete_user, **alice)
        assert (code, status, message[:22]) == ("DeleteConflict", 409, "Cannot delete entity, ")
        remove(**alice, **more)
    iam.delete_user(**alice)
    assert fault(iam.get_user, **alice)[0] == "NoSuchEntity"
    assert fault(iam.delete_group, GroupName="Nothing")[0] == "NoSuchEntity"
    iam.delete_group(GroupName="Developers")


@pytest.mark.parametrize("kind", ["user", "role", "policy", "instance_profile"])
def test_tags_are_put_listed_and_taken_away(iamd: Iamd, kind: str) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="it")
    trust = policy({"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    document = json.loads(trust)
    del document["Statement"][0]["Resource"]
    iam.create_role(RoleName="it", AssumeRolePolicyDocument=json.dumps(document))
    iam.create_instance_profile(InstanceProfileName="it")
    arn = iam.create_policy(PolicyName="it", PolicyDocument=GUIDE)["Policy"]["Arn"]
    name = "".join(part.title() for part in kind.split("_"))
    target = {"PolicyArn": arn} if kind == "policy" else {f"{name}Name": "it"}
    tags = [{"Key": f"key {number} +=@", "Value": "ü" * number} for number in range(5)]
    getattr(iam, f"tag_{kind}")(**target, Tags=tags)
    getattr(iam, f"tag_{kind}")(**target, Tags=[{"Key": "key 0 +=@", "Value": "again"}])
    tags[0]["Value"] = "again"
    listed = getattr(iam, f"list_{kind}_tags")(**target)
    assert sorted(listed["Tags"], key=lambda tag: str(tag["Key"])) == tags
    assert getattr(iam, f"get_{kind}")(**target)[name]["Tags"]
    page = getattr(iam, f"list_{kind}_tags")(**target, MaxItems=2)
    assert (len(page["Tags"]), page["IsTruncated"]) == (2, True)
    getattr(iam, f"untag_{kind}")(**target, TagKeys=[tag["Key"] for tag in tags[1:]])
    assert getattr(iam, f"list_{kind}_tags")(**target)["Tags"] == tags[:1]
    fifty = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    assert fault(getattr(iam, f"tag_{kind}"), **target, Tags=fifty)[::2] == ("LimitExceeded", 409)


def test_g3_1_a_key_that_is_inactive_or_gone_is_unknown_to_every_service(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice", json.loads(GUIDE))
    for active in (False, True, False):
        status = "Active" if active else "Inactive"
        iam.update_access_key(UserName="alice", AccessKeyId=key.access_key, Status=status)
        assert iam.list_access_keys(UserName="alice")["AccessKeyMetadata"][0]["Status"] == status
        assert works(iamd.client("s3", key).list_buckets) == ("" if active else "InvalidAccessKeyId")
        assert works(iamd.client("sts", key).get_caller_identity) == ("" if active else "InvalidClientTokenId")
    iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key)
    assert works(iamd.client("sts", key).get_caller_identity) == "InvalidClientTokenId"
    assert works(iamd.client("s3", Credentials(key.access_key, "x")).list_buckets) == "InvalidAccessKeyId"


def works(call: Any) -> str:
    """Nothing, or the code of the fault. A body is read, so that its connection is not left open."""
    try:
        body = call().get("Body")
        if body is not None:
            body.read()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""
