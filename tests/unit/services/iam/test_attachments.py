"""Policies on users, groups and roles: attached and inline."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.services.lab import HERE, Lab, allow, policy, trust

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
KINDS = ("User", "Group", "Role")


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.add_user("x")
    lab.add_group("x")
    lab.call(lab.root(), "CreateRole", RoleName="x", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    return lab


def make(lab: Lab, name: str, path: str = "/") -> str:
    document = policy(allow("s3:*"))
    answer = lab.call(lab.root(), "CreatePolicy", PolicyName=name, Path=path, PolicyDocument=document)
    arn: str = answer["Policy"]["Arn"]
    return arn


@pytest.mark.parametrize("kind", KINDS)
def test_attach_list_and_detach(lab: Lab, kind: str) -> None:
    who = {f"{kind}Name": "x"}
    mine = make(lab, "Mine", "/team/")
    for arn in (READ_ONLY, mine, mine):
        lab.call(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=arn)
    listed = lab.call(lab.root(), f"ListAttached{kind}Policies", **who)
    assert listed == {
        "AttachedPolicies": [
            {"PolicyName": "Mine", "PolicyArn": mine},
            {"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY},
        ],
        "IsTruncated": False,
    }
    below = lab.call(lab.root(), f"ListAttached{kind}Policies", **who, PathPrefix="/team/")
    assert [entry["PolicyName"] for entry in below["AttachedPolicies"]] == ["Mine"]
    first = lab.call(lab.root(), f"ListAttached{kind}Policies", **who, MaxItems=1)
    rest = lab.call(lab.root(), f"ListAttached{kind}Policies", **who, Marker=first["Marker"])
    assert first["AttachedPolicies"] + rest["AttachedPolicies"] == listed["AttachedPolicies"]
    lab.call(lab.root(), f"Detach{kind}Policy", **who, PolicyArn=mine)
    again = lab.fault(lab.root(), f"Detach{kind}Policy", **who, PolicyArn=mine)
    assert again == ("NoSuchEntity", f"Policy {mine} was not found.", 404)


@pytest.mark.parametrize("kind", KINDS)
def test_at_most_ten_and_only_what_exists(lab: Lab, kind: str) -> None:
    who = {f"{kind}Name": "x"}
    for number in range(10):
        lab.call(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=make(lab, f"P{number}"))
    full = lab.fault(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=READ_ONLY)
    assert full == ("LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind}: 10", 409)
    lab.call(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=f"arn:aws:iam::{HERE}:policy/P1")
    for absent in (
        f"arn:aws:iam::{HERE}:policy/none",
        f"arn:aws:iam::{HERE}:policy/p1",
        "arn:aws:iam::aws:policy/none",
    ):
        assert lab.fault(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=absent) == (
            "NoSuchEntity",
            f"Policy {absent} does not exist or is not attachable.",
            404,
        )
    nobody = {f"{kind}Name": "none", "PolicyArn": READ_ONLY}
    message = f"The {kind.lower()} with name none cannot be found."
    assert lab.fault(lab.root(), f"Attach{kind}Policy", **nobody) == ("NoSuchEntity", message, 404)
    linked = "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"
    assert lab.fault(lab.root(), f"Attach{kind}Policy", **who, PolicyArn=linked)[0] == "PolicyNotAttachable"


@pytest.mark.parametrize(("kind", "limit"), [("User", 2048), ("Group", 5120), ("Role", 10240)])
def test_inline_policies_share_their_owners_quota(lab: Lab, kind: str, limit: int) -> None:
    who = {f"{kind}Name": "x"}

    def of(size: int) -> str:
        bare = len(policy(allow("s3:*", "arn:aws:s3:::")).replace(" ", ""))
        return policy(allow("s3:*", "arn:aws:s3:::" + "x" * (size - bare)))

    put = f"Put{kind}Policy"
    lab.call(lab.root(), put, **who, PolicyName="a", PolicyDocument=of(limit - 1000))
    lab.call(lab.root(), put, **who, PolicyName="a", PolicyDocument=of(limit - 999))
    over = lab.fault(lab.root(), put, **who, PolicyName="b", PolicyDocument=of(1000))
    assert over == ("LimitExceeded", f"Maximum policy size of {limit} bytes exceeded for {kind.lower()} x", 409)
    lab.call(lab.root(), put, **who, PolicyName="b", PolicyDocument=of(999))
    assert lab.call(lab.root(), f"Get{kind}Policy", **who, PolicyName="b") == {
        **who,
        "PolicyName": "b",
        "PolicyDocument": quote(of(999), safe=""),
    }
    assert lab.call(lab.root(), f"List{kind}Policies", **who) == {"PolicyNames": ["a", "b"], "IsTruncated": False}
    lab.call(lab.root(), f"Delete{kind}Policy", **who, PolicyName="a")
    for name in (f"Get{kind}Policy", f"Delete{kind}Policy"):
        message = f"The {kind.lower()} policy with name a cannot be found."
        assert lab.fault(lab.root(), name, **who, PolicyName="a") == ("NoSuchEntity", message, 404)
    bad = json.dumps({"Version": "2012-10-17", "Statement": [{**allow("s3:*"), "Principal": "*"}]})
    assert lab.fault(lab.root(), put, **who, PolicyName="c", PolicyDocument=bad)[0] == "MalformedPolicyDocument"


def test_entities_of_a_policy(lab: Lab) -> None:
    arn = make(lab, "Mine")
    for kind in KINDS:
        lab.call(lab.root(), f"Attach{kind}Policy", PolicyArn=arn, **{f"{kind}Name": "x"})
    lab.call(lab.root(), "PutRolePermissionsBoundary", RoleName="x", PermissionsBoundary=arn)
    service = trust({"Service": "ec2.amazonaws.com"})
    bounded = {"RoleName": "y", "Path": "/p/", "PermissionsBoundary": arn, "AssumeRolePolicyDocument": service}
    lab.call(lab.root(), "CreateRole", **bounded)

    def entities(**filters: Any) -> tuple[list[str], list[str], list[str]]:
        answer = lab.call(lab.root(), "ListEntitiesForPolicy", PolicyArn=arn, **filters)
        return (
            [entry["GroupName"] for entry in answer["PolicyGroups"]],
            [entry["UserName"] for entry in answer["PolicyUsers"]],
            sorted(entry["RoleName"] for entry in answer["PolicyRoles"]),
        )

    assert entities() == (["x"], ["x"], ["x", "y"])
    assert entities(EntityFilter="Role") == ([], [], ["x", "y"])
    assert entities(EntityFilter="Group") == (["x"], [], [])
    assert entities(EntityFilter="LocalManagedPolicy") == ([], [], [])
    assert entities(PolicyUsageFilter="PermissionsPolicy") == (["x"], ["x"], ["x"])
    assert entities(PolicyUsageFilter="PermissionsBoundary") == ([], [], ["x", "y"])
    assert entities(PathPrefix="/p/") == ([], [], ["y"])
    found = 0
    marker: dict[str, Any] = {}
    while True:
        page = lab.call(lab.root(), "ListEntitiesForPolicy", PolicyArn=arn, MaxItems=1, **marker)
        found += sum(len(page[name]) for name in ("PolicyGroups", "PolicyUsers", "PolicyRoles"))
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert found == 4


def test_the_attached_policy_and_the_boundary_are_condition_keys(lab: Lab) -> None:
    arn = make(lab, "Mine")
    condition = {"ArnEquals": {"iam:PolicyARN": READ_ONLY}, "Null": {"iam:PermissionsBoundary": "true"}}
    alice = lab.add_user("alice", allow("iam:AttachRolePolicy", Condition=condition))
    lab.call(alice, "AttachRolePolicy", RoleName="x", PolicyArn=READ_ONLY)
    denied = lab.fault(alice, "AttachRolePolicy", RoleName="x", PolicyArn=arn)
    assert denied[0] == "AccessDenied"
    assert "iam:AttachRolePolicy on resource: role x " in denied[1]
    lab.call(lab.root(), "PutRolePermissionsBoundary", RoleName="x", PermissionsBoundary=arn)
    assert lab.fault(alice, "AttachRolePolicy", RoleName="x", PolicyArn=READ_ONLY)[0] == "AccessDenied"


def test_details_of_the_account(lab: Lab) -> None:
    mine = make(lab, "Mine")
    make(lab, "Unused")
    root = lab.root()
    lab.call(root, "CreatePolicyVersion", PolicyArn=mine, PolicyDocument=policy(allow("sqs:*")))
    lab.call(root, "AttachUserPolicy", UserName="x", PolicyArn=mine)
    lab.call(root, "AttachGroupPolicy", GroupName="x", PolicyArn=READ_ONLY)
    lab.call(root, "PutRolePolicy", RoleName="x", PolicyName="in", PolicyDocument=policy(allow("s3:*")))
    lab.call(root, "CreateInstanceProfile", InstanceProfileName="ip")
    lab.call(root, "AddRoleToInstanceProfile", InstanceProfileName="ip", RoleName="x")
    whole = lab.call(root, "GetAccountAuthorizationDetails")
    user, group, role = whole["UserDetailList"][0], whole["GroupDetailList"][0], whole["RoleDetailList"][0]
    assert (user["AttachedManagedPolicies"], user["GroupList"], user["Tags"]) == (
        [{"PolicyName": "Mine", "PolicyArn": mine}],
        [],
        [],
    )
    assert group["AttachedManagedPolicies"][0]["PolicyArn"] == READ_ONLY
    assert role["RolePolicyList"] == [{"PolicyName": "in", "PolicyDocument": quote(policy(allow("s3:*")), safe="")}]
    assert role["InstanceProfileList"][0]["Roles"][0]["RoleName"] == "x"
    assert role["RoleLastUsed"] == {}
    policies = {entry["PolicyName"]: entry for entry in whole["Policies"]}
    assert list(policies) == ["Mine", "Unused", "ReadOnlyAccess"]
    assert [entry["VersionId"] for entry in policies["Mine"]["PolicyVersionList"]] == ["v2", "v1"]
    assert policies["ReadOnlyAccess"]["AttachmentCount"] == 1
    only = lab.call(root, "GetAccountAuthorizationDetails", Filter=["AWSManagedPolicy", "Group"])
    assert [len(only[name]) for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")] == [
        0,
        1,
        0,
        1,
    ]
    parts: dict[str, list[Any]] = {name: [] for name in whole if name != "IsTruncated"}
    marker: dict[str, Any] = {}
    while True:
        page = lab.call(root, "GetAccountAuthorizationDetails", MaxItems=2, **marker)
        for name, entries in parts.items():
            entries.extend(page[name])
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert parts == {name: whole[name] for name in parts}
