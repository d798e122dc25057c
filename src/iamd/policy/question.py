"""What was decided on, whole: a request and the policies that applied to it. Every explanation starts here."""

from collections.abc import Mapping
from typing import Any

from iamd.model.decision import Decision, Layer, Outcome
from iamd.model.values import value
from iamd.policy.evaluate import decide
from iamd.policy.explain import Explanation, describes_resource, explain
from iamd.policy.fix import Fix, find_fix
from iamd.policy.request import AccessRequest, Layers

BARRED = Decision(Outcome.EXPLICITLY_DENIED, Layer.RESOURCE, None, (Layer.RESOURCE,))
"""A setting of the resource refuses: it reads as an explicit deny of the resource's policy (~ inferred)."""


@value
class Question:
    """`barred`: a setting of the resource refuses the caller, whatever the policies say.

    `abridged`: statements about other resources, which have no say, were left out because there were too many.
    """

    request: AccessRequest
    layers: Layers
    barred: bool = False
    abridged: bool = False

    def decide(self) -> Decision:
        return BARRED if self.barred else decide(self.request, self.layers)

    def is_foreign_to(self, account: str | None) -> bool:
        """Whether the resource is another account's, so that this one is told of it `outside`."""
        return self.request.resource_account not in (None, account)

    def explain(self, *, outside: bool = False) -> Explanation:
        """Every statement that applies or nearly does; `decision` is that of `decide`.

        INVARIANT: whoever is told `outside` learns no statement of the resource's policies and none of its tags.
        """
        explanation = explain(self.request, self.layers)
        if self.barred:
            explanation = Explanation(BARRED, explanation.layers)
        return explanation.from_outside() if outside else explanation

    def context(self, *, outside: bool = False) -> Mapping[str, str | tuple[str, ...]]:
        """The request's condition keys, sorted; `outside` as in `explain`."""
        keys = sorted(self.request.context.items())
        return {key: held for key, held in keys if not (outside and describes_resource(key))}

    def to_json(self, *, outside: bool = False) -> dict[str, Any]:
        """For JSON: what was asked, the decision, its layers and what would allow it; `outside` as in `explain`."""
        explanation = self.explain(outside=outside)
        decision = explanation.decision
        fix = Fix(None, None) if decision.allowed else find_fix(self.request, self.layers, explanation)
        return {
            "request": _request_json(self.request, self.context(outside=outside)),
            "decision": decision.outcome.value,
            "blockedBy": None if decision.blocked_by is None else decision.blocked_by.value,
            "barred": self.barred,
            "abridged": self.abridged,
            **explanation.to_json(),
            **fix.to_json(),
        }


def _request_json(request: AccessRequest, context: Mapping[str, str | tuple[str, ...]]) -> dict[str, Any]:
    return {
        "principal": request.principal.arn,
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": request.resource_account,
        "context": {key: list(held) if isinstance(held, tuple) else held for key, held in context.items()},
    }
