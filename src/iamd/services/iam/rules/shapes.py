"""Users and groups as IAM answers with them."""

from typing import cast

from iamd.kernel.tags import tag_list
from iamd.kernel.times import whole_seconds
from iamd.services.iam import api
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.identities import Group, User


def user_in_list(user: User) -> api.User:
    """The part of a user that lists show: no tags, no boundary (API Reference, ListUsers)."""
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": whole_seconds(user.created_at),
    }


def user_with_sign_in(user: User) -> api.User:
    """`PasswordLastUsed` stands only in GetUser's and ListUsers' answers."""
    shape = user_in_list(user)
    if user.password_last_used_at is not None:
        shape["PasswordLastUsed"] = whole_seconds(user.password_last_used_at)
    return shape


def with_details(shape: api.User, user: User) -> api.User:
    """What CreateUser and GetUser add: boundary and tags, where there are any."""
    if user.boundary_arn is not None:
        shape["PermissionsBoundary"] = boundary_shape(user.boundary_arn)
    if user.tags:
        shape["Tags"] = tag_list(user.tags)
    return shape


def boundary_shape(arn: str) -> api.AttachedPermissionsBoundary:
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def root_shape(account: Account) -> api.User:
    """The account's root user, which has no name and no path although the model requires both."""
    shape = {
        "UserId": account.id,
        "Arn": f"arn:aws:iam::{account.id}:root",
        "CreateDate": whole_seconds(account.created_at),
    }
    return cast("api.User", shape)


def group_shape(group: Group) -> api.Group:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": whole_seconds(group.created_at),
    }
