"""Why: the same question asked of every statement, with what each one had and needed. Values, not text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from iamd.model.decision import Decision, Layer, Outcome, StatementRef
from iamd.model.document import Effect, Statement
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy, CompiledStatement
from iamd.policy.evaluate import applicable, decide, facts_of
from iamd.policy.facts import Facts
from iamd.policy.request import AccessRequest, Layers

_OF_THE_OWNER: Final = frozenset({Layer.RESOURCE, Layer.RCP})
_LEVELLED: Final = frozenset({Layer.SCP, Layer.BOUNDARY})
_STATE_OF_RESOURCE: Final = re.compile(r"[^:]+:(?:resource|existingobject)tag/", re.IGNORECASE)


def describes_resource(key: str) -> bool:
    """Whether a condition key's value is what the resource's owner wrote on it, and no part of the request."""
    return _STATE_OF_RESOURCE.match(key) is not None


@value
class Mismatch:
    """One reason why a statement does not apply: `had` is None where the request has no such value, or if `hidden`."""

    element: str
    key: str | None
    operator: str | None
    had: str | tuple[str, ...] | None
    needed: tuple[str, ...]
    hidden: bool = False


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
    """`level` counts an organization's levels from the root at 0, or boundaries; else 0.

    `blocks`: it stands in the way; of several levels those do that do not let the request through.

    `verdict` is `Deny`, `Allow` or `NoMatch`: what the layer says by itself, also where its statements are hidden.
    """

    layer: Layer
    level: int
    blocks: bool
    verdict: str
    statements: tuple[StatementExplanation, ...]

    @property
    def matched(self) -> tuple[StatementExplanation, ...]:
        return tuple(each for each in self.statements if not each.mismatches)


@value
class Explanation:
    decision: Decision
    layers: tuple[LayerExplanation, ...]

    def from_outside(self) -> "Explanation":
        """For whose the resource is not: what its policies say, not how, and nothing of what it is tagged with."""
        return Explanation(self.decision, tuple(_from_outside(layer) for layer in self.layers))

    def to_json(self) -> dict[str, Any]:
        """For JSON: layers in the order of decision, each with its statements."""
        return {
            "blocking": [layer.value for layer in self.decision.blocking],
            "layers": [_layer_json(layer) for layer in self.layers],
        }


def explain(request: AccessRequest, layers: Layers) -> Explanation:
    """Asks every statement; `decision` is what `decide` says."""
    decision = decide(request, layers)
    binding = applicable(request, layers, request.action.lower())
    facts = facts_of(request, binding)
    return Explanation(
        decision,
        tuple(
            _layer(decision, layer, level, tuple(_statements(policies, facts)))
            for layer, level, policies in _levels(binding)
        ),
    )


def _layer(
    decision: Decision, layer: Layer, level: int, statements: tuple[StatementExplanation, ...]
) -> LayerExplanation:
    effects = {each.effect for each in statements if not each.mismatches}
    verdict = "Deny" if Effect.DENY in effects else "Allow" if Effect.ALLOW in effects else "NoMatch"
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        stands = verdict == "Deny"
    else:
        # Of the others an Allow may be one that does not reach this caller.
        stands = verdict == "NoMatch" or layer not in _LEVELLED
    return LayerExplanation(layer, level, layer in decision.blocking and stands, verdict, statements)


def _from_outside(layer: LayerExplanation) -> LayerExplanation:
    if layer.layer in _OF_THE_OWNER:
        return replace(layer, statements=())
    statements = (replace(each, mismatches=tuple(map(_without_tags, each.mismatches))) for each in layer.statements)
    return replace(layer, statements=tuple(statements))


def _without_tags(mismatch: Mismatch) -> Mismatch:
    tells = mismatch.key is not None and describes_resource(mismatch.key)
    return replace(mismatch, had=None, hidden=True) if tells else mismatch


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


def _layer_json(layer: LayerExplanation) -> dict[str, Any]:
    return {
        "layer": layer.layer.value,
        "level": layer.level,
        "verdict": layer.verdict,
        "blocks": layer.blocks,
        "statements": [
            {
                "policy": each.ref.policy_arn or each.ref.policy_name,
                "version": each.ref.policy_version,
                "statement": each.ref.index,
                "sid": each.ref.sid,
                "effect": each.effect.value,
                "matched": not each.mismatches,
                "mismatches": [_mismatch_json(mismatch) for mismatch in each.mismatches],
            }
            for each in layer.statements
        ],
    }


def _mismatch_json(mismatch: Mismatch) -> dict[str, Any]:
    shown: dict[str, Any] = {"element": mismatch.element}
    if mismatch.key is not None:
        shown |= {"operator": mismatch.operator, "key": mismatch.key}
    had = list(mismatch.had) if isinstance(mismatch.had, tuple) else mismatch.had
    hidden = {"hidden": True} if mismatch.hidden else {}
    return {**shown, "had": had, **hidden, "needed": list(mismatch.needed)}
