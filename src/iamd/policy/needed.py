"""Which layers still lack an Allow that they need, whatever denies."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from iamd.model.decision import Layer
from iamd.model.document import Effect
from iamd.policy.compiled import CompiledPolicy, policy_of
from iamd.policy.evaluate import decide
from iamd.policy.question import Question


def needed_allows(question: Question) -> frozenset[Layer]:
    """The layers that would block if no statement denied."""
    layers = question.layers
    without = replace(
        layers,
        identity=_allows(layers.identity),
        boundaries=_allows(layers.boundaries),
        session=None if layers.session is None else _allows(layers.session),
        resource=None if layers.resource is None else _allows(layers.resource),
        scps=[_allows(level) for level in layers.scps],
        rcps=[],
    )
    return frozenset(decide(question.request, without).blocking)


def _allows(policies: Iterable[CompiledPolicy]) -> Sequence[CompiledPolicy]:
    return [policy_of(each for each in policy.statements if each.source.effect is Effect.ALLOW) for policy in policies]
