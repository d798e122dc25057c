"""A denial as sts:DecodeAuthorizationMessage tells it (AWS CLI Command Reference, decode-authorization-message)."""

from collections.abc import Iterable
from typing import Any, Final

from iamd.model.decision import Outcome
from iamd.model.document import Effect, Statement
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.explain import Explanation, StatementExplanation
from iamd.policy.question import Question

_EFFECTS: Final = {Effect.ALLOW: "ALLOW", Effect.DENY: "DENY"}


def authorization_failure(question: Question, *, outside: bool = False) -> dict[str, Any]:
    """The statements that deny, or none where nothing allows; who asked for what, and every condition key.

    `outside` as in `Question.explain`.
    """
    explanation = question.explain(outside=outside)
    request = question.request
    return {
        "allowed": explanation.decision.allowed,
        "explicitDeny": explanation.decision.outcome is Outcome.EXPLICITLY_DENIED,
        "matchedStatements": _items(_matched(each, request.principal) for each in _denying(explanation)),
        "failures": _items(()),
        "context": {
            "principal": _principal(request.principal),
            "action": request.action,
            "resource": request.resource,
            "conditions": _items(
                {"key": key, "values": _values((held,) if isinstance(held, str) else held)}
                for key, held in question.context(outside=outside).items()
            ),
        },
    }


def _denying(explanation: Explanation) -> list[StatementExplanation]:
    return [each for layer in explanation.layers for each in layer.matched if each.effect is Effect.DENY]


def _matched(statement: StatementExplanation, caller: Principal) -> dict[str, Any]:
    """An identity policy's statement is its principal's, whose unique id is shown."""
    source = statement.source
    named = tuple(pattern.value for pattern in source.principals) if source.principals is not None else (_id(caller),)
    return {
        "statementId": statement.ref.sid or "",
        "effect": _EFFECTS[statement.effect],
        "principals": _values(named),
        "principalGroups": _items(()),
        "actions": _values(source.actions),
        "resources": _values(source.resources or ()),
        "conditions": _items(_conditions(source)),
    }


def _conditions(source: Statement) -> Iterable[dict[str, Any]]:
    return ({"key": condition.key, "values": _values(condition.values)} for condition in source.conditions)


def _principal(caller: Principal) -> dict[str, str]:
    shown = {"id": caller.unique_id, "arn": caller.arn or ""}
    if caller.kind is PrincipalKind.USER:
        shown["name"] = shown["arn"].rpartition("/")[2]
    return shown


def _id(caller: Principal) -> str:
    return caller.issuer_id or caller.unique_id


def _items(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"items": list(items)}


def _values(values: Iterable[str]) -> dict[str, Any]:
    return _items({"value": each} for each in values)
