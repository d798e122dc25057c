"""Managed policies on users, groups and roles."""

from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.model import ids
from iamd.services.iam.api import (
    AttachGroupPolicyRequest,
    AttachGroupPolicyResponse,
    AttachRolePolicyRequest,
    AttachRolePolicyResponse,
    AttachUserPolicyRequest,
    AttachUserPolicyResponse,
    DetachGroupPolicyRequest,
    DetachGroupPolicyResponse,
    DetachRolePolicyRequest,
    DetachRolePolicyResponse,
    DetachUserPolicyRequest,
    DetachUserPolicyResponse,
    ListAttachedGroupPoliciesRequest,
    ListAttachedGroupPoliciesResponse,
    ListAttachedRolePoliciesRequest,
    ListAttachedRolePoliciesResponse,
    ListAttachedUserPoliciesRequest,
    ListAttachedUserPoliciesResponse,
    ListEntitiesForPolicyRequest,
    ListEntitiesForPolicyResponse,
)
from iamd.services.iam.rules.attaching import attach, attached_page, detach
from iamd.services.iam.rules.boundaries import BOUNDARY
from iamd.services.iam.rules.managed import PERMISSIONS, policy_to_read
from iamd.services.iam.rules.owners import require_owner
from iamd.services.iam.service import service
from iamd.stores.ports.identities import Group, Role, User

_USAGES: Final = {"PermissionsPolicy": (PERMISSIONS,), "PermissionsBoundary": (BOUNDARY,)}
_ID_PREFIXES: Final = {"Group": ids.GROUP, "User": ids.USER, "Role": ids.ROLE}


@service.operation
def attach_user_policy(ctx: Context, request: AttachUserPolicyRequest) -> AttachUserPolicyResponse:
    attach(ctx, require_owner(ctx, "user", request["UserName"]), request["PolicyArn"])
    return {}


@service.operation
def detach_user_policy(ctx: Context, request: DetachUserPolicyRequest) -> DetachUserPolicyResponse:
    detach(ctx, require_owner(ctx, "user", request["UserName"]), request["PolicyArn"])
    return {}


@service.operation
def list_attached_user_policies(
    ctx: Context, request: ListAttachedUserPoliciesRequest
) -> ListAttachedUserPoliciesResponse:
    answer: ListAttachedUserPoliciesResponse = attached_page(
        ctx, require_owner(ctx, "user", request["UserName"]), request
    )
    return answer


@service.operation
def attach_group_policy(ctx: Context, request: AttachGroupPolicyRequest) -> AttachGroupPolicyResponse:
    attach(ctx, require_owner(ctx, "group", request["GroupName"]), request["PolicyArn"])
    return {}


@service.operation
def detach_group_policy(ctx: Context, request: DetachGroupPolicyRequest) -> DetachGroupPolicyResponse:
    detach(ctx, require_owner(ctx, "group", request["GroupName"]), request["PolicyArn"])
    return {}


@service.operation
def list_attached_group_policies(
    ctx: Context, request: ListAttachedGroupPoliciesRequest
) -> ListAttachedGroupPoliciesResponse:
    answer: ListAttachedGroupPoliciesResponse = attached_page(
        ctx, require_owner(ctx, "group", request["GroupName"]), request
    )
    return answer


@service.operation
def attach_role_policy(ctx: Context, request: AttachRolePolicyRequest) -> AttachRolePolicyResponse:
    attach(ctx, require_owner(ctx, "role", request["RoleName"]), request["PolicyArn"])
    return {}


@service.operation
def detach_role_policy(ctx: Context, request: DetachRolePolicyRequest) -> DetachRolePolicyResponse:
    detach(ctx, require_owner(ctx, "role", request["RoleName"]), request["PolicyArn"])
    return {}


@service.operation
def list_attached_role_policies(
    ctx: Context, request: ListAttachedRolePoliciesRequest
) -> ListAttachedRolePoliciesResponse:
    answer: ListAttachedRolePoliciesResponse = attached_page(
        ctx, require_owner(ctx, "role", request["RoleName"]), request
    )
    return answer


@service.operation
def list_entities_for_policy(ctx: Context, request: ListEntitiesForPolicyRequest) -> ListEntitiesForPolicyResponse:
    """Groups, then users, then roles. Who has the policy attached and as boundary is named once."""
    policy = policy_to_read(ctx, request["PolicyArn"])
    page = read_page(
        request,
        lambda after, limit: _users_of(ctx, request, policy.arn, str(after[0]) if after else "", limit),
        lambda entity: (entity.id,),
    )
    answer: Any = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": [], **page.members}
    for entity in page.records:
        kind = type(entity).__name__
        answer[f"Policy{kind}s"].append({f"{kind}Name": entity.name, f"{kind}Id": entity.id})
    result: ListEntitiesForPolicyResponse = answer
    return result


def _users_of(
    ctx: Context, request: ListEntitiesForPolicyRequest, arn: str, after: str, limit: int
) -> list[User | Group | Role]:
    """Who uses the policy, by unique id (whose prefixes sort the kinds), behind the id `after`."""
    kind = request.get("EntityFilter")
    if kind is not None and kind not in _ID_PREFIXES:
        return []
    starts = None if kind is None else _ID_PREFIXES[kind]
    usages = _USAGES.get(request.get("PolicyUsageFilter", ""), (PERMISSIONS, BOUNDARY))
    found: list[User | Group | Role] = []
    while True:
        ties = [
            tie
            for usage in usages
            for tie in ctx.state.attachments.page(
                "policy", ctx.account, arn, usage, starts=starts, after=(after,), limit=limit
            )
        ]
        owner_ids = sorted({tie.owner_id for tie in ties})[:limit]
        entities = (_entity(ctx, owner_id) for owner_id in owner_ids)
        prefix = request.get("PathPrefix") or "/"
        found += [entity for entity in entities if entity is not None and entity.path.startswith(prefix)]
        if len(found) >= limit or len(owner_ids) < limit:
            return found[:limit]
        after = owner_ids[-1]


def _entity(ctx: Context, unique_id: str) -> User | Group | Role | None:
    if unique_id.startswith(ids.USER):
        return ctx.state.users.find("id", ctx.account, unique_id)
    if unique_id.startswith(ids.GROUP):
        return ctx.state.groups.find("id", ctx.account, unique_id)
    return ctx.state.roles.find("id", ctx.account, unique_id)
