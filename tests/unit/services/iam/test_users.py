"""IAM users: create, find, list, rename, tag, bound, delete."""

from dataclasses import replace
from typing import Any

import pytest

from iamd.authz.check import Check
from iamd.model.principal import Principal, PrincipalKind
from iamd.services.iam.service import service
from tests.unit.services.lab import HERE, THERE, Lab, allow, policy

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMIN = allow("*")


@pytest.fixture
def lab() -> Lab:
    return Lab()


def create(lab: Lab, name: str, **more: Any) -> Any:
    return lab.call(lab.root(), "CreateUser", UserName=name, **more)["User"]


def arn_of(name: str, account: str = HERE) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def get(lab: Lab, name: str) -> Any:
    return lab.call(lab.root(), "GetUser", UserName=name)["User"]


def not_there(name: str) -> tuple[str, str, int]:
    return "NoSuchEntity", f"The user with name {name} cannot be found.", 404


def exists(name: str) -> tuple[str, str, int]:
    return "EntityAlreadyExists", f"User with name {name} already exists.", 409


def test_a_created_user_has_awss_shape(lab: Lab) -> None:
    tags = [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": ""}]
    user = create(lab, "alice", Path="/team/", PermissionsBoundary=READ_ONLY, Tags=tags)
    assert user.pop("UserId").startswith("AIDA")
    assert user == {
        "Path": "/team/",
        "UserName": "alice",
        "Arn": arn_of("team/alice"),
        "CreateDate": lab.now,
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ_ONLY},
        "Tags": [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}],
    }
    assert set(create(lab, "bob")) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    assert get(lab, "bob")["Path"] == "/"


def test_names_are_found_exactly_and_unique_without_regard_to_case_or_path(lab: Lab) -> None:
    create(lab, "Alice", Path="/a/")
    assert lab.fault(lab.root(), "CreateUser", UserName="alice") == exists("alice")
    assert lab.fault(lab.root(), "CreateUser", UserName="Alice", Path="/b/") == exists("Alice")
    assert lab.fault(lab.root(), "GetUser", UserName="alice") == not_there("alice")
    assert lab.call(lab.root(THERE), "CreateUser", UserName="Alice")["User"]["Arn"] == arn_of("Alice", THERE)


def test_the_users_of_another_account_are_not_there(lab: Lab) -> None:
    create(lab, "alice")
    for operation in ("GetUser", "DeleteUser", "ListUserTags", "ListGroupsForUser", "ListAccessKeys"):
        assert lab.fault(lab.root(THERE), operation, UserName="alice") == not_there("alice")
    assert lab.call(lab.root(THERE), "ListUsers")["Users"] == []


def test_every_operation_on_a_missing_user_says_so(lab: Lab) -> None:
    more: dict[str, dict[str, Any]] = {
        "TagUser": {"Tags": [{"Key": "a", "Value": ""}]},
        "UntagUser": {"TagKeys": ["a"]},
        "PutUserPermissionsBoundary": {"PermissionsBoundary": READ_ONLY},
    }
    for operation in ("UpdateUser", "DeleteUser", "DeleteUserPermissionsBoundary", *more):
        assert lab.fault(lab.root(), operation, UserName="x", **more.get(operation, {})) == not_there("x")


def test_without_a_name_a_caller_gets_itself(lab: Lab) -> None:
    alice = lab.add_user("alice", allow("iam:GetUser", arn_of("alice")))
    assert lab.call(alice, "GetUser")["User"]["UserName"] == "alice"
    bob = lab.add_user("bob", allow("iam:GetUser", arn_of("alice")))
    assert lab.fault(bob, "GetUser")[0] == "AccessDenied"
    assert lab.call(bob, "GetUser", UserName="alice")["User"]["UserName"] == "alice"


def test_root_has_no_name_and_no_path(lab: Lab) -> None:
    user = lab.call(lab.root(), "GetUser")["User"]
    assert user["Arn"] == f"arn:aws:iam::{HERE}:root"
    assert user["UserId"] == HERE
    assert set(user) == {"Arn", "UserId", "CreateDate"}
    answer = service.operations["GetUser"].spec.serialize({"User": user}, request_id="r", host_id="h")
    assert isinstance(answer.body, bytes)
    assert b"<UserId>" in answer.body
    assert b"UserName" not in answer.body


