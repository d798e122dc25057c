"""Law 3, revoked means revoked: a right given counts at the next request, a right taken is gone at the next.

Each way of giving and taking is tried twice over, so that a right that comes back is seen as well.
"""

import json

import pytest
from botocore.exceptions import ClientError

from tests.clients.revoking import (
    ALL,
    BUCKET,
    LIST,
    LISTS,
    NOTHING,
    Step,
    Way,
    World,
    as_role,
    assumes,
    attach_user,
    boundary,
    bounded,
    by_arn,
    by_name,
    by_object_tag,
    by_path_of_target,
    changes_password,
    document,
    each,
    federated,
    gets_target,
    in_group,
    inactive,
    key_status,
    lists,
    may_assume,
    move,
    nothing,
    object_tag,
    of_group,
    own_password,
    public,
    reads,
    second_version,
    session_of_alice,
    statement,
    tagged,
    trusts,
    use_version,
    with_bucket,
    with_session_policy,
)
from tests.clients.server import Iamd

WAYS = (
    Way(
        "inline policy",
        lambda w: w.inline(LISTS),
        lambda w: w.iam.delete_user_policy(UserName="alice", PolicyName="inline"),
    ),
    Way("inline policy replaced", lambda w: w.inline(LISTS), lambda w: w.inline(NOTHING)),
    Way(
        "explicit deny beside an allow",
        lambda w: w.inline(document(statement("Deny", "s3:*")), "deny"),
        lambda w: w.inline(document(statement("Deny", "iam:*")), "deny"),
        prepare=each(lambda w: w.inline(ALL), lambda w: w.inline(document(statement("Deny", "iam:*")), "deny")),
    ),
    Way("managed policy of AWS", *attach_user(lambda _: "arn:aws:iam::aws:policy/IAMReadOnlyAccess")),
    Way("managed policy of the account", *attach_user(lambda w: w.things["policy"]), prepare=lambda w: w.policy(LISTS)),
    Way(
        "new default version",
        lambda w: w.policy(LISTS),
        lambda w: w.policy(NOTHING),
        prepare=lambda w: w.iam.attach_user_policy(UserName="alice", PolicyArn=w.policy(NOTHING)),
    ),
    Way("another default version", use_version("v1"), use_version("v2"), prepare=second_version),
    Way(
        "group membership",
        lambda w: w.iam.add_user_to_group(GroupName="group", UserName="alice"),
        lambda w: w.iam.remove_user_from_group(GroupName="group", UserName="alice"),
        prepare=of_group,
    ),
    Way(
        "inline policy of a group",
        lambda w: w.iam.put_group_policy(GroupName="group", PolicyName="inline", PolicyDocument=LISTS),
        lambda w: w.iam.delete_group_policy(GroupName="group", PolicyName="inline"),
        prepare=in_group,
    ),
    Way(
        "managed policy of a group",
        lambda w: w.iam.attach_group_policy(GroupName="group", PolicyArn=w.things["policy"]),
        lambda w: w.iam.detach_group_policy(GroupName="group", PolicyArn=w.things["policy"]),
        prepare=each(in_group, lambda w: w.policy(LISTS)),
    ),
    Way(
        "new default version at a group",
        lambda w: w.policy(LISTS),
        lambda w: w.policy(NOTHING),
        prepare=each(in_group, lambda w: w.iam.attach_group_policy(GroupName="group", PolicyArn=w.policy(NOTHING))),
    ),
    Way(
        "boundary taken off",
        boundary(None),
        boundary("arn:aws:iam::aws:policy/AmazonS3FullAccess"),
        prepare=bounded,
    ),
    Way("boundary in another version", lambda w: w.policy(ALL), lambda w: w.policy(NOTHING), prepare=bounded),
    Way(
        "tag of the principal",
        lambda w: w.iam.tag_user(UserName="alice", Tags=[{"Key": "Colour", "Value": "red"}]),
        lambda w: w.iam.untag_user(UserName="alice", TagKeys=["Colour"]),
        prepare=tagged("aws:PrincipalTag/colour"),
    ),
    Way(
        "tag of the resource",
        lambda w: w.iam.tag_user(UserName="target", Tags=[{"Key": "Colour", "Value": "red"}]),
        lambda w: w.iam.tag_user(UserName="target", Tags=[{"Key": "colour", "Value": "blue"}]),
        probe=gets_target,
        prepare=tagged("aws:ResourceTag/colour"),
    ),
    Way("path of the resource", move("target", "/open/"), move("target", "/"), gets_target, by_path_of_target),
    Way("path of the principal", move("alice", "/team/"), move("alice", "/"), prepare=by_arn),
    Way(
        "name of the principal",
        lambda w: w.iam.update_user(UserName="alice", NewUserName="renamed"),
        lambda w: w.iam.update_user(UserName="renamed", NewUserName="alice"),
        prepare=by_name,
    ),
    Way("status of the key", key_status("Active"), key_status("Inactive"), prepare=inactive),
    Way("bucket policy", public, lambda w: w.s3.delete_bucket_policy(Bucket="bucket"), reads, with_bucket),
    Way(
        "deny in a bucket policy",
        lambda w: w.s3.delete_bucket_policy(Bucket="bucket"),
        lambda w: w.bucket_policy(statement("Deny", "s3:GetObject", f"{BUCKET}/*", Principal="*")),
        reads,
        each(
            World.bucket,
            lambda w: w.inline(ALL),
            lambda w: w.bucket_policy(statement("Deny", "s3:*", f"{BUCKET}/*", Principal="*")),
        ),
    ),
    Way("tag of an object", object_tag("red"), object_tag("blue"), reads, by_object_tag),
    Way(
        "trust policy",
        trusts(lambda w: {"AWS": w.arn("user/alice")}),
        trusts(lambda w: {"AWS": w.arn("user/admin")}),
        assumes,
        may_assume,
    ),
    Way(
        "inline policy of a role",
        lambda w: w.iam.put_role_policy(RoleName="role", PolicyName="inline", PolicyDocument=LISTS),
        lambda w: w.iam.delete_role_policy(RoleName="role", PolicyName="inline"),
        prepare=as_role(NOTHING),
    ),
    Way(
        "managed policy of a role",
        lambda w: w.iam.attach_role_policy(RoleName="role", PolicyArn=w.things["policy"]),
        lambda w: w.iam.detach_role_policy(RoleName="role", PolicyArn=w.things["policy"]),
        prepare=each(as_role(NOTHING), lambda w: w.policy(LISTS)),
    ),
    Way(
        "boundary of a role",
        lambda w: w.iam.put_role_permissions_boundary(RoleName="role", PermissionsBoundary=w.policy(ALL)),
        lambda w: w.iam.put_role_permissions_boundary(RoleName="role", PermissionsBoundary=w.policy(NOTHING)),
        prepare=each(
            as_role(),
            lambda w: w.iam.put_role_permissions_boundary(RoleName="role", PermissionsBoundary=w.policy(NOTHING)),
        ),
    ),
    Way(
        "tag of a role",
        lambda w: w.iam.tag_role(RoleName="role", Tags=[{"Key": "colour", "Value": "red"}]),
        lambda w: w.iam.untag_role(RoleName="role", TagKeys=["COLOUR"]),
        prepare=as_role(
            document(statement("Allow", LIST, Condition={"StringEquals": {"aws:PrincipalTag/colour": "red"}}))
        ),
    ),
    Way("managed session policy", lambda w: w.policy(LISTS), lambda w: w.policy(NOTHING), prepare=with_session_policy),
    Way(
        "the user behind a federated session",
        lambda w: w.inline(document(statement("Allow", "s3:GetObject"))),
        lambda w: w.inline(NOTHING),
        reads,
        federated,
    ),
    Way(
        "the user behind its own session",
        lambda w: w.inline(document(statement("Allow", "s3:GetObject"))),
        lambda w: w.iam.delete_user_policy(UserName="alice", PolicyName="inline"),
        reads,
        session_of_alice,
    ),
    Way(
        "the account's password policy",
        lambda w: w.iam.update_account_password_policy(AllowUsersToChangePassword=True),
        lambda w: w.iam.delete_account_password_policy(),
        changes_password,
        own_password,
    ),
)


