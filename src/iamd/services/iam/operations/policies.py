"""Managed policies."""

from dataclasses import replace
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import Place, read_page
from iamd.kernel.tags import check_keys, checked_tags, tag_list, with_tags, without_tags
from iamd.model.errors import delete_conflict, entity_already_exists, limit_exceeded
from iamd.model.ids import MANAGED_POLICY
from iamd.reference.quotas import Quotas
from iamd.services.iam.api import (
    CreatePolicyRequest,
    CreatePolicyResponse,
    DeletePolicyRequest,
    DeletePolicyResponse,
    GetPolicyRequest,
    GetPolicyResponse,
    ListPoliciesRequest,
    ListPoliciesResponse,
    ListPolicyTagsRequest,
    ListPolicyTagsResponse,
    TagPolicyRequest,
    TagPolicyResponse,
    UntagPolicyRequest,
    UntagPolicyResponse,
)
from iamd.services.iam.rules.boundaries import BOUNDARY
from iamd.services.iam.rules.documents import check_managed_document
from iamd.services.iam.rules.managed import (
    PERMISSIONS,
    AnyPolicy,
    arn_prefix,
    find_policy,
    policy_to_change,
    policy_to_read,
    used_arns,
    uses,
)
from iamd.services.iam.rules.policy_answers import policy_answer
from iamd.services.iam.rules.tag_pages import tag_page
from iamd.services.iam.service import service
from iamd.stores.ports.policies import Policy, PolicyVersion
from iamd.stores.ports.records import AlreadyExists

_QUOTAS: Final = Quotas()
_USAGES: Final = {"PermissionsPolicy": PERMISSIONS, "PermissionsBoundary": BOUNDARY}


@service.operation
def create_policy(ctx: Context, request: CreatePolicyRequest) -> CreatePolicyResponse:
    name, document = request["PolicyName"], request["PolicyDocument"]
    tags = with_tags((), checked_tags(request.get("Tags")))
    check_managed_document(document)
    if ctx.state.policies.count("key", ctx.account) >= _QUOTAS.policies:
        raise limit_exceeded(f"Cannot exceed quota for PoliciesPerAccount: {_QUOTAS.policies}")
    policy = Policy(
        account=ctx.account,
        name=name,
        folded_name=name.lower(),
        path=request.get("Path") or "/",
        id=ctx.tools.ids.unique_id(MANAGED_POLICY),
        created_at=ctx.now_ms,
        updated_at=ctx.now_ms,
        default_version=1,
        latest_version=1,
        description=request.get("Description"),
        tags=tags,
    )
    try:
        ctx.state.policies.insert(policy)
    except AlreadyExists:
        message = f"A policy called {name} already exists. Duplicate names are not allowed."
        raise entity_already_exists(message) from None
    ctx.state.policy_versions.insert(PolicyVersion(ctx.account, policy.id, 1, ctx.now_ms, document))
    answer: Any = policy_answer(policy, (0, 0))
    if tags:
        answer["Tags"] = tag_list(tags)
    return {"Policy": answer}


@service.operation
def get_policy(ctx: Context, request: GetPolicyRequest) -> GetPolicyResponse:
    policy = policy_to_read(ctx, request["PolicyArn"])
    answer: Any = policy_answer(policy, uses(ctx.state, ctx.account, policy.arn))
    if policy.description is not None:
        answer["Description"] = policy.description
    answer["Tags"] = tag_list(policy.tags) if isinstance(policy, Policy) else []
    return {"Policy": answer}


@service.operation
def list_policies(ctx: Context, request: ListPoliciesRequest) -> ListPoliciesResponse:
    """The customer's own before AWS's. Of a use, or of any, only policies that are used so."""
    if request.get("OnlyAttached") or "PolicyUsageFilter" in request:
        page = read_page(request, lambda after, limit: _used(ctx, request, after, limit), lambda policy: (policy.arn,))
    else:
        page = read_page(request, lambda after, limit: _all(ctx, request, after, limit), _place, (str, str, str))
    used = _used_among(ctx, [policy.arn for policy in page.records if not isinstance(policy, Policy)])
    policies: Any = [
        policy_answer(
            policy,
            uses(ctx.state, ctx.account, policy.arn) if isinstance(policy, Policy) or policy.arn in used else (0, 0),
        )
        for policy in page.records
    ]
    return {"Policies": policies, **page.members}


