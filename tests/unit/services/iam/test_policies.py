"""Managed policies: create, find, list, version, tag, delete."""

from typing import Any
from urllib.parse import unquote

import pytest

from tests.unit.services.lab import HERE, THERE, Lab, allow, policy, trust

FIVE_AT_MOST = (
    "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DOCUMENT = policy(allow("s3:*"))
TRUST = trust({"Service": "ec2.amazonaws.com"})


@pytest.fixture
def lab() -> Lab:
    return Lab()


def create(lab: Lab, name: str, **more: object) -> str:
    arn: str = lab.call(lab.root(), "CreatePolicy", PolicyName=name, PolicyDocument=DOCUMENT, **more)["Policy"]["Arn"]
    return arn


def arn_of(name: str) -> str:
    return f"arn:aws:iam::{HERE}:policy/{name}"


def test_a_created_policy_has_awss_shape(lab: Lab) -> None:
    answer = lab.call(
        lab.root(),
        "CreatePolicy",
        PolicyName="P",
        Path="/team/",
        PolicyDocument=DOCUMENT,
        Description="why",
        Tags=[{"Key": "a", "Value": "1"}],
    )["Policy"]
    assert answer.pop("PolicyId").startswith("ANPA")
    assert answer == {
        "PolicyName": "P",
        "Arn": arn_of("team/P"),
        "Path": "/team/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": lab.now,
        "UpdateDate": lab.now,
        "Tags": [{"Key": "a", "Value": "1"}],
    }
    got = lab.call(lab.root(), "GetPolicy", PolicyArn=arn_of("team/P"))["Policy"]
    assert (got["Description"], got["Tags"]) == ("why", [{"Key": "a", "Value": "1"}])
    assert "Description" not in lab.call(lab.root(), "ListPolicies", Scope="Local")["Policies"][0]


def test_names_are_unique_without_regard_to_case(lab: Lab) -> None:
    create(lab, "Mine")
    assert lab.fault(lab.root(), "CreatePolicy", PolicyName="mine", PolicyDocument=DOCUMENT, Path="/x/") == (
        "EntityAlreadyExists",
        "A policy called mine already exists. Duplicate names are not allowed.",
        409,
    )
    assert lab.fault(lab.root(), "GetPolicy", PolicyArn=arn_of("mine"))[0] == "NoSuchEntity"
    assert lab.fault(lab.root(), "GetPolicy", PolicyArn=arn_of("x/Mine"))[0] == "NoSuchEntity"
    assert lab.fault(lab.root(THERE), "GetPolicy", PolicyArn=arn_of("Mine"))[0] == "NoSuchEntity"


def test_a_document_is_checked_and_counted_without_white_space(lab: Lab) -> None:
    assert lab.fault(lab.root(), "CreatePolicy", PolicyName="P", PolicyDocument="{")[0] == "MalformedPolicyDocument"
    bare = len(policy(allow("s3:*", "arn:aws:s3:::")).replace(" ", ""))
    fits = policy(allow("s3:*", "arn:aws:s3:::" + "x" * (6144 - bare))) + " " * 5000
    lab.call(lab.root(), "CreatePolicy", PolicyName="P", PolicyDocument=fits)
    too_long = policy(allow("s3:*", "arn:aws:s3:::" + "x" * (6145 - bare)))
    fault = ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144", 409)
    assert lab.fault(lab.root(), "CreatePolicy", PolicyName="Q", PolicyDocument=too_long) == fault
    assert lab.fault(lab.root(), "CreatePolicyVersion", PolicyArn=arn_of("P"), PolicyDocument=too_long) == fault


def test_unknown_and_malformed_arns(lab: Lab) -> None:
    missing = arn_of("none")
    assert lab.fault(lab.root(), "GetPolicy", PolicyArn=missing) == (
        "NoSuchEntity",
        f"Policy {missing} was not found.",
        404,
    )
    for bad in ("x" * 20, "arn:aws:s3:::bucket/policy/x", "arn:aws:iam:::policy/x"):
        assert lab.fault(lab.root(), "GetPolicy", PolicyArn=bad) == ("InvalidInput", f"ARN {bad} is not valid.", 400)


def test_aws_managed_policies_are_there_and_nobody_changes_them(lab: Lab) -> None:
    got = lab.call(lab.root(), "GetPolicy", PolicyArn=READ_ONLY)["Policy"]
    version = lab.call(lab.root(), "GetPolicyVersion", PolicyArn=READ_ONLY, VersionId=got["DefaultVersionId"])
    assert "Statement" in unquote(version["PolicyVersion"]["Document"])
    listed = lab.call(lab.root(), "ListPolicyVersions", PolicyArn=READ_ONLY)["Versions"]
    assert [entry["VersionId"] for entry in listed] == [got["DefaultVersionId"]]
    assert lab.fault(lab.root(), "GetPolicyVersion", PolicyArn=READ_ONLY, VersionId="v999999")[0] == "NoSuchEntity"
    calls: dict[str, dict[str, Any]] = {
        "DeletePolicy": {},
        "CreatePolicyVersion": {"PolicyDocument": DOCUMENT},
        "SetDefaultPolicyVersion": {"VersionId": "v1"},
        "DeletePolicyVersion": {"VersionId": "v1"},
        "TagPolicy": {"Tags": []},
        "UntagPolicy": {"TagKeys": []},
    }
    for name, more in calls.items():
        assert lab.fault(lab.root(), name, PolicyArn=READ_ONLY, **more)[::2] == ("AccessDenied", 403)


def test_five_versions_and_the_default_one(lab: Lab) -> None:
    arn = create(lab, "P")
    lab.later(60)
    for number in range(2, 6):
        answer = lab.call(
            lab.root(), "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=policy(allow(f"s3:Get{number}"))
        )
        assert answer["PolicyVersion"] == {
            "VersionId": f"v{number}",
            "IsDefaultVersion": False,
            "CreateDate": lab.now,
        }
    sixth = {"PolicyArn": arn, "PolicyDocument": DOCUMENT, "SetAsDefault": True}
    assert lab.fault(lab.root(), "CreatePolicyVersion", **sixth) == (
        "LimitExceeded",
        FIVE_AT_MOST,
        409,
    )
    assert lab.fault(lab.root(), "DeletePolicyVersion", PolicyArn=arn, VersionId="v1") == (
        "DeleteConflict",
        "Cannot delete the default version of a policy.",
        409,
    )
    lab.call(lab.root(), "DeletePolicyVersion", PolicyArn=arn, VersionId="v5")
    assert lab.call(lab.root(), "CreatePolicyVersion", **sixth)["PolicyVersion"]["VersionId"] == "v6"
    got = lab.call(lab.root(), "GetPolicy", PolicyArn=arn)["Policy"]
    assert (got["DefaultVersionId"], got["UpdateDate"]) == ("v6", lab.now)
    lab.call(lab.root(), "SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v2")
    first = lab.call(lab.root(), "ListPolicyVersions", PolicyArn=arn, MaxItems=3)
    rest = lab.call(lab.root(), "ListPolicyVersions", PolicyArn=arn, Marker=first["Marker"])
    versions = first["Versions"] + rest["Versions"]
    assert [(entry["VersionId"], entry["IsDefaultVersion"]) for entry in versions] == [
        ("v6", False),
        ("v4", False),
        ("v3", False),
        ("v2", True),
        ("v1", False),
    ]
    document = lab.call(lab.root(), "GetPolicyVersion", PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"]
    assert unquote(document) == policy(allow("s3:Get2"))
    assert '"' not in document
    assert "*" not in document
    for absent in ("v7", "v2.x", "v99999999999999999999"):
        assert lab.fault(lab.root(), "SetDefaultPolicyVersion", PolicyArn=arn, VersionId=absent) == (
            "NoSuchEntity",
            f"Policy {arn} version {absent} does not exist or is not attachable.",
            404,
        )


def test_the_default_version_decides_on_the_next_request(lab: Lab) -> None:
    alice = lab.add_user("alice")
    arn = create(lab, "P")
    lab.call(lab.root(), "AttachUserPolicy", UserName="alice", PolicyArn=arn)
    assert lab.may(lab.user("alice"), "s3:GetObject", "arn:aws:s3:::b/k")
    lab.call(lab.root(), "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=policy(allow("sqs:*")), SetAsDefault=True)
    assert not lab.may(lab.user("alice"), "s3:GetObject", "arn:aws:s3:::b/k")
    lab.call(lab.root(), "SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v1")
    assert lab.may(lab.user("alice"), "s3:GetObject", "arn:aws:s3:::b/k")
    assert alice.identity is not None


def test_deleting_needs_no_uses_and_one_version(lab: Lab) -> None:
    arn = create(lab, "P")
    lab.add_user("alice")
    lab.call(lab.root(), "AttachUserPolicy", UserName="alice", PolicyArn=arn)
    attached = ("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    assert lab.fault(lab.root(), "DeletePolicy", PolicyArn=arn) == attached
    lab.call(lab.root(), "DetachUserPolicy", UserName="alice", PolicyArn=arn)
    lab.call(lab.root(), "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=DOCUMENT)
    assert lab.fault(lab.root(), "DeletePolicy", PolicyArn=arn)[1].startswith("This policy has more than one version.")
    lab.call(lab.root(), "DeletePolicyVersion", PolicyArn=arn, VersionId="v2")
    lab.call(lab.root(), "DeletePolicy", PolicyArn=arn)
    assert lab.fault(lab.root(), "GetPolicy", PolicyArn=arn)[0] == "NoSuchEntity"
    assert lab.state.policy_versions.page("key", HERE) == []


def names(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [entry["PolicyName"] for entry in answer["Policies"]]


def test_listing_by_scope_path_and_use(lab: Lab) -> None:
    for name, path in (("A", "/"), ("B", "/team/"), ("C", "/team/x/"), ("D", "/teams/")):
        create(lab, name, Path=path)
    lab.add_user("alice")
    for arn in (arn_of("team/B"), READ_ONLY):
        lab.call(lab.root(), "AttachUserPolicy", UserName="alice", PolicyArn=arn)
    lab.call(lab.root(), "CreateRole", RoleName="R", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=arn_of("A"))
    root = lab.root()
    assert sorted(names(lab.call(root, "ListPolicies", Scope="Local"))) == ["A", "B", "C", "D"]
    assert names(lab.call(root, "ListPolicies", Scope="Local", PathPrefix="/team/")) == ["B", "C"]
    assert names(lab.call(root, "ListPolicies", OnlyAttached=True)) == ["A", "B", "ReadOnlyAccess"]
    assert names(lab.call(root, "ListPolicies", OnlyAttached=True, Scope="AWS")) == ["ReadOnlyAccess"]
    assert names(lab.call(root, "ListPolicies", OnlyAttached=True, PathPrefix="/team/")) == ["B"]
    assert names(lab.call(root, "ListPolicies", PolicyUsageFilter="PermissionsBoundary")) == ["A"]
    assert names(lab.call(root, "ListPolicies", PolicyUsageFilter="PermissionsPolicy")) == ["B", "ReadOnlyAccess"]
    counts = {
        entry["PolicyName"]: (entry["AttachmentCount"], entry["PermissionsBoundaryUsageCount"])
        for entry in lab.call(root, "ListPolicies", MaxItems=1000)["Policies"]
    }
    assert (counts["A"], counts["B"], counts["C"]) == ((0, 1), (1, 0), (0, 0))
    assert lab.call(root, "GetPolicy", PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 1


@pytest.mark.parametrize("filters", [{}, {"OnlyAttached": True}])
@pytest.mark.parametrize("size", [1, 2, 3, 700])
def test_pages_join_to_the_whole(lab: Lab, size: int, filters: dict[str, bool]) -> None:
    for name in "ABC":
        create(lab, name, Path="/" if name == "B" else "/z/")
    lab.add_user("alice")
    for arn in (arn_of("B"), READ_ONLY, "arn:aws:iam::aws:policy/AdministratorAccess", arn_of("z/A")):
        lab.call(lab.root(), "AttachUserPolicy", UserName="alice", PolicyArn=arn)
    narrowed: dict[str, Any] = filters or ({} if size > 3 else {"PathPrefix": "/z/"})
    whole = lab.call(lab.root(), "ListPolicies", MaxItems=1000, **narrowed)
    parts = []
    marker: dict[str, str] = {}
    while True:
        page = lab.call(lab.root(), "ListPolicies", MaxItems=size, **narrowed, **marker)
        parts += page["Policies"]
        if len(parts) >= len(whole["Policies"]) or not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert parts[: len(whole["Policies"])] == whole["Policies"]


def test_all_of_awss_policies_are_listed(lab: Lab) -> None:
    create(lab, "Mine")
    marker: dict[str, str] = {}
    found: list[str] = []
    while True:
        page = lab.call(lab.root(), "ListPolicies", MaxItems=1000, **marker)
        found += [entry["Arn"] for entry in page["Policies"]]
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert len(found) == len(set(found)) == len(lab.tools.managed_policies) + 1


def test_tags_of_policies(lab: Lab) -> None:
    arn = create(lab, "P", Tags=[{"Key": "Team", "Value": "a"}])
    lab.call(lab.root(), "TagPolicy", PolicyArn=arn, Tags=[{"Key": "team", "Value": "b"}, {"Key": "x", "Value": ""}])
    assert lab.call(lab.root(), "ListPolicyTags", PolicyArn=arn) == {
        "Tags": [{"Key": "team", "Value": "b"}, {"Key": "x", "Value": ""}],
        "IsTruncated": False,
    }
    first = lab.call(lab.root(), "ListPolicyTags", PolicyArn=arn, MaxItems=1)
    assert lab.call(lab.root(), "ListPolicyTags", PolicyArn=arn, Marker=first["Marker"])["Tags"][0]["Key"] == "x"
    lab.call(lab.root(), "UntagPolicy", PolicyArn=arn, TagKeys=["TEAM"])
    assert lab.call(lab.root(), "GetPolicy", PolicyArn=arn)["Policy"]["Tags"] == [{"Key": "x", "Value": ""}]
    too_many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    assert lab.fault(lab.root(), "TagPolicy", PolicyArn=arn, Tags=too_many)[0] == "LimitExceeded"
