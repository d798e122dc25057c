"""Instance profiles: what hands a role to an EC2 instance."""

from dataclasses import replace
from typing import Final

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.kernel.tags import check_keys, checked_tags, tag_list, with_tags, without_tags
from iamd.model import ids
from iamd.model.errors import delete_conflict, entity_already_exists, limit_exceeded, no_such_entity
from iamd.reference.quotas import Quotas
from iamd.services.iam.api import (
    AddRoleToInstanceProfileRequest,
    CreateInstanceProfileRequest,
    CreateInstanceProfileResponse,
    DeleteInstanceProfileRequest,
    GetInstanceProfileRequest,
    GetInstanceProfileResponse,
    ListInstanceProfilesForRoleRequest,
    ListInstanceProfilesForRoleResponse,
    ListInstanceProfilesRequest,
    ListInstanceProfilesResponse,
    ListInstanceProfileTagsRequest,
    ListInstanceProfileTagsResponse,
    RemoveRoleFromInstanceProfileRequest,
    TagInstanceProfileRequest,
    UntagInstanceProfileRequest,
)
from iamd.services.iam.rules.entities import folded
from iamd.services.iam.rules.listing import page_by_path
from iamd.services.iam.rules.owners import require_role
from iamd.services.iam.rules.paths import ROOT_PATH, checked_path
from iamd.services.iam.rules.role_shapes import profile_shape
from iamd.services.iam.rules.tag_pages import tag_page
from iamd.services.iam.service import service
from iamd.stores.ports.identities import InstanceProfile
from iamd.stores.ports.records import AlreadyExists

_QUOTAS: Final = Quotas()


@service.operation
def create_instance_profile(ctx: Context, request: CreateInstanceProfileRequest) -> CreateInstanceProfileResponse:
    name = request["InstanceProfileName"]
    if ctx.state.instance_profiles.count("key", ctx.account) >= _QUOTAS.instance_profiles:
        raise limit_exceeded(f"Cannot exceed quota for InstanceProfilesPerAccount: {_QUOTAS.instance_profiles}")
    profile = InstanceProfile(
        account=ctx.account,
        name=name,
        folded_name=folded(name),
        path=checked_path(request.get("Path", ROOT_PATH)),
        id=ctx.tools.ids.unique_id(ids.INSTANCE_PROFILE),
        created_at=ctx.now_ms,
        tags=with_tags((), checked_tags(request.get("Tags"))),
    )
    try:
        ctx.state.instance_profiles.insert(profile)
    except AlreadyExists:
        raise entity_already_exists(f"Instance Profile {name} already exists.") from None
    shape = profile_shape(ctx.state, profile)
    if profile.tags:
        shape["Tags"] = tag_list(profile.tags)
    return {"InstanceProfile": shape}


@service.operation
def get_instance_profile(ctx: Context, request: GetInstanceProfileRequest) -> GetInstanceProfileResponse:
    profile = _profile(ctx, request["InstanceProfileName"])
    return {"InstanceProfile": {**profile_shape(ctx.state, profile), "Tags": tag_list(profile.tags)}}


@service.operation
def list_instance_profiles(ctx: Context, request: ListInstanceProfilesRequest) -> ListInstanceProfilesResponse:
    page = page_by_path(request, ctx.state.instance_profiles, ctx.account)
    return {"InstanceProfiles": [profile_shape(ctx.state, profile) for profile in page.records], **page.members}


@service.operation
def list_instance_profiles_for_role(
    ctx: Context, request: ListInstanceProfilesForRoleRequest
) -> ListInstanceProfilesForRoleResponse:
    role = require_role(ctx, request["RoleName"])
    page = read_page(
        request,
        lambda after, limit: ctx.state.instance_profiles.page("role", ctx.account, role.id, after=after, limit=limit),
        lambda profile: (profile.name,),
    )
    return {"InstanceProfiles": [profile_shape(ctx.state, profile) for profile in page.records], **page.members}


@service.operation
def delete_instance_profile(ctx: Context, request: DeleteInstanceProfileRequest) -> None:
    profile = _profile(ctx, request["InstanceProfileName"])
    if profile.role_id is not None:
        raise delete_conflict("Cannot delete entity, must remove roles from instance profile first.")
    ctx.state.instance_profiles.delete(ctx.account, profile.name)


@service.operation
def add_role_to_instance_profile(ctx: Context, request: AddRoleToInstanceProfileRequest) -> None:
    profile = _profile(ctx, request["InstanceProfileName"])
    role = require_role(ctx, request["RoleName"])
    if profile.role_id is not None:
        quota = _QUOTAS.roles_per_instance_profile
        raise limit_exceeded(f"Cannot exceed quota for InstanceSessionsPerInstanceProfile: {quota}")
    ctx.state.instance_profiles.replace(replace(profile, role_id=role.id))


@service.operation
def remove_role_from_instance_profile(ctx: Context, request: RemoveRoleFromInstanceProfileRequest) -> None:
    """A role that exists elsewhere is not in this profile: the same answer as for no such role (~)."""
    profile = _profile(ctx, request["InstanceProfileName"])
    role = require_role(ctx, request["RoleName"])
    if profile.role_id != role.id:
        raise no_such_entity(f"The role with name {role.name} cannot be found.")
    ctx.state.instance_profiles.replace(replace(profile, role_id=None))


@service.operation
def tag_instance_profile(ctx: Context, request: TagInstanceProfileRequest) -> None:
    profile = _profile(ctx, request["InstanceProfileName"])
    tags = with_tags(profile.tags, checked_tags(request["Tags"]))
    ctx.state.instance_profiles.replace(replace(profile, tags=tags))


@service.operation
def untag_instance_profile(ctx: Context, request: UntagInstanceProfileRequest) -> None:
    profile = _profile(ctx, request["InstanceProfileName"])
    check_keys(request["TagKeys"])
    ctx.state.instance_profiles.replace(replace(profile, tags=without_tags(profile.tags, request["TagKeys"])))


@service.operation
def list_instance_profile_tags(
    ctx: Context, request: ListInstanceProfileTagsRequest
) -> ListInstanceProfileTagsResponse:
    answer: ListInstanceProfileTagsResponse = tag_page(request, _profile(ctx, request["InstanceProfileName"]).tags)
    return answer


def _profile(ctx: Context, name: str) -> InstanceProfile:
    """Raises NoSuchEntity."""
    profile = ctx.state.instance_profiles.get(ctx.account, name)
    if profile is None:
        raise no_such_entity(f"Instance Profile {name} cannot be found.")
    return profile
