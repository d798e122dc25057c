"""The policy simulator: what would be decided, asked of the engine that decides."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import Place, read_page
from iamd.model.arn import Arn
from iamd.policy import PolicyKind
from iamd.policy.references import keys_of_document, without_repetition
from iamd.policy.simulation import Matched, Setting, Simulated, Simulator, Source
from iamd.services.iam.api import (
    GetContextKeysForCustomPolicyRequest,
    GetContextKeysForCustomPolicyResponse,
    GetContextKeysForPrincipalPolicyRequest,
    GetContextKeysForPrincipalPolicyResponse,
    SimulateCustomPolicyRequest,
    SimulateCustomPolicyResponse,
    SimulatePrincipalPolicyRequest,
    SimulatePrincipalPolicyResponse,
)
from iamd.services.iam.rules.policy_sources import (
    boundary_source,
    entity_found,
    entity_sources,
    exclusions_of,
    given_sources,
)
from iamd.services.iam.rules.simulated_context import invalid_input
from iamd.services.iam.rules.simulated_names import resource_names
from iamd.services.iam.rules.simulated_requests import (
    ANYTHING,
    Request,
    boundary_of,
    check_caller,
    checked_actions,
    checked_resources,
    requests_of,
    resource_policy_of,
    scps_of,
)
from iamd.services.iam.rules.simulated_requests import Simulated as SimulatedCaller
from iamd.services.iam.service import service
from iamd.stores.ports.identities import Group, Role

_INPUT: Final = "PolicyInputList"
_MOST_ANSWERS: Final = 1_000
"""Decisions a page: AWS too may answer with fewer than MaxItems."""
_MOST_WORK: Final = 100_000
"""Statements to be looked at for one page, for all its resources: a quarter of a second or so, off the event loop."""
_SEVERITY: Final = ("allowed", "implicitDeny", "explicitDeny")


def _simulate_custom(ctx: Context, request: SimulateCustomPolicyRequest) -> Any:
    arn = request.get("CallerArn")
    if arn is not None:
        check_caller(arn)
    caller = SimulatedCaller(ctx.account if arn is None else Arn.parse(arn).account, arn)
    return _answer(request, caller, given_sources(request[_INPUT], _INPUT, PolicyKind.IDENTITY), None)


def _simulate_principal(ctx: Context, request: SimulatePrincipalPolicyRequest) -> Any:
    entity = entity_found(ctx.state, ctx.account, request["PolicySourceArn"])
    left_out = exclusions_of(request.get("PolicyExclusionList") or ())
    published = ctx.tools.managed_policies
    sources = list(entity_sources(ctx.state, published, entity, left_out))
    sources += given_sources(request.get(_INPUT) or (), _INPUT, PolicyKind.IDENTITY)
    arn = request.get("CallerArn")
    if arn is not None and arn != entity.arn:
        check_caller(arn)
        caller = SimulatedCaller(Arn.parse(arn).account, arn)
    elif isinstance(entity, Group):
        caller = SimulatedCaller(ctx.account, entity.arn)
    else:
        # The id of a role's session holds the session's name, which nobody knows here.
        unique_id = None if isinstance(entity, Role) else entity.id
        caller = SimulatedCaller(ctx.account, entity.arn, unique_id, entity.tags)
    return _answer(
        request, caller, sources, None if left_out.boundary else boundary_source(ctx.state, published, entity)
    )


@service.operation(prepare=_simulate_custom)
def simulate_custom_policy(ctx: Context, _request: SimulateCustomPolicyRequest) -> SimulateCustomPolicyResponse:
    """Worked out beforehand, off the event loop."""
    answer: SimulateCustomPolicyResponse = ctx.prepared
    return answer


@service.operation(prepare=_simulate_principal)
def simulate_principal_policy(
    ctx: Context, _request: SimulatePrincipalPolicyRequest
) -> SimulatePrincipalPolicyResponse:
    """Worked out beforehand, off the event loop."""
    answer: SimulatePrincipalPolicyResponse = ctx.prepared
    return answer


@service.operation
def get_context_keys_for_custom_policy(
    _ctx: Context, request: GetContextKeysForCustomPolicyRequest
) -> GetContextKeysForCustomPolicyResponse:
    return {"ContextKeyNames": _keys(given_sources(request[_INPUT], _INPUT, PolicyKind.IDENTITY))}


@service.operation
def get_context_keys_for_principal_policy(
    ctx: Context, request: GetContextKeysForPrincipalPolicyRequest
) -> GetContextKeysForPrincipalPolicyResponse:
    """Boundaries are not among the policies that are looked at."""
    entity = entity_found(ctx.state, ctx.account, request["PolicySourceArn"])
    sources = list(entity_sources(ctx.state, ctx.tools.managed_policies, entity))
    sources += given_sources(request.get(_INPUT) or (), _INPUT, PolicyKind.IDENTITY)
    return {"ContextKeyNames": _keys(sources)}


def _keys(sources: Sequence[Source]) -> list[str]:
    return without_repetition(key for source in sources for key in keys_of_document(source.document))


def _answer(request: Request, caller: SimulatedCaller, sources: Sequence[Source], attached: Source | None) -> Any:
    actions, resources = checked_actions(request), checked_resources(request)
    policy = resource_policy_of(request, caller, resources)
    simulator = Simulator(Setting(sources, boundary_of(request, attached), policy, scps_of(request)))
    work = simulator.statements * len(resources)
    if work > _MOST_WORK:
        raise invalid_input(f"{simulator.statements} statements for {len(resources)} resources are too many at once.")
    most = max(1, min(_MOST_ANSWERS // len(resources), _MOST_WORK // max(1, work)))

    def fetch(after: Place | None, limit: int) -> list[tuple[int, str]]:
        first = 0 if after is None else int(after[0]) + 1
        return list(enumerate(actions))[first : first + limit]

    few = {**request, "MaxItems": min(request.get("MaxItems") or most, most)}
    page = read_page(few, fetch, lambda numbered: (numbered[0],), (int,))
    shown = [action for _, action in page.records]
    results = []
    for action, name in zip(shown, resource_names(shown, resources), strict=True):
        asked = list(requests_of(request, caller, action, resources, with_policy=policy is not None))
        results.append(
            {**_result(action, resources, [simulator.ask(each) for each in asked]), "EvalResourceName": name}
        )
    return {"EvaluationResults": results, **page.members}


def _result(action: str, resources: Sequence[str], found: Sequence[Simulated]) -> Any:
    """One for an action; of several resources the hardest decision, and all that was found of any."""
    worst = max(found, key=lambda each: _SEVERITY.index(each.decision))
    everything = list(resources) == [ANYTHING]
    matched = {(each.policy_id, each.type, each.span): each for one in found for each in one.matched}
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalDecision": worst.decision,
        "MatchedStatements": [_statement(each) for each in matched.values()],
        "MissingContextValues": without_repetition(key for each in found for key in each.missing),
        **_bounds(found, organizations=True),
    }
    details = _hardest(found)
    if not everything:
        result["EvalDecisionDetails"] = details
        result["ResourceSpecificResults"] = [
            _specific(resource, one) for resource, one in zip(resources, found, strict=True)
        ]
    elif details:
        result["EvalDecisionDetails"] = details
    return result


def _specific(resource: str, one: Simulated) -> Any:
    return {
        "EvalResourceName": resource,
        "EvalResourceDecision": one.decision,
        "MatchedStatements": [_statement(each) for each in one.matched],
        "MissingContextValues": list(one.missing),
        **({"EvalDecisionDetails": dict(one.details)} if one.details else {}),
        **_bounds([one], organizations=False),
    }


def _bounds(found: Sequence[Simulated], *, organizations: bool) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    by_organizations = _all_of(found, lambda one: one.by_organizations)
    if organizations and by_organizations is not None:
        bounds["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": by_organizations}
    by_boundary = _all_of(found, lambda one: one.by_boundary)
    if by_boundary is not None:
        bounds["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": by_boundary}
    return bounds


def _all_of(found: Sequence[Simulated], say: Callable[[Simulated], bool | None]) -> bool | None:
    said = [answer for one in found if (answer := say(one)) is not None]
    return all(said) if said else None


def _hardest(found: Sequence[Simulated]) -> dict[str, str]:
    details: dict[str, str] = {}
    for one in found:
        for kind, decision in (one.details or {}).items():
            details[kind] = max(details.get(kind, "allowed"), decision, key=_SEVERITY.index)
    return details


def _statement(matched: Matched) -> Any:
    start, end = matched.span
    return {
        "SourcePolicyId": matched.policy_id,
        "SourcePolicyType": matched.type,
        "StartPosition": {"Line": start.line, "Column": start.column},
        "EndPosition": {"Line": end.line, "Column": end.column},
    }
