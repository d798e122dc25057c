"""Roles and instance profiles."""

from collections.abc import Iterable, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks, look_up
from iamd.model.arn import iam_arn
from iamd.services.iam.authorization.targets import (
    BOUNDARY_KEY,
    listed,
    new_tagged_thing,
    on_instance_profile,
    on_role,
    tag_condition_keys,
)

_BOUNDED: Final = (
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "GetRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
)
_PLAIN: Final = ("ListInstanceProfilesForRole", "ListRoleTags", "TagRole", "UntagRole")
_PROFILE: Final = (
    "DeleteInstanceProfile",
    "GetInstanceProfile",
    "ListInstanceProfileTags",
    "RemoveRoleFromInstanceProfile",
    "TagInstanceProfile",
    "UntagInstanceProfile",
)


def _create_role(ask: Ask) -> Iterable[Check]:
    boundary = ask.params.get("PermissionsBoundary")
    keys = {} if boundary is None else {BOUNDARY_KEY: boundary}
    yield from new_tagged_thing(ask, "role", ask.params["RoleName"], keys=keys)


def _list_roles(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "role")


def _role(ask: Ask) -> Iterable[Check]:
    yield on_role(ask)


def _bounded_role(ask: Ask) -> Iterable[Check]:
    yield on_role(ask, bounded=True)


def _put_boundary(ask: Ask) -> Iterable[Check]:
    """The key is the boundary that is to be."""
    yield on_role(ask, keys={BOUNDARY_KEY: ask.params["PermissionsBoundary"]})


def _create_profile(ask: Ask) -> Iterable[Check]:
    yield from new_tagged_thing(ask, "instance-profile", ask.params["InstanceProfileName"])


def _list_profiles(ask: Ask) -> Iterable[Check]:
    yield listed(ask, "instance-profile")


def _profile(ask: Ask) -> Iterable[Check]:
    yield on_instance_profile(ask)


def _add_role(ask: Ask) -> Iterable[Check]:
    """The role is passed to EC2, to any of the account's instances (API Reference, AddRoleToInstanceProfile)."""
    yield on_instance_profile(ask)
    name = ask.params["RoleName"]
    role, found = look_up(ask.state, lambda state: state.roles.get(ask.account, name))
    tags = role.tags if role else ()
    yield Check(
        "iam:PassRole",
        role.arn if role else iam_arn(ask.account, f"role/{name}"),
        {
            **tag_condition_keys(tags),
            "iam:passedtoservice": "ec2.amazonaws.com",
            "iam:associatedresourcearn": f"arn:aws:ec2:*:{ask.account}:instance/*",
        },
        resource_tags=tags,
        found=found,
    )


ROLES: Final[Mapping[str, Checks]] = {
    "CreateRole": _create_role,
    "ListRoles": _list_roles,
    "PutRolePermissionsBoundary": _put_boundary,
    **dict.fromkeys(_BOUNDED, _bounded_role),
    **dict.fromkeys(_PLAIN, _role),
    "CreateInstanceProfile": _create_profile,
    "ListInstanceProfiles": _list_profiles,
    "AddRoleToInstanceProfile": _add_role,
    **dict.fromkeys(_PROFILE, _profile),
}
