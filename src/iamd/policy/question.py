"""What was decided on, whole: a request and the policies that applied to it. Every explanation starts here."""

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

    def explain(self) -> Explanation:
        """Every statement that applies or nearly does; `decision` is that of `decide`."""
        explanation = explain(self.request, self.layers)
        return Explanation(BARRED, explanation.layers) if self.barred else explanation

    def to_json(self, *, hide: frozenset[Layer] = frozenset()) -> dict[str, Any]:
        """For JSON: what was asked, the decision, its layers and what would allow it.

        `hide` are layers whose statements belong to somebody else's policies, because the resource does: what they
        say is told, not how, and nothing of what the resource is tagged with.
        """
        explanation = self.explain()
        decision = explanation.decision
        fix = Fix(None, None) if decision.allowed else find_fix(self.request, self.layers, explanation, hide)
        return {
            "request": _request_json(self.request, outside=bool(hide)),
            "decision": decision.outcome.value,
            "blockedBy": None if decision.blocked_by is None else decision.blocked_by.value,
            "barred": self.barred,
            "abridged": self.abridged,
            **explanation.to_json(hide=hide),
            **fix.to_json(),
        }


def _request_json(request: AccessRequest, *, outside: bool) -> dict[str, Any]:
    return {
        "principal": request.principal.arn,
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": request.resource_account,
        "context": {
            key: list(held) if isinstance(held, tuple) else held
            for key, held in sorted(request.context.items())
            if not (outside and describes_resource(key))
        },
    }