def test_list_shows_neither_tags_nor_boundary_and_pages_by_name(lab: Lab) -> None:
    for name in ("b", "a", "C"):
        create(lab, name, Tags=[{"Key": "k", "Value": ""}], PermissionsBoundary=READ_ONLY)
    first = lab.call(lab.root(), "ListUsers", MaxItems=2)
    assert [user["UserName"] for user in first["Users"]] == ["C", "a"]
    assert first["IsTruncated"] is True
    assert set(first["Users"][0]) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    rest = lab.call(lab.root(), "ListUsers", MaxItems=2, Marker=first["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["b"]
    assert rest["IsTruncated"] is False
    assert "Marker" not in rest
    assert lab.fault(lab.root(), "ListUsers", Marker="not one")[:2] == ("ValidationError", "Invalid Marker.")


def test_a_path_prefix_selects_and_pages(lab: Lab) -> None:
    for name, path in (("a", "/x/"), ("b", "/x/y/"), ("c", "/xy/"), ("d", "/"), ("e", "/x/")):
        create(lab, name, Path=path)
    found: list[str] = []
    marker: dict[str, str] = {}
    while True:
        page = lab.call(lab.root(), "ListUsers", PathPrefix="/x/", MaxItems=1, **marker)
        found += [user["UserName"] for user in page["Users"]]
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert found == ["a", "e", "b"]
    assert len(lab.call(lab.root(), "ListUsers", PathPrefix="/")["Users"]) == 5


def test_the_last_use_of_a_password_shows_only_in_get_and_list(lab: Lab) -> None:
    lab.add_user("alice", password_last_used_at=1_700_000_000_500)
    assert get(lab, "alice")["PasswordLastUsed"].timestamp() == 1_700_000_000
    assert "PasswordLastUsed" in lab.call(lab.root(), "ListUsers")["Users"][0]
    lab.add_group("g")
    lab.call(lab.root(), "AddUserToGroup", GroupName="g", UserName="alice")
    assert "PasswordLastUsed" not in lab.call(lab.root(), "GetGroup", GroupName="g")["Users"][0]


def test_everything_follows_a_renamed_user(lab: Lab) -> None:
    alice = lab.add_user("alice", allow("s3:GetObject"))
    lab.add_group("g")
    lab.call(lab.root(), "AddUserToGroup", GroupName="g", UserName="alice")
    key = lab.call(lab.root(), "CreateAccessKey", UserName="alice")["AccessKey"]["AccessKeyId"]
    before = get(lab, "alice")
    lab.call(lab.root(), "UpdateUser", UserName="alice", NewUserName="Zoe", NewPath="/moved/")
    after = get(lab, "Zoe")
    assert after["UserId"] == before["UserId"]
    assert after["Arn"] == arn_of("moved/Zoe")
    assert lab.fault(lab.root(), "GetUser", UserName="alice") == not_there("alice")
    keys = lab.call(lab.root(), "ListAccessKeys", UserName="Zoe")["AccessKeyMetadata"]
    assert [(entry["UserName"], entry["AccessKeyId"]) for entry in keys] == [("Zoe", key)]
    assert [user["UserName"] for user in lab.call(lab.root(), "GetGroup", GroupName="g")["Users"]] == ["Zoe"]
    assert lab.may(lab.user("Zoe"), "s3:GetObject")
    assert alice.identity is not None
    assert alice.identity.id == after["UserId"]


def test_a_rename_meets_other_names_without_regard_to_case_but_not_its_own(lab: Lab) -> None:
    create(lab, "alice")
    create(lab, "bob")
    assert lab.fault(lab.root(), "UpdateUser", UserName="alice", NewUserName="BOB") == exists("BOB")
    assert get(lab, "alice")["UserName"] == "alice"
    lab.call(lab.root(), "UpdateUser", UserName="alice", NewUserName="ALICE")
    assert get(lab, "ALICE")["UserName"] == "ALICE"


def test_a_path_alone_can_change(lab: Lab) -> None:
    create(lab, "alice", Tags=[{"Key": "a", "Value": "1"}])
    lab.call(lab.root(), "UpdateUser", UserName="alice", NewPath="/p/")
    assert (get(lab, "alice")["Arn"], len(get(lab, "alice")["Tags"])) == (arn_of("p/alice"), 1)


def test_a_path_has_no_empty_steps(lab: Lab) -> None:
    create(lab, "alice")
    assert lab.fault(lab.root(), "CreateUser", UserName="bob", Path="/a//b/")[0] == "ValidationError"
    assert lab.fault(lab.root(), "UpdateUser", UserName="alice", NewPath="//")[0] == "ValidationError"


def test_tags_are_added_replaced_listed_and_removed(lab: Lab) -> None:
    create(lab, "alice", Tags=[{"Key": "Team", "Value": "a"}])
    lab.call(lab.root(), "TagUser", UserName="alice", Tags=[{"Key": "team", "Value": "b"}, {"Key": "x", "Value": "1"}])
    first = lab.call(lab.root(), "ListUserTags", UserName="alice", MaxItems=1)
    assert (first["Tags"], first["IsTruncated"]) == ([{"Key": "team", "Value": "b"}], True)
    rest = lab.call(lab.root(), "ListUserTags", UserName="alice", Marker=first["Marker"])
    assert rest == {"Tags": [{"Key": "x", "Value": "1"}], "IsTruncated": False}
    lab.call(lab.root(), "UntagUser", UserName="alice", TagKeys=["X", "never"])
    assert get(lab, "alice")["Tags"] == [{"Key": "team", "Value": "b"}]
    lab.call(lab.root(), "UntagUser", UserName="alice", TagKeys=["team"])
    assert "Tags" not in get(lab, "alice")


def test_bad_tags_change_nothing(lab: Lab) -> None:
    twice = [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]
    assert lab.fault(lab.root(), "CreateUser", UserName="alice", Tags=twice)[0] == "InvalidInput"
    assert lab.fault(lab.root(), "GetUser", UserName="alice") == not_there("alice")
    create(lab, "alice", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    more = [{"Key": "one", "Value": ""}]
    assert lab.fault(lab.root(), "TagUser", UserName="alice", Tags=more)[::2] == ("LimitExceeded", 409)
    assert len(get(lab, "alice")["Tags"]) == 50


def test_a_boundary_is_put_shown_replaced_and_taken_away(lab: Lab) -> None:
    owner = create(lab, "alice", PermissionsBoundary=READ_ONLY)["UserId"]
    assert lab.state.attachments.get(HERE, owner, "boundary", READ_ONLY) is not None
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    for arn in (READ_ONLY, other):
        lab.call(lab.root(), "PutUserPermissionsBoundary", UserName="alice", PermissionsBoundary=arn)
        assert get(lab, "alice")["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
        ties = lab.state.attachments.page("key", HERE, get(lab, "alice")["UserId"])
        assert [(tie.usage, tie.policy_arn) for tie in ties] == [("boundary", arn)]
    lab.call(lab.root(), "DeleteUserPermissionsBoundary", UserName="alice")
    assert "PermissionsBoundary" not in get(lab, "alice")
    assert lab.state.attachments.page("key", HERE, get(lab, "alice")["UserId"]) == []


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("arn:aws:iam::aws:policy/NoSuchPolicyAtAll", "NoSuchEntity"),
        (f"arn:aws:iam::{HERE}:policy/none", "NoSuchEntity"),
        (f"arn:aws:iam::{THERE}:policy/theirs", "NoSuchEntity"),
        ("arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy", "PolicyNotAttachable"),
        (f"arn:aws:iam::{HERE}:user/alice-the-user", "InvalidInput"),
        ("this-is-no-arn-at-all-but-long", "InvalidInput"),
    ],
)
def test_only_a_policy_that_exists_can_be_a_boundary(lab: Lab, arn: str, code: str) -> None:
    create(lab, "alice")
    assert lab.fault(lab.root(), "CreateUser", UserName="bob", PermissionsBoundary=arn)[0] == code
    assert lab.fault(lab.root(), "PutUserPermissionsBoundary", UserName="alice", PermissionsBoundary=arn)[0] == code
    assert lab.fault(lab.root(), "GetUser", UserName="bob") == not_there("bob")


def test_a_customers_policy_is_a_boundary_under_its_whole_arn_only(lab: Lab) -> None:
    create(lab, "alice")
    more = {"PolicyName": "edge", "Path": "/p/", "PolicyDocument": policy(allow("s3:*"))}
    arn = lab.call(lab.root(), "CreatePolicy", **more)["Policy"]["Arn"]
    bare = f"arn:aws:iam::{HERE}:policy/edge"
    put = {"UserName": "alice", "PermissionsBoundary": bare}
    missing = ("NoSuchEntity", f"Scope ARN: {bare} does not exist or is not attachable.", 404)
    assert lab.fault(lab.root(), "PutUserPermissionsBoundary", **put) == missing
    lab.call(lab.root(), "PutUserPermissionsBoundary", UserName="alice", PermissionsBoundary=arn)
    assert get(lab, "alice")["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    assert lab.fault(lab.root(), "DeletePolicy", PolicyArn=arn)[0] == "DeleteConflict"


def test_a_boundary_shrinks_at_once(lab: Lab) -> None:
    alice = lab.add_user("alice", ADMIN)
    assert lab.may(alice, "s3:PutObject", "arn:aws:s3:::b/k")
    lab.call(lab.root(), "PutUserPermissionsBoundary", UserName="alice", PermissionsBoundary=READ_ONLY)
    assert not lab.may(lab.user("alice"), "s3:PutObject", "arn:aws:s3:::b/k")


def test_a_user_with_things_attached_cannot_be_deleted(lab: Lab) -> None:
    root = lab.root()
    create(lab, "alice", PermissionsBoundary=READ_ONLY)
    lab.add_group("g")
    named = {"UserName": "alice"}
    lab.call(root, "AddUserToGroup", GroupName="g", **named)
    lab.call(root, "AttachUserPolicy", PolicyArn=READ_ONLY, **named)
    lab.call(root, "PutUserPolicy", PolicyName="p", PolicyDocument=policy(allow("s3:*")), **named)
    key = lab.call(root, "CreateAccessKey", **named)["AccessKey"]["AccessKeyId"]
    lab.call(root, "CreateLoginProfile", Password="Passw0rd!", **named)
    undo: list[tuple[str, str, dict[str, str]]] = [
        ("must remove users from group first", "RemoveUserFromGroup", {"GroupName": "g"}),
        ("must detach all policies first", "DetachUserPolicy", {"PolicyArn": READ_ONLY}),
        ("must delete policies first", "DeleteUserPolicy", {"PolicyName": "p"}),
        ("must delete access keys first", "DeleteAccessKey", {"AccessKeyId": key}),
        ("must delete login profile first", "DeleteLoginProfile", {}),
    ]
    for what, operation, more in undo:
        assert lab.fault(root, "DeleteUser", **named) == ("DeleteConflict", f"Cannot delete entity, {what}.", 409)
        lab.call(root, operation, **named, **more)
    unique_id = get(lab, "alice")["UserId"]
    lab.call(root, "DeleteUser", **named)
    assert lab.fault(root, "GetUser", **named) == not_there("alice")
    assert lab.state.attachments.page("key", HERE, unique_id) == []
    assert create(lab, "alice")["UserId"] != unique_id


# What is asked for.


def only(checks: list[Check]) -> Check:
    (check,) = checks
    return check


def test_checks_name_the_arn_with_its_path_and_the_users_tags(lab: Lab) -> None:
    create(lab, "alice", Path="/team/", Tags=[{"Key": "Team", "Value": "a"}])
    for operation in ("GetUser", "DeleteUser", "ListUserTags", "CreateAccessKey", "GetLoginProfile"):
        check = only(lab.checks(lab.root(), operation, UserName="alice"))
        assert (check.action, check.resource) == (f"iam:{operation}", arn_of("team/alice"))
        assert check.resource_tags == (("Team", "a"),)
        assert check.keys["iam:resourcetag/team"] == "a"
    assert only(lab.checks(lab.root(), "GetUser", UserName="none")).resource == arn_of("none")


def test_create_is_asked_with_path_boundary_and_tags(lab: Lab) -> None:
    check, tagging = lab.checks(
        lab.root(),
        "CreateUser",
        UserName="a",
        Path="/p/",
        PermissionsBoundary=READ_ONLY,
        Tags=[{"Key": "k", "Value": "v"}],
    )
    assert (tagging.action, tagging.resource, tagging.request_tags) == ("iam:TagUser", arn_of("p/a"), (("k", "v"),))
    assert check.resource == arn_of("p/a")
    assert check.keys["iam:permissionsboundary"] == READ_ONLY
    assert check.request_tags == (("k", "v"),)
    bare = only(lab.checks(lab.root(), "CreateUser", UserName="a"))
    assert ("iam:permissionsboundary" in bare.keys, bare.request_tags) == (False, None)


def test_boundary_operations_are_asked_with_the_boundary_put_or_taken(lab: Lab) -> None:
    create(lab, "alice", PermissionsBoundary=READ_ONLY)
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    put = lab.checks(lab.root(), "PutUserPermissionsBoundary", UserName="alice", PermissionsBoundary=other)
    assert only(put).keys["iam:permissionsboundary"] == other
    take = lab.checks(lab.root(), "DeleteUserPermissionsBoundary", UserName="alice")
    assert only(take).keys["iam:permissionsboundary"] == READ_ONLY
    create(lab, "bob")
    assert only(lab.checks(lab.root(), "DeleteUserPermissionsBoundary", UserName="bob")).keys == {}


def test_untag_is_asked_with_the_tag_keys(lab: Lab) -> None:
    create(lab, "alice")
    check = only(lab.checks(lab.root(), "UntagUser", UserName="alice", TagKeys=["a", "b"]))
    assert (check.tag_keys, check.request_tags) == (("a", "b"), None)


def test_a_rename_needs_both_names(lab: Lab) -> None:
    create(lab, "alice", Path="/p/")
    half = lab.add_user("half", allow("iam:UpdateUser", arn_of("p/alice")))
    assert lab.fault(half, "UpdateUser", UserName="alice", NewUserName="zoe")[0] == "AccessDenied"
    assert lab.fault(half, "UpdateUser", UserName="alice", NewPath="/q/")[0] == "AccessDenied"
    both = lab.add_user("both", allow("iam:UpdateUser", [arn_of("p/alice"), arn_of("q/zoe")]))
    lab.call(both, "UpdateUser", UserName="alice", NewUserName="zoe", NewPath="/q/")
    assert get(lab, "zoe")["Path"] == "/q/"


def test_listing_is_asked_for_the_path(lab: Lab) -> None:
    assert only(lab.checks(lab.root(), "ListUsers")).resource == arn_of("")
    assert only(lab.checks(lab.root(), "ListUsers", PathPrefix="/p/")).resource == arn_of("p/")


def test_a_session_must_name_a_user(lab: Lab) -> None:
    lab.call(lab.root(), "CreateUser", UserName="alice")
    operations = ("GetUser", "CreateAccessKey", "ListAccessKeys", "GetLoginProfile", "DeleteLoginProfile")
    role = role_session(lab)
    for operation in operations:
        assert only(lab.checks(role, operation)).resource == "*"
        assert lab.fault(role, operation) == (
            "ValidationError",
            "Must specify userName when calling with non-User credentials",
            400,
        )
    assert lab.call(role, "GetUser", UserName="alice")["User"]["UserName"] == "alice"
    assert lab.fault(role, "ChangePassword", OldPassword="a", NewPassword="b")[0] == "InvalidUserType"


def role_session(lab: Lab) -> Any:
    """Someone with every right who is no IAM user."""
    admin = lab.add_user("admin", ADMIN)
    arn = f"arn:aws:sts::{HERE}:assumed-role/r/s"
    return replace(admin, principal=Principal(PrincipalKind.ASSUMED_ROLE, arn, HERE, "AROAX:s"))
