"""IAM groups and who is in them."""

from dataclasses import replace

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.model import ids
from iamd.model.errors import entity_already_exists, limit_exceeded, no_such_entity
from iamd.reference.quotas import Quotas
from iamd.services.iam.api import (
    AddUserToGroupRequest,
    CreateGroupRequest,
    CreateGroupResponse,
    DeleteGroupRequest,
    GetGroupRequest,
    GetGroupResponse,
    ListGroupsForUserRequest,
    ListGroupsForUserResponse,
    ListGroupsRequest,
    ListGroupsResponse,
    RemoveUserFromGroupRequest,
    UpdateGroupRequest,
)
from iamd.services.iam.rules.conflicts import check_group_is_bare
from iamd.services.iam.rules.entities import folded, group_named, user_named
from iamd.services.iam.rules.listing import page_by_path
from iamd.services.iam.rules.paths import ROOT_PATH, checked_path
from iamd.services.iam.rules.shapes import group_shape, user_in_list
from iamd.services.iam.service import service
from iamd.stores.ports.identities import Group, Membership
from iamd.stores.ports.records import AlreadyExists


@service.operation
def create_group(ctx: Context, request: CreateGroupRequest) -> CreateGroupResponse:
    name = request["GroupName"]
    group = Group(
        account=ctx.account,
        name=name,
        folded_name=folded(name),
        path=checked_path(request.get("Path", ROOT_PATH)),
        id=ctx.tools.ids.unique_id(ids.GROUP),
        created_at=ctx.now_ms,
    )
    _insert(ctx, group)
    limit = Quotas().groups
    if ctx.state.groups.count("key", ctx.account) > limit:
        raise limit_exceeded(f"Cannot exceed quota for GroupsPerAccount: {limit}")
    return {"Group": group_shape(group)}


@service.operation
def get_group(ctx: Context, request: GetGroupRequest) -> GetGroupResponse:
    """The group and a page of its members."""
    group = group_named(ctx.state, ctx.account, request["GroupName"])
    page = read_page(
        request,
        lambda after, limit: ctx.state.memberships.page("key", ctx.account, group.id, after=after, limit=limit),
        lambda tie: (tie.user_id,),
    )
    members = [ctx.state.users.find("id", ctx.account, tie.user_id) for tie in page.records]
    return {
        "Group": group_shape(group),
        "Users": [user_in_list(user) for user in members if user is not None],
        **page.members,
    }


@service.operation
def list_groups(ctx: Context, request: ListGroupsRequest) -> ListGroupsResponse:
    page = page_by_path(request, ctx.state.groups, ctx.account)
    return {"Groups": [group_shape(group) for group in page.records], **page.members}


@service.operation
def update_group(ctx: Context, request: UpdateGroupRequest) -> None:
    """Rename or move: members and policies hang on the unique id and follow."""
    group = group_named(ctx.state, ctx.account, request["GroupName"])
    name = request.get("NewGroupName", group.name)
    changed = replace(group, name=name, folded_name=folded(name), path=checked_path(request.get("NewPath", group.path)))
    if changed.name == group.name:
        ctx.state.groups.replace(changed)
    else:
        ctx.state.groups.delete(ctx.account, group.name)
        _insert(ctx, changed)


@service.operation
def delete_group(ctx: Context, request: DeleteGroupRequest) -> None:
    group = group_named(ctx.state, ctx.account, request["GroupName"])
    check_group_is_bare(ctx.state, group)
    ctx.state.groups.delete(ctx.account, group.name)


@service.operation
def add_user_to_group(ctx: Context, request: AddUserToGroupRequest) -> None:
    """A user who is already in the group stays in it."""
    group = group_named(ctx.state, ctx.account, request["GroupName"])
    user = user_named(ctx.state, ctx.account, request["UserName"])
    if ctx.state.memberships.get(ctx.account, group.id, user.id) is not None:
        return
    limit = Quotas().groups_per_user
    if ctx.state.memberships.count("user", ctx.account, user.id) >= limit:
        raise limit_exceeded(f"Cannot exceed quota for GroupsPerUser: {limit}")
    ctx.state.memberships.insert(Membership(ctx.account, group.id, user.id))


@service.operation
def remove_user_from_group(ctx: Context, request: RemoveUserFromGroupRequest) -> None:
    """A user who is not in the group is not found there (~ the message)."""
    group = group_named(ctx.state, ctx.account, request["GroupName"])
    user = user_named(ctx.state, ctx.account, request["UserName"])
    if ctx.state.memberships.delete(ctx.account, group.id, user.id) is None:
        raise no_such_entity(f"The user with name {user.name} cannot be found in the group with name {group.name}.")


@service.operation
def list_groups_for_user(ctx: Context, request: ListGroupsForUserRequest) -> ListGroupsForUserResponse:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    page = read_page(
        request,
        lambda after, limit: ctx.state.memberships.page("user", ctx.account, user.id, after=after, limit=limit),
        lambda tie: (tie.group_id,),
    )
    groups = [ctx.state.groups.find("id", ctx.account, tie.group_id) for tie in page.records]
    return {"Groups": [group_shape(group) for group in groups if group is not None], **page.members}


def _insert(ctx: Context, group: Group) -> None:
    try:
        ctx.state.groups.insert(group)
    except AlreadyExists:
        raise entity_already_exists(f"Group with name {group.name} already exists.") from None
