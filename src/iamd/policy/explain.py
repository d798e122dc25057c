"""Why: the same question asked of every statement, with what each one had and needed. Values, not text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from iamd.model.decision import Decision, Layer, StatementRef
from iamd.model.document import Effect, Statement
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy, CompiledStatement
from iamd.policy.evaluate import applicable, decide, facts_of
from iamd.policy.facts import Facts
from iamd.policy.request import AccessRequest, Layers

_STATE_OF_RESOURCE: Final = re.compile(r"[^:]+:(?:resource|existingobject)tag/", re.IGNORECASE)


def describes_resource(key: str) -> bool:
    """Whether a condition key's value is what the resource's owner wrote on it, and no part of the request."""
    return _STATE_OF_RESOURCE.match(key) is not None


@value
class Mismatch:
    """One reason why a statement does not apply: `had` is None where the request has no such value."""

    element: str
    key: str | None
    operator: str | None
    had: str | tuple[str, ...] | None
    needed: tuple[str, ...]


@value
class StatementExplanation:
    """A statement that applies (no mismatch), or nearly does: the action fits and something else does not.

    `language` is its document's Version.
    """

    ref: StatementRef
    source: Statement
    language: str
    mismatches: tuple[Mismatch, ...]

    @property
    def effect(self) -> Effect:
        return self.source.effect


@value
class LayerExplanation:
    """`level` counts an organization's levels from the root at 0, or boundaries; else 0."""

    layer: Layer
    level: int
    blocks: bool
    statements: tuple[StatementExplanation, ...]

    @property
    def matched(self) -> tuple[StatementExplanation, ...]:
        return tuple(each for each in self.statements if not each.mismatches)

    @property
    def verdict(self) -> str:
        """`Deny`, `Allow` or `NoMatch`: what the layer says by itself."""
        effects = {each.effect for each in self.matched}
        if Effect.DENY in effects:
            return "Deny"
        return "Allow" if Effect.ALLOW in effects else "NoMatch"


@value
class Explanation:
    decision: Decision
    layers: tuple[LayerExplanation, ...]

    def to_json(self, *, hide: frozenset[Layer] = frozenset()) -> dict[str, Any]:
        """For JSON: layers in the order of decision, each with its statements, but for those of `hide`.

        Where any is hidden the resource is somebody else's, and what it is tagged with is told as `hidden`.
        """
        return {
            "blocking": [layer.value for layer in self.decision.blocking],
            "layers": [_layer_json(layer, hidden=layer.layer in hide, outside=bool(hide)) for layer in self.layers],
        }


def explain(request: AccessRequest, layers: Layers) -> Explanation:
    """Asks every statement; `decision` is what `decide` says."""
    decision = decide(request, layers)
    binding = applicable(request, layers, request.action.lower())
    facts = facts_of(request, binding)
    return Explanation(
        decision,
        tuple(
            LayerExplanation(layer, level, layer in decision.blocking, tuple(_statements(policies, facts)))
            for layer, level, policies in _levels(binding)
        ),
    )


def _levels(layers: Layers) -> Iterator[tuple[Layer, int, Sequence[CompiledPolicy]]]:
    for level, policies in enumerate(layers.scps):
        yield Layer.SCP, level, policies
    for level, policies in enumerate(layers.rcps):
        yield Layer.RCP, level, policies
    if layers.resource is not None:
        yield Layer.RESOURCE, 0, layers.resource
    yield Layer.IDENTITY, 0, layers.identity
    for level, boundary in enumerate(layers.boundaries):
        yield Layer.BOUNDARY, level, (boundary,)
    if layers.session is not None:
        yield Layer.SESSION, 0, layers.session


def _statements(policies: Sequence[CompiledPolicy], facts: Facts) -> Iterator[StatementExplanation]:
    for policy in policies:
        for statement in policy.statements:
            if statement.covers_action(facts.action):
                language = statement.document.version
                mismatches = tuple(_mismatches(statement, facts))
                yield StatementExplanation(statement.ref, statement.source, language, mismatches)


def _mismatches(statement: CompiledStatement, facts: Facts) -> Iterator[Mismatch]:
    source = statement.source
    if not statement.naming(facts):
        element = "NotPrincipal" if source.not_principal else "Principal"
        needed = tuple(f"{pattern.type}:{pattern.value}" for pattern in source.principals or ())
        yield Mismatch(element, None, None, facts.principal.arn, needed)
    if not statement.covers_resource(facts):
        element = "NotResource" if source.not_resource else "Resource"
        yield Mismatch(element, None, None, facts.resource, source.resources or ())
    for condition in statement.conditions:
        if not condition.holds(facts.context):
            written = condition.source
            had = facts.context.get(condition.key)
            yield Mismatch("Condition", written.key, written.written_operator, had, written.values)


def _layer_json(layer: LayerExplanation, *, hidden: bool, outside: bool) -> dict[str, Any]:
    return {
        "layer": layer.layer.value,
        "level": layer.level,
        "verdict": layer.verdict,
        "blocks": layer.blocks,
        "statements": []
        if hidden
        else [
            {
                "policy": each.ref.policy_arn or each.ref.policy_name,
                "version": each.ref.policy_version,
                "statement": each.ref.index,
                "sid": each.ref.sid,
                "effect": each.effect.value,
                "matched": not each.mismatches,
                "mismatches": [_mismatch_json(mismatch, outside=outside) for mismatch in each.mismatches],
            }
            for each in layer.statements
        ],
    }


def _mismatch_json(mismatch: Mismatch, *, outside: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"element": mismatch.element}
    if outside and mismatch.key is not None and describes_resource(mismatch.key):
        named = {"operator": mismatch.operator, "key": mismatch.key}
        return {**shown, **named, "had": None, "hidden": True, "needed": list(mismatch.needed)}
    if mismatch.key is not None:
        shown |= {"operator": mismatch.operator, "key": mismatch.key}
    had = list(mismatch.had) if isinstance(mismatch.had, tuple) else mismatch.had
    return {**shown, "had": had, "needed": list(mismatch.needed)}