def is_allowed(way: Way, world: World) -> bool:
    try:
        way.probe(world)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            raise
        return False
    return True


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_revoked_means_revoked(iamd: Iamd, way: Way) -> None:
    world = World(iamd)
    way.prepare(world)
    seen = [is_allowed(way, world)]
    for _ in range(2):
        way.give(world)
        seen.append(is_allowed(way, world))
        way.take(world)
        seen.append(is_allowed(way, world))
    assert seen == [False, True, False, True, False]


def gone_key(world: World) -> None:
    world.iam.delete_access_key(UserName="alice", AccessKeyId=world.key.access_key)


def gone_user(world: World) -> None:
    keys = world.iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    for key in keys:
        world.iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    world.iam.delete_user_policy(UserName="alice", PolicyName="inline")
    world.iam.delete_user(UserName="alice")


def gone_role(world: World) -> None:
    world.iam.delete_role_policy(RoleName="role", PolicyName="inline")
    world.iam.delete_role(RoleName="role")


def of_alice(world: World) -> None:
    world.inline(ALL)
    world.key = world.iamd.client("sts", world.key).get_session_token()["Credentials"]
    world.bucket()


@pytest.mark.parametrize(
    ("prepare", "probe", "end", "again"),
    [
        (lambda w: w.inline(LISTS), lists, gone_key, nothing),
        (of_alice, reads, gone_user, lambda w: w.iamd.user("alice", json.loads(ALL))),
        (as_role(), lists, gone_role, World.role),
    ],
    ids=["key deleted", "user deleted, a namesake made", "role deleted, a namesake made"],
)
def test_what_is_deleted_is_gone_with_its_sessions(
    iamd: Iamd, prepare: Step, probe: Step, end: Step, again: Step
) -> None:
    world = World(iamd)
    prepare(world)
    probe(world)
    end(world)
    for step in (nothing, again):
        step(world)
        with pytest.raises(ClientError, match=r"InvalidClientTokenId|InvalidToken|InvalidAccessKeyId"):
            probe(world)
