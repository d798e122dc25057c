"""Everything that a request asks for beside its own action is a right of its own (lessons 11 and 19)."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from iamd.bootstrap.compose import services
from tests.clients.generated import ANYTHING, Scene, build_scene, outcome
from tests.clients.server import Iamd, running

pytestmark = pytest.mark.xdist_group("no-rights")
TAGS: Final = [{"Key": "k", "Value": "v"}]
MISSING: Final = {"UserName", "GroupName", "RoleName", "InstanceProfileName", "PolicyName", "AccountAlias", "Key"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Scene]]:
    with running(tmp_path_factory.mktemp("beside"), "--ephemeral") as (iamd, _):
        yield iamd, build_scene(iamd)


def may(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


@pytest.mark.parametrize(
    ("allowed", "operation", "more", "action"),
    [
        ("iam:CreateUser", "CreateUser", {"UserName": "new", "Tags": TAGS}, "iam:TagUser"),
        ("iam:CreateRole", "CreateRole", {"RoleName": "new", "Tags": TAGS}, "iam:TagRole"),
        ("iam:CreatePolicy", "CreatePolicy", {"PolicyName": "new", "Tags": TAGS}, "iam:TagPolicy"),
        (
            "iam:CreateInstanceProfile",
            "CreateInstanceProfile",
            {"InstanceProfileName": "new", "Tags": TAGS},
            "iam:TagInstanceProfile",
        ),
        ("iam:AddRoleToInstanceProfile", "AddRoleToInstanceProfile", {}, "iam:PassRole"),
        ("s3:PutObject", "PutObject", {"Key": "new", "Tagging": "k=v"}, "s3:PutObjectTagging"),
        ("s3:PutObject", "PutObject", {"Key": "new", "ACL": "bucket-owner-full-control"}, "s3:PutObjectAcl"),
        ("s3:PutObject", "CopyObject", {"Key": "new"}, "s3:GetObject"),
        ("s3:GetObject s3:GetObjectTagging", "CopyObject", {"Key": "new"}, "s3:PutObject"),
        ("s3:PutObject s3:GetObject s3:GetObjectTagging", "CopyObject", {"Key": "new"}, "s3:PutObjectTagging"),
        ("s3:PutObject s3:GetObject s3:PutObjectTagging", "CopyObject", {"Key": "new"}, "s3:GetObjectTagging"),
        ("s3:GetObject", "GetObject", {"VersionId": "null"}, "s3:GetObjectVersion"),
        ("s3:DeleteObject", "DeleteObject", {"VersionId": "null"}, "s3:DeleteObjectVersion"),
        ("s3:GetObjectAttributes", "GetObjectAttributes", {}, "s3:GetObject"),
        ("s3:GetObject", "GetObjectAttributes", {}, "s3:GetObjectAttributes"),
        ("s3:CreateBucket", "CreateBucket", {"Bucket": "new-one", "ACL": "public-read"}, "s3:PutBucketAcl"),
        (
            "s3:CreateBucket",
            "CreateBucket",
            {"Bucket": "new-one", "ObjectOwnership": "BucketOwnerPreferred"},
            "s3:PutBucketOwnershipControls",
        ),
        (
            "s3:CreateBucket",
            "CreateBucket",
            {"Bucket": "new-one", "CreateBucketConfiguration": {"Tags": TAGS}},
            "s3:TagResource",
        ),
    ],
)
def test_what_comes_with_a_request_is_asked_for_too(
    stage: tuple[Iamd, Scene], allowed: str, operation: str, more: dict[str, Any], action: str
) -> None:
    iamd, scene = stage
    name = f"u{abs(hash((allowed, operation, action)))}"
    key = iamd.user(name, may(*allowed.split()))
    service = allowed.partition(":")[0]
    params = scene.params(iamd.client(service), operation) | more
    code, message, status = outcome(iamd.client(service, key), operation, params)
    assert (code, status) == ("AccessDenied", 403)
    told = re.search(r"not authorized to perform: (\S+)", message)
    assert told is not None
    assert told[1] == action


def test_whoever_has_no_rights_learns_nothing_of_what_exists(stage: tuple[Iamd, Scene]) -> None:
    """The answer is the same for what is not there; only that a bucket is missing S3 tells everybody."""
    iamd, scene = stage
    key = iamd.user("curious")
    other = dict.fromkeys(MISSING, "missing")
    arn = str(scene.names["PolicyArn"])
    missing = Scene({**scene.names, **other, "PolicyArn": arn.replace("/target", "/missing"), "VersionId": "v9"})
    different = {}
    for service in services():
        client = iamd.client(service.name, key)
        for name, operation in service.operations.items():
            if operation.open_to_all:
                continue
            found, absent = (
                outcome(client, name, each.params(client, name, optional=True)) for each in (scene, missing)
            )
            if (found[0], found[2]) != (absent[0], absent[2]):
                different[name] = (found, absent)
    assert different == {}


def test_the_scene_is_all_there(stage: tuple[Iamd, Scene]) -> None:
    """So that the tests beside this one do not pass for want of a thing to find."""
    iamd, scene = stage
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    for client, names in (
        (iam, ("GetUser", "GetRole", "GetGroup", "GetPolicy", "GetInstanceProfile", "GetUserPolicy", "GetRolePolicy")),
        (s3, ("HeadBucket", "HeadObject", "GetObjectTagging")),
    ):
        for name in names:
            assert outcome(client, name, scene.params(client, name, optional=True))[2] == 200, name
    assert json.loads(ANYTHING)["Statement"]