def _used_among(ctx: Context, arns: list[str]) -> set[str]:
    """The first of these sorted ARNs and those that are used: the many unused ones need not be counted one by one."""
    found = set(arns[:1])
    for arn in used_arns(ctx.state, ctx.account, after=arns[0]) if arns else ():
        if arn > arns[-1]:
            break
        found.add(arn)
    return found


def _place(policy: AnyPolicy) -> Place:
    return ("Local", policy.path, policy.name) if isinstance(policy, Policy) else ("AWS", policy.arn, "")


def _all(ctx: Context, request: ListPoliciesRequest, after: Place | None, limit: int) -> list[AnyPolicy]:
    scope, prefix = request.get("Scope", "All"), request.get("PathPrefix") or "/"
    found: list[AnyPolicy] = []
    if scope != "AWS" and (after is None or after[0] == "Local"):
        place = None if after is None else after[1:]
        found += ctx.state.policies.page("path", ctx.account, starts=prefix, after=place, limit=limit)
    if scope != "Local" and len(found) < limit:
        behind = str(after[1]) if after is not None and after[0] == "AWS" else None
        found += ctx.tools.managed_policies.page(behind, limit - len(found), prefix)
    return found


def _used(ctx: Context, request: ListPoliciesRequest, after: Place | None, limit: int) -> list[AnyPolicy]:
    scope, prefix = request.get("Scope", "All"), request.get("PathPrefix") or "/"
    usage = _USAGES.get(request.get("PolicyUsageFilter", ""))
    found: list[AnyPolicy] = []
    for owner, of_scope in ((ctx.account, "Local"), (None, "AWS")):
        if scope not in ("All", of_scope):
            continue
        for arn in used_arns(ctx.state, ctx.account, arn_prefix(owner, prefix), "" if after is None else str(after[0])):
            if len(found) == limit:
                return found
            if usage and not ctx.state.attachments.count("policy", ctx.account, arn, usage):
                continue
            policy = find_policy(ctx.state, ctx.tools.managed_policies, ctx.account, arn)
            if policy is not None:
                found.append(policy)
    return found


@service.operation
def delete_policy(ctx: Context, request: DeletePolicyRequest) -> DeletePolicyResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "DeletePolicy")
    if any(uses(ctx.state, ctx.account, policy.arn)):
        raise delete_conflict("Cannot delete a policy attached to entities.")
    if ctx.state.policy_versions.count("key", ctx.account, policy.id) > 1:
        raise delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
    ctx.state.policy_versions.delete(ctx.account, policy.id, policy.default_version)
    ctx.state.policies.delete(ctx.account, policy.name)
    return {}


@service.operation
def tag_policy(ctx: Context, request: TagPolicyRequest) -> TagPolicyResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "TagPolicy")
    tags = with_tags(policy.tags, checked_tags(request["Tags"]))
    ctx.state.policies.replace(replace(policy, tags=tags))
    return {}


@service.operation
def untag_policy(ctx: Context, request: UntagPolicyRequest) -> UntagPolicyResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "UntagPolicy")
    check_keys(request["TagKeys"])
    ctx.state.policies.replace(replace(policy, tags=without_tags(policy.tags, request["TagKeys"])))
    return {}


@service.operation
def list_policy_tags(ctx: Context, request: ListPolicyTagsRequest) -> ListPolicyTagsResponse:
    policy = policy_to_read(ctx, request["PolicyArn"])
    answer: ListPolicyTagsResponse = tag_page(request, policy.tags if isinstance(policy, Policy) else ())
    return answer
