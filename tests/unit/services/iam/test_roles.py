"""Roles, their trust policies, and instance profiles."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from iamd.stores.ports.identities import RoleUse
from tests.unit.services.lab import HERE, THERE, Lab, allow, policy, trust

EC2 = trust({"Service": "ec2.amazonaws.com"})
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def lab() -> Lab:
    return Lab()


def create(lab: Lab, name: str = "R", document: str = EC2, **more: Any) -> Any:
    return lab.call(lab.root(), "CreateRole", RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]


def trust_of(lab: Lab, name: str = "R") -> Any:
    return json.loads(unquote(lab.call(lab.root(), "GetRole", RoleName=name)["Role"]["AssumeRolePolicyDocument"]))


def test_what_create_get_and_list_show(lab: Lab) -> None:
    more: dict[str, Any] = {
        "Path": "/p/",
        "Description": "d",
        "MaxSessionDuration": 7200,
        "Tags": [{"Key": "a", "Value": "1"}],
    }
    created = create(lab, PermissionsBoundary=READ_ONLY, **more)
    assert created.pop("RoleId").startswith("AROA")
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ_ONLY}
    always = {
        "Path": "/p/",
        "RoleName": "R",
        "Arn": f"arn:aws:iam::{HERE}:role/p/R",
        "CreateDate": lab.now,
        "AssumeRolePolicyDocument": created["AssumeRolePolicyDocument"],
    }
    assert created == {**always, "Tags": more["Tags"], "PermissionsBoundary": boundary}
    got = lab.call(lab.root(), "GetRole", RoleName="R")["Role"]
    del got["RoleId"]
    assert got == {**created, "Description": "d", "MaxSessionDuration": 7200, "RoleLastUsed": {}}
    listed = lab.call(lab.root(), "ListRoles", PathPrefix="/p/")["Roles"][0]
    del listed["RoleId"]
    assert listed == {**always, "Description": "d", "MaxSessionDuration": 7200}
    assert lab.call(lab.root(), "ListRoles", PathPrefix="/q/")["Roles"] == []


def test_last_use_is_shown(lab: Lab) -> None:
    role_id = create(lab)["RoleId"]
    lab.add(RoleUse(HERE, role_id, int(lab.now.timestamp() * 1000) + 7, "eu-west-1"))
    used = lab.call(lab.root(), "GetRole", RoleName="R")["Role"]["RoleLastUsed"]
    assert used == {"LastUsedDate": lab.now, "Region": "eu-west-1"}


def test_names(lab: Lab) -> None:
    create(lab, "Mine")
    again = lab.fault(lab.root(), "CreateRole", RoleName="mine", AssumeRolePolicyDocument=EC2)
    assert again == ("EntityAlreadyExists", "Role with name mine already exists.", 409)
    gone = lab.fault(lab.root(), "GetRole", RoleName="mine")
    assert gone == ("NoSuchEntity", "The role with name mine cannot be found.", 404)
    assert len(lab.state.resource_policies.page("key")) == 1


def test_a_trust_policy_is_checked(lab: Lab) -> None:
    nobody = f"arn:aws:iam::{HERE}:user/nobody"
    unknown = lab.fault(lab.root(), "CreateRole", RoleName="R", AssumeRolePolicyDocument=trust({"AWS": nobody}))
    assert unknown == ("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{nobody}"', 400)
    for bad in ("{", policy(allow("s3:*")), trust("*", "s3:GetObject"), trust({"AWS": "333333333333"})):
        fault = lab.fault(lab.root(), "CreateRole", RoleName="R", AssumeRolePolicyDocument=bad)
        assert fault[0] == "MalformedPolicyDocument"
    long = trust({"Service": [f"s{number}.amazonaws.com" for number in range(150)]})
    fault = lab.fault(lab.root(), "CreateRole", RoleName="R", AssumeRolePolicyDocument=long)
    assert fault == ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", 409)
    assert lab.state.roles.page("key", HERE) == []


def test_a_deleted_principal_is_shown_by_its_id(lab: Lab) -> None:
    lab.add_user("alice", account=THERE)
    arn = f"arn:aws:iam::{THERE}:user/alice"
    create(lab, document=trust({"AWS": [arn, HERE]}))
    assert trust_of(lab)["Statement"][0]["Principal"] == {"AWS": [arn, f"arn:aws:iam::{HERE}:root"]}
    alice = lab.state.users.get(THERE, "alice")
    assert alice is not None
    lab.store.write_now(lambda transaction: transaction.state.users.delete(THERE, "alice"))
    lab.add_user("alice", account=THERE)
    assert trust_of(lab)["Statement"][0]["Principal"]["AWS"][0] == alice.id
    stale = lab.fault(lab.root(), "UpdateAssumeRolePolicy", RoleName="R", PolicyDocument=json.dumps(trust_of(lab)))
    assert stale[1] == f'Invalid principal in policy: "AWS":"{alice.id}"'
    lab.call(lab.root(), "UpdateAssumeRolePolicy", RoleName="R", PolicyDocument=EC2)
    assert trust_of(lab) == json.loads(EC2)


def test_updates(lab: Lab) -> None:
    create(lab, Description="d")
    root = lab.root()
    assert lab.call(root, "UpdateRole", RoleName="R", MaxSessionDuration=7200) == {}
    got = lab.call(root, "GetRole", RoleName="R")["Role"]
    assert (got["Description"], got["MaxSessionDuration"]) == ("d", 7200)
    assert lab.call(root, "UpdateRoleDescription", RoleName="R", Description="e")["Role"]["Description"] == "e"
    assert lab.fault(root, "UpdateRole", RoleName="R", MaxSigninSessionDuration=3600)[2] == 501
    lab.call(root, "TagRole", RoleName="R", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    lab.call(root, "UntagRole", RoleName="R", TagKeys=["A"])
    tags = lab.call(root, "ListRoleTags", RoleName="R")
    assert tags == {"Tags": [{"Key": "b", "Value": "2"}], "IsTruncated": False}


def test_what_must_go_before_a_role_goes(lab: Lab) -> None:
    create(lab, PermissionsBoundary=READ_ONLY)
    root = lab.root()
    lab.call(root, "CreateInstanceProfile", InstanceProfileName="ip")
    lab.call(root, "AddRoleToInstanceProfile", InstanceProfileName="ip", RoleName="R")
    lab.call(root, "AttachRolePolicy", RoleName="R", PolicyArn=READ_ONLY)
    lab.call(root, "PutRolePolicy", RoleName="R", PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    steps: list[tuple[str, str, dict[str, str]]] = [
        ("must remove roles from instance profile", "RemoveRoleFromInstanceProfile", {"InstanceProfileName": "ip"}),
        ("must detach all policies", "DetachRolePolicy", {"PolicyArn": READ_ONLY}),
        ("must delete policies", "DeleteRolePolicy", {"PolicyName": "p"}),
    ]
    for message, name, more in steps:
        fault = lab.fault(root, "DeleteRole", RoleName="R")
        assert fault == ("DeleteConflict", f"Cannot delete entity, {message} first.", 409)
        lab.call(root, name, RoleName="R", **more)
    lab.call(root, "DeleteRole", RoleName="R")
    assert lab.state.resource_policies.page("key") == []
    assert lab.state.attachments.page("key", HERE) == []


def test_boundaries_are_set_replaced_and_removed(lab: Lab) -> None:
    create(lab)
    mine = lab.call(lab.root(), "CreatePolicy", PolicyName="B", PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    for arn in (READ_ONLY, mine):
        lab.call(lab.root(), "PutRolePermissionsBoundary", RoleName="R", PermissionsBoundary=arn)
    assert [tie.policy_arn for tie in lab.state.attachments.page("key", HERE)] == [mine]
    assert lab.fault(lab.root(), "DeletePolicy", PolicyArn=mine)[0] == "DeleteConflict"
    lab.call(lab.root(), "DeleteRolePermissionsBoundary", RoleName="R")
    lab.call(lab.root(), "DeletePolicy", PolicyArn=mine)
    assert lab.fault(lab.root(), "PutRolePermissionsBoundary", RoleName="R", PermissionsBoundary=mine)[:2] == (
        "NoSuchEntity",
        f"Scope ARN: {mine} does not exist or is not attachable.",
    )


def test_a_boundary_can_be_demanded_when_roles_are_made(lab: Lab) -> None:
    condition = {"ArnEquals": {"iam:PermissionsBoundary": READ_ONLY}}
    alice = lab.add_user("alice", allow(["iam:CreateRole", "iam:PutRolePermissionsBoundary"], Condition=condition))
    call = {"RoleName": "R", "AssumeRolePolicyDocument": EC2}
    assert lab.fault(alice, "CreateRole", **call)[0] == "AccessDenied"
    lab.call(alice, "CreateRole", **call, PermissionsBoundary=READ_ONLY)
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert lab.fault(alice, "PutRolePermissionsBoundary", RoleName="R", PermissionsBoundary=other)[0] == "AccessDenied"


def test_instance_profiles(lab: Lab) -> None:
    root = lab.root()
    tags = [{"Key": "a", "Value": "1"}]
    created = lab.call(root, "CreateInstanceProfile", InstanceProfileName="ip", Path="/p/", Tags=tags)[
        "InstanceProfile"
    ]
    assert created["InstanceProfileId"].startswith("AIPA")
    assert (created["Arn"], created["Roles"], created["Tags"]) == (
        f"arn:aws:iam::{HERE}:instance-profile/p/ip",
        [],
        tags,
    )
    again = lab.fault(root, "CreateInstanceProfile", InstanceProfileName="IP")
    assert again == ("EntityAlreadyExists", "Instance Profile IP already exists.", 409)
    create(lab, "A")
    create(lab, "B")
    lab.call(root, "AddRoleToInstanceProfile", InstanceProfileName="ip", RoleName="A")
    for name in ("A", "B"):
        full = lab.fault(root, "AddRoleToInstanceProfile", InstanceProfileName="ip", RoleName=name)
        assert full == ("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409)
    got = lab.call(root, "GetInstanceProfile", InstanceProfileName="ip")["InstanceProfile"]
    assert [role["RoleName"] for role in got["Roles"]] == ["A"]
    of_role = lab.call(root, "ListInstanceProfilesForRole", RoleName="A")["InstanceProfiles"]
    assert of_role == lab.call(root, "ListInstanceProfiles")["InstanceProfiles"]
    assert lab.call(root, "ListInstanceProfilesForRole", RoleName="B")["InstanceProfiles"] == []
    conflict = lab.fault(root, "DeleteInstanceProfile", InstanceProfileName="ip")
    assert conflict[1] == "Cannot delete entity, must remove roles from instance profile first."
    elsewhere = {"InstanceProfileName": "ip", "RoleName": "B"}
    assert lab.fault(root, "RemoveRoleFromInstanceProfile", **elsewhere)[0] == "NoSuchEntity"
    lab.call(root, "RemoveRoleFromInstanceProfile", InstanceProfileName="ip", RoleName="A")
    lab.call(root, "TagInstanceProfile", InstanceProfileName="ip", Tags=[{"Key": "b", "Value": "2"}])
    lab.call(root, "UntagInstanceProfile", InstanceProfileName="ip", TagKeys=["a"])
    listed = lab.call(root, "ListInstanceProfileTags", InstanceProfileName="ip")["Tags"]
    assert listed == [{"Key": "b", "Value": "2"}]
    lab.call(root, "DeleteInstanceProfile", InstanceProfileName="ip")
    gone = lab.fault(root, "GetInstanceProfile", InstanceProfileName="ip")
    assert gone == ("NoSuchEntity", "Instance Profile ip cannot be found.", 404)


def test_adding_a_role_to_a_profile_passes_it(lab: Lab) -> None:
    arn = create(lab, Path="/p/")["Arn"]
    lab.call(lab.root(), "CreateInstanceProfile", InstanceProfileName="ip")
    add = allow("iam:AddRoleToInstanceProfile")
    to_ec2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    call = {"InstanceProfileName": "ip", "RoleName": "R"}
    for number, statements in enumerate(
        [(add,), (add, allow("iam:PassRole", f"{arn}x")), (add, allow("iam:PassRole", arn, Condition=to_lambda))]
    ):
        denied = lab.fault(lab.add_user(f"u{number}", *statements), "AddRoleToInstanceProfile", **call)
        assert denied[0] == "AccessDenied"
        assert f"iam:PassRole on resource: {arn} " in denied[1]
    lab.call(
        lab.add_user("good", add, allow("iam:PassRole", arn, Condition=to_ec2)), "AddRoleToInstanceProfile", **call
    )
    assert lab.state.instance_profiles.page("key", HERE)[0].role_id is not None


def test_tags_of_roles_are_condition_keys(lab: Lab) -> None:
    create(lab, "A", Tags=[{"Key": "Team", "Value": "a"}])
    create(lab, "B")
    for number, key in enumerate(("iam:ResourceTag/team", "aws:ResourceTag/team")):
        condition = {"StringEquals": {key: "a"}}
        user = lab.add_user(f"u{number}", allow("iam:GetRole", Condition=condition))
        assert lab.call(user, "GetRole", RoleName="A")["Role"]["RoleName"] == "A"
        assert lab.fault(user, "GetRole", RoleName="B")[0] == "AccessDenied"
