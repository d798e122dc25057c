"""The decision: each layer asked through its index, the answers combined. No explanation is built here."""

from collections.abc import Iterable, Sequence

from iamd.model.decision import Decision, Layer, Outcome, StatementRef
from iamd.model.principal import PrincipalKind
from iamd.policy.combine import Verdicts, combine
from iamd.policy.compiled import CompiledPolicy, CompiledStatement
from iamd.policy.facts import Facts
from iamd.policy.principals import BY_SELF, NOT_NAMED
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.situation import OUTSIDERS, is_free, rcps_bind, resource_policy_binds, scps_bind, situation_of

Policies = Sequence[CompiledPolicy]


def decide(request: AccessRequest, layers: Layers) -> Decision:
    """One request against the policies that apply to it."""
    action = request.action.lower()
    if is_free(request, action):
        return Decision(Outcome.ALLOWED, None, None)
    layers = applicable(request, layers, action)
    facts = facts_of(request, layers)
    denied_by = dict(_denies(layers, facts))
    allowed_by, naming = _resource_allow(layers.resource or (), facts)
    identity = _first(layers.identity, facts, deny=False)
    verdicts = Verdicts(
        denies=frozenset(denied_by),
        scp=_all_allow(layers.scps, facts),
        identity=identity is not None,
        boundary=_all_allow([(boundary,) for boundary in layers.boundaries], facts),
        session=layers.session is None or _first(layers.session, facts, deny=False) is not None,
        naming=naming,
    )
    outcome, blocking = combine(situation_of(request, layers, action), verdicts)
    if outcome is Outcome.ALLOWED:
        return Decision(outcome, None, allowed_by or (identity.ref if identity is not None else None))
    return Decision(outcome, blocking[0], denied_by.get(blocking[0]), blocking)


def facts_of(request: AccessRequest, layers: Layers) -> Facts:
    """`layers` are the applicable ones."""
    action = request.action.lower()
    return Facts(
        principal=request.principal,
        action=action,
        service=action.partition(":")[0],
        resource=request.resource,
        context=request.context,
        has_boundary=bool(layers.boundaries),
    )


def applicable(request: AccessRequest, layers: Layers, action: str) -> Layers:
    """The layers without those that do not bind this caller.

    A federated user without a session policy has nothing but what resource policies give it.
    """
    caller = request.principal
    if caller.kind is PrincipalKind.USER and not layers.scps and not layers.rcps:
        # By far the most common: every layer of a user's own binds it, and so does a resource policy.
        return layers
    outside, root = caller.kind in OUTSIDERS, caller.kind is PrincipalKind.ROOT
    session = None if outside else layers.session
    if session is None and caller.kind is PrincipalKind.FEDERATED_USER:
        session = ()
    return Layers(
        identity=() if outside or root else layers.identity,
        boundaries=() if outside else layers.boundaries,
        session=session,
        resource=layers.resource if layers.resource is None or resource_policy_binds(request, action) else (),
        resource_required=layers.resource_required,
        scps=layers.scps if layers.scps and scps_bind(caller) else (),
        rcps=layers.rcps if layers.rcps and rcps_bind(request, action) else (),
    )


def _denies(layers: Layers, facts: Facts) -> Iterable[tuple[Layer, StatementRef]]:
    groups: tuple[tuple[Layer, Sequence[Policies]], ...] = (
        (Layer.SCP, layers.scps),
        (Layer.RCP, layers.rcps),
        (Layer.RESOURCE, (layers.resource,) if layers.resource else ()),
        (Layer.IDENTITY, (layers.identity,)),
        (Layer.BOUNDARY, (layers.boundaries,)),
        (Layer.SESSION, (layers.session,) if layers.session else ()),
    )
    for layer, levels in groups:
        for policies in levels:
            found = _first(policies, facts, deny=True)
            if found is not None:
                yield layer, found.ref
                break


def _first(policies: Policies, facts: Facts, *, deny: bool) -> CompiledStatement | None:
    for policy in policies:
        index = policy.denies if deny else policy.allows
        if index.is_empty:
            continue
        for statement in index.find(facts.action, facts.service, facts.resource):
            if (statement.principals is None or statement.naming(facts)) and statement.applies(facts):
                return statement
    return None


def _all_allow(levels: Sequence[Policies], facts: Facts) -> bool:
    return all(_first(policies, facts, deny=False) is not None for policies in levels)


def _resource_allow(policies: Policies, facts: Facts) -> tuple[StatementRef | None, int]:
    """The statement that names the caller most closely, and all the ways in which Allows name it."""
    best, total = None, NOT_NAMED
    for policy in policies:
        for statement in policy.allows.find(facts.action, facts.service, facts.resource):
            named = statement.naming(facts)
            if named | total != total and statement.applies(facts):
                best = statement.ref if named > total else best
                total |= named
                if total & BY_SELF:
                    return best, total
    return best, total
