"""What would have to be allowed: the smallest statement that turns a denial into an Allow, tried before it is told.

The statement names one action and one resource, and keeps the conditions of the statement that came nearest as far as
they hold. With any of the others it fails, which is tried too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from iamd.model.decision import Layer, Outcome
from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Statement
from iamd.model.principal import Principal, PrincipalKind
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy, compile_document, merge_policies
from iamd.policy.evaluate import decide
from iamd.policy.explain import Explanation, StatementExplanation
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.writing import statement_json

_WRITTEN_IN: Final = (Layer.IDENTITY, Layer.RESOURCE, Layer.SESSION, Layer.BOUNDARY, Layer.SCP)
"""Where an Allow is asked for first, if it is missing in several places: next to the principal."""
_KINDS: Final = {
    Layer.IDENTITY: PolicyKind.IDENTITY,
    Layer.BOUNDARY: PolicyKind.BOUNDARY,
    Layer.SESSION: PolicyKind.SESSION,
    Layer.SCP: PolicyKind.SCP,
}
_WILDCARD: Final = re.compile(r"[*?]|\$(?=\{)")


@value
class Fix:
    """`statement` in a policy of `layer` would allow the request; both None where no allow can, for `blocked_by`.

    `narrower` are the statements that are narrower by one condition of the nearest statement; none of them helps.
    """

    layer: Layer | None
    statement: Statement | None
    blocked_by: Layer | None = None
    narrower: tuple[Statement, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`fix` and `fixBlockedBy`, one of them None."""
        fix = None
        if self.layer is not None and self.statement is not None:
            fix = {
                "layer": self.layer.value,
                "statement": statement_json(self.statement),
                "narrower": [statement_json(each) for each in self.narrower],
            }
        return {"fix": fix, "fixBlockedBy": None if self.blocked_by is None else self.blocked_by.value}


def find_fix(request: AccessRequest, layers: Layers, explanation: Explanation) -> Fix:
    """For a denial; the explanation is that of the same request and layers. What it hides is not told here either."""
    decision = explanation.decision
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        return Fix(None, None, decision.blocked_by)
    layer = next(each for each in _WRITTEN_IN if each in decision.blocking)
    level = _level_without_allow(explanation, layer)
    nearest = _nearest(explanation, layer, level)
    failed = {(each.operator, each.key) for each in nearest.mismatches} if nearest is not None else set()
    conditions = nearest.source.conditions if nearest is not None else ()
    kept = tuple(each for each in conditions if (each.written_operator, each.key) not in failed)
    after = decide(request, _with(request, layers, layer, level, kept))
    if not after.allowed:
        return Fix(None, None, after.blocked_by)
    dropped = [each for each in conditions if each not in kept]
    narrower = [(*kept, each) for each in dropped]
    return Fix(
        layer,
        _statement(request, layer, kept, named=False),
        None,
        tuple(
            _statement(request, layer, more, named=False)
            for more in narrower
            if not decide(request, _with(request, layers, layer, level, more)).allowed
        ),
    )


def _level_without_allow(explanation: Explanation, layer: Layer) -> int:
    missing = (each.level for each in explanation.layers if each.layer is layer and each.verdict == "NoMatch")
    return next(missing, 0)


def _nearest(explanation: Explanation, layer: Layer, level: int) -> StatementExplanation | None:
    """The Allow of that layer in whose way the least stands: rather a condition than another resource."""
    found = [
        each
        for shown in explanation.layers
        if shown.layer is layer and shown.level == level
        for each in shown.statements
        if each.effect is Effect.ALLOW and each.mismatches
    ]
    return min(found, key=_distance, default=None)


def _distance(statement: StatementExplanation) -> tuple[bool, int]:
    elsewhere = any(each.element != "Condition" for each in statement.mismatches)
    return elsewhere, len(statement.mismatches)


def _statement(request: AccessRequest, layer: Layer, conditions: tuple[Condition, ...], *, named: bool) -> Statement:
    """`named`: with the principal as the server compares it, rather than as a person writes it."""
    trust = layer is Layer.RESOURCE and _is_trust(request)
    return Statement(
        index=0,
        sid=None,
        effect=Effect.ALLOW,
        principals=(_principal(request.principal, named=named),) if layer is Layer.RESOURCE else None,
        not_principal=False,
        actions=(request.action,),
        not_action=False,
        resources=None if trust else (_literal(request.resource),),
        not_resource=False,
        conditions=conditions,
    )


def _is_trust(request: AccessRequest) -> bool:
    fields = request.resource.split(":", 5)
    return request.action.lower().startswith("sts:") and len(fields) == 6 and fields[2] == "iam"


def _literal(resource: str) -> str:
    """A pattern that matches this resource alone; what stands before the fifth colon cannot be escaped."""
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return resource
    return ":".join([*fields[:5], _WILDCARD.sub(lambda found: f"${{{found[0]}}}", fields[5])])


def _principal(caller: Principal, *, named: bool) -> PrincipalPattern:
    """A session is named by its role, as trust and bucket policies are written."""
    if caller.kind is PrincipalKind.SERVICE:
        return PrincipalPattern("Service", caller.arn or "")
    if caller.kind is PrincipalKind.PROVIDER:
        return PrincipalPattern("Federated", caller.arn or "")
    if caller.arn is None:
        return PrincipalPattern("AWS", "*")
    if caller.kind is PrincipalKind.ASSUMED_ROLE and caller.issuer_arn is not None:
        return PrincipalPattern("AWS", (caller.issuer_id if named else None) or caller.issuer_arn)
    if caller.kind is PrincipalKind.USER and named and caller.unique_id:
        return PrincipalPattern("AWS", caller.unique_id)
    return PrincipalPattern("AWS", caller.arn)


def _with(
    request: AccessRequest, layers: Layers, layer: Layer, level: int, conditions: tuple[Condition, ...]
) -> Layers:
    """The layers, an Allow under these conditions added to one of them."""
    kind = _KINDS.get(layer) or (PolicyKind.TRUST if _is_trust(request) else PolicyKind.RESOURCE)
    document = Document(kind, "2012-10-17", None, (_statement(request, layer, conditions, named=True),))
    added = compile_document(document)
    match layer:
        case Layer.IDENTITY:
            return replace(layers, identity=(*layers.identity, added))
        case Layer.RESOURCE:
            return replace(layers, resource=(*(layers.resource or ()), added))
        case Layer.SESSION:
            return replace(layers, session=(*(layers.session or ()), added))
        case Layer.BOUNDARY:
            return replace(layers, boundaries=tuple(_grown(layers.boundaries, level, added)))
        case _:
            levels = [(*policies, added) if at == level else policies for at, policies in enumerate(layers.scps)]
            return replace(layers, scps=levels)


def _grown(boundaries: Sequence[CompiledPolicy], level: int, added: CompiledPolicy) -> Iterator[CompiledPolicy]:
    for at, boundary in enumerate(boundaries):
        yield merge_policies((boundary, added)) if at == level else boundary
