"""IAM users."""

from dataclasses import replace
from typing import cast

from iamd.kernel.context import Context
from iamd.kernel.tags import checked_tags, with_tags, without_tags
from iamd.model import ids
from iamd.model.errors import AwsError, entity_already_exists, limit_exceeded
from iamd.services.iam.api import (
    CreateUserRequest,
    CreateUserResponse,
    DeleteUserPermissionsBoundaryRequest,
    DeleteUserRequest,
    GetUserRequest,
    GetUserResponse,
    ListUsersRequest,
    ListUsersResponse,
    ListUserTagsRequest,
    ListUserTagsResponse,
    PutUserPermissionsBoundaryRequest,
    TagUserRequest,
    UntagUserRequest,
    UpdateUserRequest,
)
from iamd.services.iam.rules.boundaries import check_boundary, tie_boundary
from iamd.services.iam.rules.conflicts import check_user_is_bare
from iamd.services.iam.rules.entities import folded, named_or_calling_user, user_named
from iamd.services.iam.rules.listing import page_by_path
from iamd.services.iam.rules.paths import ROOT_PATH, checked_path
from iamd.services.iam.rules.shapes import root_shape, user_in_list, user_with_sign_in, with_details
from iamd.services.iam.rules.tag_pages import tag_page
from iamd.services.iam.service import service
from iamd.stores.ports.identities import User
from iamd.stores.ports.records import AlreadyExists


@service.operation
def create_user(ctx: Context, request: CreateUserRequest) -> CreateUserResponse:
    name = request["UserName"]
    tags = checked_tags(request.get("Tags"))
    boundary = request.get("PermissionsBoundary")
    if boundary is not None:
        check_boundary(ctx, boundary)
    if ctx.state.users.count("key", ctx.account) >= ctx.tools.quotas.users:
        raise limit_exceeded(f"Cannot exceed quota for UsersPerAccount: {ctx.tools.quotas.users}")
    user = User(
        account=ctx.account,
        name=name,
        folded_name=folded(name),
        path=checked_path(request.get("Path", ROOT_PATH)),
        id=ctx.tools.ids.unique_id(ids.USER),
        created_at=ctx.now_ms,
        boundary_arn=boundary,
        tags=with_tags((), tags),
    )
    _insert(ctx, user)
    tie_boundary(ctx, user.id, None, boundary)
    return {"User": with_details(user_in_list(user), user)}


@service.operation
def get_user(ctx: Context, request: GetUserRequest) -> GetUserResponse:
    user = named_or_calling_user(ctx.state, ctx.caller, request.get("UserName"))
    if user is not None:
        return {"User": with_details(user_with_sign_in(user), user)}
    account = ctx.state.accounts.get(ctx.account)
    if account is None:
        raise AwsError("ServiceFailure", f"The account {ctx.account} is not there.", 500)
    return {"User": root_shape(account)}


@service.operation
def list_users(ctx: Context, request: ListUsersRequest) -> ListUsersResponse:
    page = page_by_path(request, ctx.state.users, ctx.account)
    return {"Users": [user_with_sign_in(user) for user in page.records], **page.members}


@service.operation
def update_user(ctx: Context, request: UpdateUserRequest) -> None:
    """Rename or move: everything else of a user hangs on its unique id and follows."""
    user = user_named(ctx.state, ctx.account, request["UserName"])
    name = request.get("NewUserName", user.name)
    changed = replace(user, name=name, folded_name=folded(name), path=checked_path(request.get("NewPath", user.path)))
    if changed.name == user.name:
        ctx.state.users.replace(changed)
    else:
        ctx.state.users.delete(ctx.account, user.name)
        _insert(ctx, changed)


@service.operation
def delete_user(ctx: Context, request: DeleteUserRequest) -> None:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    check_user_is_bare(ctx.state, user)
    tie_boundary(ctx, user.id, user.boundary_arn, None)
    ctx.state.users.delete(ctx.account, user.name)


@service.operation
def tag_user(ctx: Context, request: TagUserRequest) -> None:
    added = checked_tags(request["Tags"])
    user = user_named(ctx.state, ctx.account, request["UserName"])
    ctx.state.users.replace(replace(user, tags=with_tags(user.tags, added)))


@service.operation
def untag_user(ctx: Context, request: UntagUserRequest) -> None:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    ctx.state.users.replace(replace(user, tags=without_tags(user.tags, request["TagKeys"])))


@service.operation
def list_user_tags(ctx: Context, request: ListUserTagsRequest) -> ListUserTagsResponse:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    return cast("ListUserTagsResponse", tag_page(request, user.tags))


@service.operation
def put_user_permissions_boundary(ctx: Context, request: PutUserPermissionsBoundaryRequest) -> None:
    boundary = request["PermissionsBoundary"]
    user = user_named(ctx.state, ctx.account, request["UserName"])
    check_boundary(ctx, boundary)
    ctx.state.users.replace(replace(user, boundary_arn=boundary))
    tie_boundary(ctx, user.id, user.boundary_arn, boundary)


@service.operation
def delete_user_permissions_boundary(ctx: Context, request: DeleteUserPermissionsBoundaryRequest) -> None:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    ctx.state.users.replace(replace(user, boundary_arn=None))
    tie_boundary(ctx, user.id, user.boundary_arn, None)


def _insert(ctx: Context, user: User) -> None:
    try:
        ctx.state.users.insert(user)
    except AlreadyExists:
        raise entity_already_exists(f"User with name {user.name} already exists.") from None
