"""IAM groups and their members."""

from typing import Any

import pytest

from tests.unit.services.lab import HERE, THERE, Lab, allow, policy


@pytest.fixture
def lab() -> Lab:
    return Lab()


def create(lab: Lab, name: str, **more: Any) -> Any:
    return lab.call(lab.root(), "CreateGroup", GroupName=name, **more)["Group"]


def arn_of(name: str) -> str:
    return f"arn:aws:iam::{HERE}:group/{name}"


def not_there(name: str) -> tuple[str, str, int]:
    return "NoSuchEntity", f"The group with name {name} cannot be found.", 404


def join(lab: Lab, group: str, user: str) -> None:
    lab.call(lab.root(), "AddUserToGroup", GroupName=group, UserName=user)


def test_a_created_group_has_awss_shape(lab: Lab) -> None:
    group = create(lab, "Developers", Path="/team/")
    assert group.pop("GroupId").startswith("AGPA")
    assert group == {
        "Path": "/team/",
        "GroupName": "Developers",
        "Arn": arn_of("team/Developers"),
        "CreateDate": lab.now,
    }
    answer = lab.call(lab.root(), "GetGroup", GroupName="Developers")
    assert (answer["Users"], answer["IsTruncated"]) == ([], False)


def test_names_are_found_exactly_and_unique_without_regard_to_case(lab: Lab) -> None:
    create(lab, "G")
    taken = ("EntityAlreadyExists", "Group with name g already exists.", 409)
    assert lab.fault(lab.root(), "CreateGroup", GroupName="g", Path="/x/") == taken
    assert lab.fault(lab.root(), "GetGroup", GroupName="g") == not_there("g")
    assert lab.fault(lab.root(THERE), "GetGroup", GroupName="G") == not_there("G")


def test_every_operation_on_a_missing_group_says_so(lab: Lab) -> None:
    lab.add_user("alice")
    for operation in ("GetGroup", "UpdateGroup", "DeleteGroup"):
        assert lab.fault(lab.root(), operation, GroupName="x") == not_there("x")
    for operation in ("AddUserToGroup", "RemoveUserFromGroup"):
        assert lab.fault(lab.root(), operation, GroupName="x", UserName="alice") == not_there("x")


def test_members_are_added_once_paged_and_removed(lab: Lab) -> None:
    create(lab, "g")
    for name in ("a", "b", "c"):
        lab.add_user(name)
        join(lab, "g", name)
        join(lab, "g", name)
    first = lab.call(lab.root(), "GetGroup", GroupName="g", MaxItems=2)
    rest = lab.call(lab.root(), "GetGroup", GroupName="g", MaxItems=2, Marker=first["Marker"])
    assert (len(first["Users"]), len(rest["Users"]), rest["IsTruncated"]) == (2, 1, False)
    assert {user["UserName"] for user in first["Users"] + rest["Users"]} == {"a", "b", "c"}
    lab.call(lab.root(), "RemoveUserFromGroup", GroupName="g", UserName="b")
    names = {user["UserName"] for user in lab.call(lab.root(), "GetGroup", GroupName="g")["Users"]}
    assert names == {"a", "c"}
    assert lab.fault(lab.root(), "RemoveUserFromGroup", GroupName="g", UserName="b")[::2] == ("NoSuchEntity", 404)


def test_the_member_must_exist(lab: Lab) -> None:
    create(lab, "g")
    missing = ("NoSuchEntity", "The user with name nobody cannot be found.", 404)
    assert lab.fault(lab.root(), "AddUserToGroup", GroupName="g", UserName="nobody") == missing
    assert lab.fault(lab.root(), "ListGroupsForUser", UserName="nobody") == missing


def test_a_user_is_in_at_most_ten_groups(lab: Lab) -> None:
    lab.add_user("alice")
    for number in range(11):
        create(lab, f"g{number}")
    for number in range(10):
        join(lab, f"g{number}", "alice")
    over = ("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10", 409)
    assert lab.fault(lab.root(), "AddUserToGroup", GroupName="g10", UserName="alice") == over
    join(lab, "g0", "alice")
    first = lab.call(lab.root(), "ListGroupsForUser", UserName="alice", MaxItems=4)
    rest = lab.call(lab.root(), "ListGroupsForUser", UserName="alice", Marker=first["Marker"])
    names = [group["GroupName"] for group in first["Groups"] + rest["Groups"]]
    assert sorted(names) == [f"g{number}" for number in range(10)]


def test_an_account_has_at_most_three_hundred_groups(lab: Lab) -> None:
    for number in range(300):
        lab.add_group(f"g{number}")
    over = ("LimitExceeded", "Cannot exceed quota for GroupsPerAccount: 300", 409)
    assert lab.fault(lab.root(), "CreateGroup", GroupName="one") == over
    assert lab.fault(lab.root(), "GetGroup", GroupName="one") == not_there("one")


