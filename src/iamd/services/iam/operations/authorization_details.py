"""Everything about an account's permissions at once."""

from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import Place, read_page
from iamd.kernel.tags import tag_list
from iamd.kernel.times import whole_seconds
from iamd.reference.managed_policies import ARN_PREFIX, ManagedPolicy
from iamd.services.iam.api import GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse
from iamd.services.iam.rules.attaching import all_attached
from iamd.services.iam.rules.inline import all_inline
from iamd.services.iam.rules.managed import AnyPolicy, used_arns, uses
from iamd.services.iam.rules.policy_answers import policy_answer, published_version_answer, version_answer
from iamd.services.iam.rules.role_shapes import last_used, profile_shape, role_shape
from iamd.services.iam.rules.shapes import boundary_shape
from iamd.services.iam.service import service
from iamd.stores.ports.identities import Group, Role, User
from iamd.stores.ports.policies import Policy

_KINDS: Final = ("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy")
Entity = User | Group | Role | Policy | ManagedPolicy
Found = tuple[str, Entity]


@service.operation
def get_account_authorization_details(
    ctx: Context, request: GetAccountAuthorizationDetailsRequest
) -> GetAccountAuthorizationDetailsResponse:
    """Users, then groups, roles, own policies, and those of AWS's that something uses."""
    wanted = [kind for kind in _KINDS if kind in (request.get("Filter") or _KINDS)]
    page = read_page(request, lambda after, limit: _fetch(ctx, wanted, after, limit), _place, (str, str))
    answer: Any = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], **page.members}
    for _, entity in page.records:
        match entity:
            case User():
                answer["UserDetailList"].append(_user(ctx, entity))
            case Group():
                answer["GroupDetailList"].append(_group(ctx, entity))
            case Role():
                answer["RoleDetailList"].append(_role(ctx, entity))
            case _:
                answer["Policies"].append(_policy(ctx, entity))
    result: GetAccountAuthorizationDetailsResponse = answer
    return result


def _place(found: Found) -> Place:
    kind, entity = found
    return (kind, entity.arn if isinstance(entity, ManagedPolicy) else entity.name)


def _fetch(ctx: Context, wanted: list[str], after: Place | None, limit: int) -> list[Found]:
    found: list[Found] = []
    began = after is None
    for kind in wanted:
        here = after is not None and kind == after[0]
        began = began or here
        if began and len(found) < limit:
            behind = str(after[1]) if after is not None and here else ""
            found += [(kind, entity) for entity in _of_kind(ctx, kind, behind, limit - len(found))]
    return found


def _of_kind(ctx: Context, kind: str, behind: str, limit: int) -> list[Entity]:
    state, account, after = ctx.state, ctx.account, (behind,)
    match kind:
        case "User":
            return [*state.users.page("key", account, after=after, limit=limit)]
        case "Group":
            return [*state.groups.page("key", account, after=after, limit=limit)]
        case "Role":
            return [*state.roles.page("key", account, after=after, limit=limit)]
        case "LocalManagedPolicy":
            return [*state.policies.page("key", account, after=after, limit=limit)]
    found: list[Entity] = []
    for arn in used_arns(state, account, ARN_PREFIX, behind):
        published = ctx.tools.managed_policies.get(arn)
        if published is not None:
            found.append(published)
        if len(found) == limit:
            break
    return found


def _common(entity: User | Group | Role, kind: str) -> dict[str, Any]:
    return {
        "Path": entity.path,
        f"{kind}Name": entity.name,
        f"{kind}Id": entity.id,
        "Arn": entity.arn,
        "CreateDate": whole_seconds(entity.created_at),
    }


def _user(ctx: Context, user: User) -> Any:
    """`UserPolicyList` only where there are inline policies."""
    groups = (
        ctx.state.groups.find("id", ctx.account, tie.group_id)
        for tie in ctx.state.memberships.page("user", ctx.account, user.id)
    )
    inline = all_inline(ctx, user.id)
    return {
        **_common(user, "User"),
        **({"UserPolicyList": inline} if inline else {}),
        "GroupList": sorted(group.name for group in groups if group is not None),
        "AttachedManagedPolicies": all_attached(ctx, user.id),
        **_boundary(user),
        "Tags": tag_list(user.tags),
    }


def _group(ctx: Context, group: Group) -> Any:
    return {
        **_common(group, "Group"),
        "GroupPolicyList": all_inline(ctx, group.id),
        "AttachedManagedPolicies": all_attached(ctx, group.id),
    }


def _role(ctx: Context, role: Role) -> Any:
    profiles = ctx.state.instance_profiles.page("role", ctx.account, role.id)
    return {
        **role_shape(ctx.state, role),
        "InstanceProfileList": [profile_shape(ctx.state, profile) for profile in profiles],
        "RolePolicyList": all_inline(ctx, role.id),
        "AttachedManagedPolicies": all_attached(ctx, role.id),
        **_boundary(role),
        "Tags": tag_list(role.tags),
        "RoleLastUsed": last_used(ctx.state, role),
    }


def _boundary(entity: User | Role) -> dict[str, Any]:
    return {} if entity.boundary_arn is None else {"PermissionsBoundary": boundary_shape(entity.boundary_arn)}


def _policy(ctx: Context, policy: AnyPolicy) -> Any:
    answer = policy_answer(policy, uses(ctx.state, ctx.account, policy.arn))
    if isinstance(policy, ManagedPolicy):
        versions = [published_version_answer(policy, with_document=True)]
    else:
        kept = ctx.state.policy_versions.page("key", ctx.account, policy.id)[::-1]
        versions = [version_answer(version, policy.default_version, with_document=True) for version in kept]
    return {**answer, "PolicyVersionList": versions}
