"""Policies, roles and sessions by boto3 and the aws CLI: what the guide does, and what must not work."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd

ALL_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
ASSUME = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}


def trust(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def fault(call: Any, **params: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


def test_a_custom_policy_versioned_attached_and_detached(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice")
    arn = iam.create_policy(PolicyName="Guide", PolicyDocument=json.dumps(ALL_S3))["Policy"]["Arn"]
    assert fault(iamd.client("s3", key).list_buckets) == ("AccessDenied", 403)
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    iamd.client("s3", key).list_buckets()
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"] == ALL_S3
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(ASSUME))
    assert fault(iam.create_policy_version, PolicyArn=arn, PolicyDocument=json.dumps(ALL_S3)) == ("LimitExceeded", 409)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    assert fault(iamd.client("s3", key).list_buckets) == ("AccessDenied", 403)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iamd.client("s3", key).list_buckets()
    assert fault(iam.delete_policy, PolicyArn=arn) == ("DeleteConflict", 409)
    iam.detach_user_policy(UserName="alice", PolicyArn=arn)
    assert fault(iamd.client("s3", key).list_buckets) == ("AccessDenied", 403)


def test_every_managed_policy_by_the_paginator(iamd: Iamd) -> None:
    pages = iamd.client("iam").get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 1000})
    arns = [policy["Arn"] for page in pages for policy in page["Policies"]]
    assert len(arns) == len(set(arns)) > 1400
    assert "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" in arns


def test_a_role_assumed_with_tags_and_a_session_policy(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice", ASSUME)
    user = iam.get_user(UserName="alice")["User"]
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(user["Arn"]))["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(trust(user["Arn"]))
    iam.put_role_policy(RoleName="R", PolicyName="all", PolicyDocument=json.dumps(ALL_S3))
    sts = iamd.client("sts", key)
    narrow = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
    }
    answer = sts.assume_role(
        RoleArn=role["Arn"],
        RoleSessionName="me",
        DurationSeconds=900,
        Policy=json.dumps(narrow),
        Tags=[{"Key": "team", "Value": "a"}],
    )
    session = answer["Credentials"]
    assert 0 < answer["PackedPolicySize"] < 100
    identity = iamd.client("sts", session).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{iamd.account}:assumed-role/R/me"
    assert identity["UserId"] == f"{role['RoleId']}:me"
    iamd.client("s3", session).list_buckets()
    assert fault(iamd.client("s3", session).create_bucket, Bucket="never-made") == ("AccessDenied", 403)
    assert fault(iamd.client("sts", session).get_session_token) == ("AccessDenied", 403)
    listed = iamd.cli("sts", "get-caller-identity", "--query", "Account", "--output", "text", key=session)
    assert listed.stdout.strip() == iamd.account
    # Revoked means revoked: a session of a deleted role is nobody's, and a namesake inherits nothing.
    iam.delete_role_policy(RoleName="R", PolicyName="all")
    iam.delete_role(RoleName="R")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(user["Arn"]))
    iam.put_role_policy(RoleName="R", PolicyName="all", PolicyDocument=json.dumps(ALL_S3))
    assert fault(iamd.client("s3", session).list_buckets)[1] in (400, 403)


def test_last_use_of_a_role_is_shown(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    key = iamd.user("alice", ASSUME)
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(iamd.account))["Role"]
    assert iam.get_role(RoleName="R")["Role"]["RoleLastUsed"] == {}
    session = iamd.client("sts", key).assume_role(RoleArn=role["Arn"], RoleSessionName="me")["Credentials"]
    iamd.client("sts", session, region="eu-west-1").get_caller_identity()
    deadline = time.monotonic() + 20
    used = iam.get_role(RoleName="R")["Role"]["RoleLastUsed"]
    while not used and time.monotonic() < deadline:
        used = iam.get_role(RoleName="R")["Role"]["RoleLastUsed"]
    assert used["Region"] == "eu-west-1"


def test_session_tokens_and_federation(iamd: Iamd) -> None:
    key = iamd.user("alice", ASSUME, ALL_S3)
    sts = iamd.client("sts", key)
    session = sts.get_session_token(DurationSeconds=900)["Credentials"]
    iamd.client("s3", session).list_buckets()
    assert fault(iamd.client("iam", session).list_users) == ("InvalidClientTokenId", 403)
    bob = sts.get_federation_token(Name="bob", Policy=json.dumps(ALL_S3))
    assert bob["FederatedUser"]["Arn"] == f"arn:aws:sts::{iamd.account}:federated-user/bob"
    iamd.client("s3", bob["Credentials"]).list_buckets()
    assert fault(iamd.client("sts", bob["Credentials"]).get_access_key_info, AccessKeyId=key.access_key)[1] == 403


def test_web_identity_tokens_are_refused_without_credentials(iamd: Iamd) -> None:
    call = {"RoleArn": f"arn:aws:iam::{iamd.account}:role/R", "RoleSessionName": "me", "WebIdentityToken": "nonsense"}
    assert fault(iamd.client("sts").assume_role_with_web_identity, **call) == ("InvalidIdentityToken", 400)


def test_the_accounts_details_can_be_read_by_the_cli(iamd: Iamd) -> None:
    iamd.user("alice", ALL_S3)
    answer = iamd.cli("iam", "get-account-authorization-details", "--output", "json")
    details = json.loads(answer.stdout)
    users = {user["UserName"]: user for user in details["UserDetailList"]}
    assert users["alice"]["UserPolicyList"][0]["PolicyDocument"] == ALL_S3
    assert [policy["PolicyName"] for policy in details["Policies"]] == ["AdministratorAccess"]