def test_groups_are_listed_by_name_or_below_a_path(lab: Lab) -> None:
    for name, path in (("b", "/"), ("a", "/x/"), ("c", "/x/y/")):
        create(lab, name, Path=path)
    everything = lab.call(lab.root(), "ListGroups")
    assert [group["GroupName"] for group in everything["Groups"]] == ["a", "b", "c"]
    below = lab.call(lab.root(), "ListGroups", PathPrefix="/x/")
    assert [group["GroupName"] for group in below["Groups"]] == ["a", "c"]


def test_members_and_policies_follow_a_renamed_group(lab: Lab) -> None:
    alice = lab.add_user("alice")
    create(lab, "g")
    join(lab, "g", "alice")
    document = policy(allow("s3:GetObject"))
    lab.call(lab.root(), "PutGroupPolicy", GroupName="g", PolicyName="p", PolicyDocument=document)
    assert lab.may(lab.user("alice"), "s3:GetObject")
    lab.call(lab.root(), "UpdateGroup", GroupName="g", NewGroupName="G2", NewPath="/p/")
    answer = lab.call(lab.root(), "GetGroup", GroupName="G2")
    assert answer["Group"]["Arn"] == arn_of("p/G2")
    assert [user["UserName"] for user in answer["Users"]] == ["alice"]
    assert lab.may(lab.user("alice"), "s3:GetObject")
    assert alice.identity is not None
    create(lab, "other")
    taken = ("EntityAlreadyExists", "Group with name OTHER already exists.", 409)
    assert lab.fault(lab.root(), "UpdateGroup", GroupName="G2", NewGroupName="OTHER") == taken
    lab.call(lab.root(), "UpdateGroup", GroupName="G2", NewGroupName="g2")
    assert lab.call(lab.root(), "GetGroup", GroupName="g2")["Group"]["Path"] == "/p/"


def test_leaving_a_group_takes_its_rights_away_at_once(lab: Lab) -> None:
    lab.add_user("alice")
    create(lab, "g")
    document = policy(allow("s3:GetObject"))
    lab.call(lab.root(), "PutGroupPolicy", GroupName="g", PolicyName="p", PolicyDocument=document)
    assert not lab.may(lab.user("alice"), "s3:GetObject")
    join(lab, "g", "alice")
    assert lab.may(lab.user("alice"), "s3:GetObject")
    lab.call(lab.root(), "RemoveUserFromGroup", GroupName="g", UserName="alice")
    assert not lab.may(lab.user("alice"), "s3:GetObject")


def test_a_group_with_things_attached_cannot_be_deleted(lab: Lab) -> None:
    root, named = lab.root(), {"GroupName": "g"}
    read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    create(lab, "g")
    lab.add_user("alice")
    join(lab, "g", "alice")
    lab.call(root, "AttachGroupPolicy", PolicyArn=read_only, **named)
    lab.call(root, "PutGroupPolicy", PolicyName="p", PolicyDocument=policy(allow("s3:*")), **named)
    undo: list[tuple[str, str, dict[str, str]]] = [
        ("must remove users from group first", "RemoveUserFromGroup", {"UserName": "alice"}),
        ("must detach all policies first", "DetachGroupPolicy", {"PolicyArn": read_only}),
        ("must delete policies first", "DeleteGroupPolicy", {"PolicyName": "p"}),
    ]
    for what, operation, more in undo:
        assert lab.fault(root, "DeleteGroup", **named) == ("DeleteConflict", f"Cannot delete entity, {what}.", 409)
        lab.call(root, operation, **named, **more)
    lab.call(root, "DeleteGroup", **named)
    assert lab.fault(root, "GetGroup", **named) == not_there("g")


def test_membership_is_asked_for_on_the_group_alone(lab: Lab) -> None:
    create(lab, "g", Path="/p/")
    lab.add_user("alice")
    keeper = lab.add_user("keeper", allow(["iam:AddUserToGroup", "iam:RemoveUserFromGroup"], arn_of("p/g")))
    lab.call(keeper, "AddUserToGroup", GroupName="g", UserName="alice")
    lab.call(keeper, "RemoveUserFromGroup", GroupName="g", UserName="alice")
    create(lab, "other")
    assert lab.fault(keeper, "AddUserToGroup", GroupName="other", UserName="alice")[0] == "AccessDenied"


def test_a_rename_needs_both_names(lab: Lab) -> None:
    create(lab, "g", Path="/p/")
    half = lab.add_user("half", allow("iam:UpdateGroup", arn_of("p/g")))
    assert lab.fault(half, "UpdateGroup", GroupName="g", NewGroupName="h")[0] == "AccessDenied"
    both = lab.add_user("both", allow("iam:UpdateGroup", [arn_of("p/g"), arn_of("p/h")]))
    lab.call(both, "UpdateGroup", GroupName="g", NewGroupName="h")
    assert lab.call(lab.root(), "GetGroup", GroupName="h")["Group"]["Path"] == "/p/"


def test_the_groups_of_a_user_are_asked_for_on_the_user(lab: Lab) -> None:
    lab.add_user("alice")
    (check,) = lab.checks(lab.root(), "ListGroupsForUser", UserName="alice")
    assert check.resource == f"arn:aws:iam::{HERE}:user/alice"
    (listing,) = lab.checks(lab.root(), "ListGroups")
    assert listing.resource == arn_of("")
