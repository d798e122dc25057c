"""A kept denial as the IAM toolbox tells it: the policies that were evaluated, and each requirement with its effect.

IAM Toolbox API Reference, GetRequestAuthorizationDetails: the order of checks is RCPs, SCPs, resource, principal,
permissions boundary, session.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iamd.model.decision import Layer
from iamd.model.principal import Principal
from iamd.model.values import value
from iamd.policy.explain import Explanation, LayerExplanation, StatementExplanation
from iamd.policy.needed import needed_allows
from iamd.policy.question import Question
from iamd.policy.writing import statement_json

_ORDER: Final = (Layer.RCP, Layer.SCP, Layer.RESOURCE, Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)
_CHECKS: Final[Mapping[Layer, str]] = {
    Layer.RCP: "RESOURCE_CONTROL_POLICY",
    Layer.SCP: "SERVICE_CONTROL_POLICY",
    Layer.RESOURCE: "RESOURCE",
    Layer.IDENTITY: "PRINCIPAL",
    Layer.BOUNDARY: "PERMISSIONS_BOUNDARY",
    Layer.SESSION: "SESSION",
}
_TYPES: Final[Mapping[Layer, str]] = {
    Layer.RCP: "RESOURCE_CONTROL_POLICY",
    Layer.SCP: "SERVICE_CONTROL_POLICY",
    Layer.RESOURCE: "RESOURCE_BASED_POLICY",
    Layer.IDENTITY: "IDENTITY_BASED_POLICY",
    Layer.BOUNDARY: "PERMISSIONS_BOUNDARY",
    Layer.SESSION: "SESSION_POLICY",
}
_OF_THE_RESOURCE: Final = ("aws:resourcetag/", "aws:requesttag/", "aws:tagkeys", "aws:resourceaccount")


@value
class Evaluated:
    """One policy of a layer; `uri` is the ARN of a managed one, for others a name within the request's details."""

    uri: str
    layer: Layer
    inline: bool
    statements: tuple[StatementExplanation, ...]

    def document(self) -> dict[str, Any]:
        """Of the policy, as it was then, the statements that cover the denied action."""
        statements = [statement_json(each.source) for each in self.statements]
        return {"Version": self.statements[0].language, "Statement": statements}


def details_of(question: Question, *, outside: bool) -> dict[str, Any]:
    """The members of GetRequestAuthorizationDetails; `outside` as in `Question.explain`."""
    explanation = question.explain(outside=outside)
    evaluated = list(policies_of(explanation))
    request = question.request
    shared, own = _context(question.context(outside=outside))
    return {
        "requestContext": shared,
        "evaluations": [
            {
                "action": request.action,
                "resource": request.resource,
                "context": own,
                "evaluatedEffect": _effect(explanation),
                "checks": list(_checks(question, explanation, evaluated)),
            }
        ],
        "policies": [_info(each, request.principal, request.resource) for each in evaluated],
    }


def policies_of(explanation: Explanation) -> Iterator[Evaluated]:
    """Every policy with a statement that covers the action, in the order of checks."""
    for layer in _in_order(explanation):
        grouped: dict[tuple[str | None, str], list[StatementExplanation]] = {}
        for statement in layer.statements:
            grouped.setdefault((statement.ref.policy_arn, statement.ref.policy_name), []).append(statement)
        for number, ((arn, name), statements) in enumerate(grouped.items(), 1):
            uri = arn or f"{_CHECKS[layer.layer].lower()}/{layer.level}/{number}/{name}"
            yield Evaluated(uri, layer.layer, arn is None, tuple(statements))


def _in_order(explanation: Explanation) -> list[LayerExplanation]:
    return sorted(explanation.layers, key=lambda layer: _ORDER.index(layer.layer))


def _context(context: Mapping[str, str | tuple[str, ...]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys of the request, and those of this action and resource."""
    shared: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, held in context.items():
        of_request = key.startswith("aws:") and not key.startswith(_OF_THE_RESOURCE)
        (shared if of_request else own)[key] = held if isinstance(held, str) else list(held)
    return shared, own


def _effect(explanation: Explanation) -> str:
    decision = explanation.decision
    if decision.allowed:
        return "ALLOW"
    return "EXPLICIT_DENY" if decision.outcome.value == "ExplicitlyDenied" else "IMPLICIT_DENY"


def _checks(question: Question, explanation: Explanation, evaluated: Sequence[Evaluated]) -> Iterator[dict[str, Any]]:
    needed = needed_allows(question)
    for layer in _in_order(explanation):
        kind = layer.layer
        yield {
            "checkType": _CHECKS[kind],
            "evaluatedEffect": _check_effect(layer, needed),
            "relevantPolicyTypes": [_TYPES[kind]],
            "matchedPolicies": [
                {"uri": each.uri, "matchedStatements": matched}
                for each in evaluated
                if each.layer is kind and (matched := _matched(each, layer))
            ],
        }


def _check_effect(layer: LayerExplanation, needed: frozenset[Layer]) -> str:
    if layer.verdict == "Deny":
        return "EXPLICIT_DENY"
    if layer.verdict == "Allow":
        return "ALLOW"
    return "IMPLICIT_DENY" if layer.layer in needed else "NO_IMPACT"


def _matched(policy: Evaluated, layer: LayerExplanation) -> list[dict[str, str]]:
    return [
        {"sid": each.ref.sid or f"statement-{each.ref.index + 1}", "evaluatedEffect": each.effect.value.upper()}
        for each in policy.statements
        if not each.mismatches and each in layer.statements
    ]


def _info(policy: Evaluated, principal: Principal, resource: str) -> dict[str, Any]:
    of_resource = policy.layer in {Layer.RESOURCE, Layer.RCP}
    attached = resource if of_resource else principal.issuer_arn or principal.arn or ""
    return {
        "type": _TYPES[policy.layer],
        "inline": policy.inline,
        "uri": policy.uri,
        **({"attachedTo": [{"arn": attached}]} if attached.startswith("arn:") else {}),
    }
