"""Roles."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.tags import check_keys, checked_tags, with_tags, without_tags
from iamd.model import ids
from iamd.model.errors import AwsError, delete_conflict, entity_already_exists, limit_exceeded
from iamd.reference.quotas import Quotas
from iamd.services.iam.api import (
    CreateRoleRequest,
    CreateRoleResponse,
    DeleteRolePermissionsBoundaryRequest,
    DeleteRoleRequest,
    GetRoleRequest,
    GetRoleResponse,
    ListRolesRequest,
    ListRolesResponse,
    ListRoleTagsRequest,
    ListRoleTagsResponse,
    PutRolePermissionsBoundaryRequest,
    TagRoleRequest,
    UntagRoleRequest,
    UpdateAssumeRolePolicyRequest,
    UpdateRoleDescriptionRequest,
    UpdateRoleDescriptionResponse,
    UpdateRoleRequest,
    UpdateRoleResponse,
)
from iamd.services.iam.rules.boundaries import check_boundary, tie_boundary
from iamd.services.iam.rules.entities import folded
from iamd.services.iam.rules.listing import page_by_path
from iamd.services.iam.rules.managed import PERMISSIONS
from iamd.services.iam.rules.owners import require_role
from iamd.services.iam.rules.paths import ROOT_PATH, checked_path
from iamd.services.iam.rules.role_shapes import created_role, role_in_list, whole_role
from iamd.services.iam.rules.tag_pages import tag_page
from iamd.services.iam.rules.trust import put_trust
from iamd.services.iam.service import service
from iamd.stores.ports.identities import Role
from iamd.stores.ports.records import AlreadyExists

_QUOTAS: Final = Quotas()


@service.operation
def create_role(ctx: Context, request: CreateRoleRequest) -> CreateRoleResponse:
    name = request["RoleName"]
    _refuse_sign_in_duration(request)
    boundary = request.get("PermissionsBoundary")
    if boundary is not None:
        check_boundary(ctx, boundary)
    role = Role(
        account=ctx.account,
        name=name,
        folded_name=folded(name),
        path=checked_path(request.get("Path", ROOT_PATH)),
        id=ctx.tools.ids.unique_id(ids.ROLE),
        created_at=ctx.now_ms,
        description=request.get("Description"),
        max_session_seconds=request.get("MaxSessionDuration", 3600),
        boundary_arn=boundary,
        tags=with_tags((), checked_tags(request.get("Tags"))),
    )
    if ctx.state.roles.find("folded", ctx.account, role.folded_name) is not None:
        raise _already_exists(name)
    put_trust(ctx, role, request["AssumeRolePolicyDocument"])
    if ctx.state.roles.count("key", ctx.account) >= _QUOTAS.roles:
        raise limit_exceeded(f"Cannot exceed quota for RolesPerAccount: {_QUOTAS.roles}")
    try:
        ctx.state.roles.insert(role)
    except AlreadyExists:
        raise _already_exists(name) from None
    tie_boundary(ctx, role.id, None, boundary)
    return {"Role": created_role(ctx.state, role)}


@service.operation
def get_role(ctx: Context, request: GetRoleRequest) -> GetRoleResponse:
    return {"Role": whole_role(ctx.state, require_role(ctx, request["RoleName"]))}


@service.operation
def list_roles(ctx: Context, request: ListRolesRequest) -> ListRolesResponse:
    page = page_by_path(request, ctx.state.roles, ctx.account)
    return {"Roles": [role_in_list(ctx.state, role) for role in page.records], **page.members}


@service.operation
def update_role(ctx: Context, request: UpdateRoleRequest) -> UpdateRoleResponse:
    """What is not given stays."""
    role = require_role(ctx, request["RoleName"])
    _refuse_sign_in_duration(request)
    description = request.get("Description", role.description)
    seconds = request.get("MaxSessionDuration", role.max_session_seconds)
    ctx.state.roles.replace(replace(role, description=description, max_session_seconds=seconds))
    return {}


@service.operation
def update_role_description(ctx: Context, request: UpdateRoleDescriptionRequest) -> UpdateRoleDescriptionResponse:
    role = replace(require_role(ctx, request["RoleName"]), description=request["Description"])
    ctx.state.roles.replace(role)
    return {"Role": role_in_list(ctx.state, role)}


@service.operation
def update_assume_role_policy(ctx: Context, request: UpdateAssumeRolePolicyRequest) -> None:
    put_trust(ctx, require_role(ctx, request["RoleName"]), request["PolicyDocument"])


@service.operation
def delete_role(ctx: Context, request: DeleteRoleRequest) -> None:
    role = require_role(ctx, request["RoleName"])
    if ctx.state.instance_profiles.page("role", ctx.account, role.id, limit=1):
        raise _conflict("must remove roles from instance profile first")
    if ctx.state.attachments.page("key", ctx.account, role.id, PERMISSIONS, limit=1):
        raise _conflict("must detach all policies first")
    if ctx.state.inline_policies.page("key", ctx.account, role.id, limit=1):
        raise _conflict("must delete policies first")
    tie_boundary(ctx, role.id, role.boundary_arn, None)
    ctx.state.resource_policies.delete(role.arn)
    ctx.state.role_uses.delete(ctx.account, role.id)
    ctx.state.roles.delete(ctx.account, role.name)


@service.operation
def tag_role(ctx: Context, request: TagRoleRequest) -> None:
    role = require_role(ctx, request["RoleName"])
    ctx.state.roles.replace(replace(role, tags=with_tags(role.tags, checked_tags(request["Tags"]))))


@service.operation
def untag_role(ctx: Context, request: UntagRoleRequest) -> None:
    role = require_role(ctx, request["RoleName"])
    check_keys(request["TagKeys"])
    ctx.state.roles.replace(replace(role, tags=without_tags(role.tags, request["TagKeys"])))


@service.operation
def list_role_tags(ctx: Context, request: ListRoleTagsRequest) -> ListRoleTagsResponse:
    answer: ListRoleTagsResponse = tag_page(request, require_role(ctx, request["RoleName"]).tags)
    return answer


@service.operation
def put_role_permissions_boundary(ctx: Context, request: PutRolePermissionsBoundaryRequest) -> None:
    role = require_role(ctx, request["RoleName"])
    boundary = request["PermissionsBoundary"]
    check_boundary(ctx, boundary)
    ctx.state.roles.replace(replace(role, boundary_arn=boundary))
    tie_boundary(ctx, role.id, role.boundary_arn, boundary)


@service.operation
def delete_role_permissions_boundary(ctx: Context, request: DeleteRolePermissionsBoundaryRequest) -> None:
    role = require_role(ctx, request["RoleName"])
    ctx.state.roles.replace(replace(role, boundary_arn=None))
    tie_boundary(ctx, role.id, role.boundary_arn, None)


def _already_exists(name: str) -> AwsError:
    return entity_already_exists(f"Role with name {name} already exists.")


def _conflict(what: str) -> AwsError:
    return delete_conflict(f"Cannot delete entity, {what}.")


def _refuse_sign_in_duration(request: Mapping[str, Any]) -> None:
    """A limit that nothing would hold is refused, not swallowed."""
    for member in ("MaxSigninSessionDuration", "ResetMaxSigninSessionDuration"):
        if request.get(member):
            raise AwsError("NotImplemented", f"{member} is not supported yet.", 501)
