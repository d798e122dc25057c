"""Roles and instance profiles as IAM answers with them."""

from iamd.kernel.tags import tag_list
from iamd.kernel.times import whole_seconds
from iamd.services.iam import api
from iamd.services.iam.rules.shapes import boundary_shape
from iamd.services.iam.rules.trust import shown_trust
from iamd.stores.ports.identities import InstanceProfile, Role
from iamd.stores.ports.state import State


def role_shape(state: State, role: Role) -> api.Role:
    """What every answer has: instance profiles show no more."""
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": whole_seconds(role.created_at),
        "AssumeRolePolicyDocument": shown_trust(state, role),
    }


def created_role(state: State, role: Role) -> api.Role:
    """CreateRole leaves description and maximum duration out, although the model has them."""
    shape = role_shape(state, role)
    if role.boundary_arn is not None:
        shape["PermissionsBoundary"] = boundary_shape(role.boundary_arn)
    if role.tags:
        shape["Tags"] = tag_list(role.tags)
    return shape


def role_in_list(state: State, role: Role) -> api.Role:
    """Without boundary, last use and tags (API Reference, ListRoles)."""
    shape = role_shape(state, role)
    if role.description is not None:
        shape["Description"] = role.description
    shape["MaxSessionDuration"] = role.max_session_seconds
    return shape


def whole_role(state: State, role: Role) -> api.Role:
    shape = created_role(state, role)
    shape.update(role_in_list(state, role))
    shape["RoleLastUsed"] = last_used(state, role)
    return shape


def last_used(state: State, role: Role) -> api.RoleLastUsed:
    """Empty for a role that was never used."""
    use = state.role_uses.get(role.account, role.id)
    return {} if use is None else {"LastUsedDate": whole_seconds(use.at), "Region": use.region}


def profile_shape(state: State, profile: InstanceProfile) -> api.InstanceProfile:
    role = None if profile.role_id is None else state.roles.find("id", profile.account, profile.role_id)
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": whole_seconds(profile.created_at),
        "Roles": [] if role is None else [role_shape(state, role)],
    }
