"""Simulated requests, answered by the engine that enforces, in the terms of IAM's policy simulator.

IAM API Reference, SimulateCustomPolicy, SimulatePrincipalPolicy, EvaluationResult. The names of policy types are those
that the simulator answers with, not those of the model's enumeration.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from iamd.model.decision import Layer, Outcome
from iamd.model.document import Document, Effect, PolicyKind, Statement
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy, compile_document
from iamd.policy.explain import Explanation, explain
from iamd.policy.parse import parse_document
from iamd.policy.positions import Span, statement_spans
from iamd.policy.references import keys_of_statement, without_repetition
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.situation import requires_resource_policy

DECISIONS: Final = {
    Outcome.ALLOWED: "allowed",
    Outcome.EXPLICITLY_DENIED: "explicitDeny",
    Outcome.IMPLICITLY_DENIED: "implicitDeny",
}
_SAID: Final = {"Allow": "allowed", "Deny": "explicitDeny", "NoMatch": "implicitDeny"}
_TYPES: Final = {
    Layer.IDENTITY: "IAM Policy",
    Layer.RESOURCE: "Resource Policy",
    Layer.BOUNDARY: "Permissions Boundary Policy",
}
_GRANTING: Final = (Layer.IDENTITY, Layer.RESOURCE)


class Source:
    """A policy's text under the id that answers call it by. Raises PolicyError.

    `kept`: it was judged when it was written.
    """

    def __init__(self, policy_id: str, text: str, kind: PolicyKind, *, kept: bool = False) -> None:
        self.id = policy_id
        self.text = text
        self.document: Document = parse_document(text, kind=kind, structure_only=kept)

    @cached_property
    def spans(self) -> Sequence[Span]:
        return statement_spans(self.text)


@value
class Matched:
    """A statement that decided; `type` is as answers call it."""

    policy_id: str
    type: str
    span: Span


@value
class Setting:
    """The policies of a simulation: `scps` are levels from the root to the account, None where there is none.

    `is_foreign`: the resource is another account's. `resource_policy` is taken for the policy of every resource.
    """

    identity: Sequence[Source]
    boundary: Source | None = None
    resource_policy: Source | None = None
    scps: Sequence[Sequence[Source]] | None = None


@value
class Simulated:
    """`by_boundary` and `by_organizations` are None where there is none. `missing` are keys as policies write them.

    `details` says what each type of policy says, for another account's resource only.
    """

    decision: str
    matched: Sequence[Matched] = ()
    missing: Sequence[str] = ()
    by_boundary: bool | None = None
    by_organizations: bool | None = None
    details: Mapping[str, str] | None = None


class Simulator:
    """One setting, compiled once, asked many times. `statements` is how many each answer looks at."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._sources: dict[str, Source] = {}
        self._layers = Layers(
            identity=[self._compiled(source) for source in setting.identity],
            boundaries=[] if setting.boundary is None else [self._compiled(setting.boundary)],
            resource=None if setting.resource_policy is None else (self._compiled(setting.resource_policy),),
            scps=[[self._compiled(source) for source in level] for level in setting.scps or ()],
        )

    @property
    def statements(self) -> int:
        return sum(len(source.document.statements) for source in self._sources.values())

    def _compiled(self, source: Source) -> CompiledPolicy:
        name = str(len(self._sources))
        self._sources[name] = source
        return compile_document(source.document, name=name)

    def ask(self, request: AccessRequest) -> Simulated:
        """Role trust and key policies are required where the setting has a resource policy at all."""
        layers = self._layers
        if layers.resource is not None and requires_resource_policy(request.action, request.resource):
            layers = Layers(layers.identity, layers.boundaries, None, layers.resource, True, layers.scps)  # noqa: FBT003  a record's field
        explanation = explain(request, layers)
        decision = explanation.decision
        organizations = None if self._setting.scps is None else _all_allow(explanation, Layer.SCP)
        if organizations is False:
            return Simulated(DECISIONS[decision.outcome], by_organizations=False)
        foreign = request.resource_account != request.principal.account
        return Simulated(
            DECISIONS[decision.outcome],
            tuple(self._matched(explanation)),
            tuple(without_repetition(self._missing(explanation, request))),
            None if self._setting.boundary is None else _all_allow(explanation, Layer.BOUNDARY),
            organizations,
            _details(explanation) if foreign else None,
        )

    def _matched(self, explanation: Explanation) -> Iterator[Matched]:
        """The Allows of an Allow, the Denies of an explicit deny; an implicit one has nothing to show."""
        outcome = explanation.decision.outcome
        if outcome is Outcome.IMPLICITLY_DENIED:
            return
        wanted = Effect.ALLOW if outcome is Outcome.ALLOWED else Effect.DENY
        for layer in explanation.layers:
            if layer.layer not in _TYPES or (wanted is Effect.ALLOW and layer.layer not in _GRANTING):
                continue
            for statement in layer.matched:
                if statement.effect is wanted:
                    source = self._sources[statement.ref.policy_name]
                    yield Matched(source.id, _TYPES[layer.layer], source.spans[statement.ref.index])

    def _missing(self, explanation: Explanation, request: AccessRequest) -> Iterator[str]:
        """Keys that statements about this action and resource refer to, and that nobody gave."""
        for layer in explanation.layers:
            if layer.layer is Layer.SCP:
                continue
            for statement in layer.statements:
                elsewhere = any(each.element in {"Resource", "NotResource"} for each in statement.mismatches)
                if elsewhere and not _has_variable(statement.source):
                    continue
                variables = self._sources[statement.ref.policy_name].document.has_variables
                for key in keys_of_statement(statement.source, variables=variables):
                    if key.lower() not in request.context:
                        yield key


def _has_variable(statement: Statement) -> bool:
    return any("${" in resource for resource in statement.resources or ())


def _all_allow(explanation: Explanation, layer: Layer) -> bool:
    return all(each.verdict == "Allow" for each in explanation.layers if each.layer is layer)


def _details(explanation: Explanation) -> dict[str, str]:
    return {_TYPES[each.layer]: _SAID[each.verdict] for each in explanation.layers if each.layer in _TYPES}
