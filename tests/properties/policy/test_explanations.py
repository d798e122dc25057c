"""Explanations on random cases: they agree with the decision, what they offer helps, and they can be kept."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from iamd.model.decision import Layer
from iamd.model.document import PolicyKind
from iamd.policy import AccessRequest, Layers, Outcome, compile_document, decide, parse_document
from iamd.policy.fix import find_fix
from iamd.policy.kept import pack, unpack
from iamd.policy.question import Question
from iamd.policy.telling import told
from iamd.policy.writing import statement_json
from tests.differential.policies import Generator, compiled

SEED = 6
CASES = 2_500


def questions() -> Iterator[Question]:
    print(f"seed {SEED}")  # noqa: T201  a failure must be repeatable from its output
    for case in islice(Generator(SEED).cases(), CASES):
        yield Question(case.request, compiled(case.documents))


def test_an_explanation_agrees_with_the_decision() -> None:
    seen = set()
    for question in questions():
        decision = decide(question.request, question.layers)
        shown = question.to_json()
        assert shown["decision"] == decision.outcome.value
        assert shown["blockedBy"] == (decision.blocked_by.value if decision.blocked_by else None)
        assert {each["layer"] for each in shown["layers"] if each["blocks"]} <= set(shown["blocking"])
        denying = {each["layer"] for each in shown["layers"] if each["verdict"] == "Deny"}
        if decision.outcome is Outcome.EXPLICITLY_DENIED:
            assert denying == set(shown["blocking"])
        assert told(shown).startswith(f"{question.request.principal.arn or 'anonymous'} is ")
        seen.add((shown["decision"], shown["blockedBy"]))
    assert len(seen) > 8


def test_what_is_offered_allows_and_everything_narrower_does_not() -> None:
    offered = dict.fromkeys(Layer, 0)
    narrowed = hopeless = 0
    for question in questions():
        explanation = question.explain()
        if explanation.decision.allowed:
            continue
        fix = find_fix(question.request, question.layers, explanation)
        if fix.layer is None or fix.statement is None:
            hopeless += 1
            assert fix.blocked_by is not None
            continue
        offered[fix.layer] += 1
        if fix.layer is Layer.IDENTITY:
            added = layers_with(question.layers, statement_json(fix.statement))
            assert decide(question.request, added).allowed
            assert fix.statement.actions == (question.request.action,)
            for narrower in fix.narrower:
                narrowed += 1
                added = layers_with(question.layers, statement_json(narrower))
                assert not decide(question.request, added).allowed
    assert narrowed > 0
    assert hopeless > 0
    assert all(offered[layer] for layer in (Layer.IDENTITY, Layer.RESOURCE, Layer.BOUNDARY, Layer.SESSION, Layer.SCP))


def layers_with(layers: Layers, statement: dict[str, Any]) -> Layers:
    document = parse_document(
        {"Version": "2012-10-17", "Statement": statement}, kind=PolicyKind.IDENTITY, structure_only=True
    )
    return Layers(
        (*layers.identity, compile_document(document)),
        layers.boundaries,
        layers.session,
        layers.resource,
        layers.resource_required,
        layers.scps,
        layers.rcps,
    )


def test_what_was_kept_is_explained_as_it_was_then() -> None:
    for question in questions():
        packed = pack(question)
        assert packed is not None
        assert unpack(packed).to_json() == question.to_json()


@pytest.mark.parametrize(("limit", "most"), [("KEPT_LIMIT", 1500), ("_FEW", 5)])
def test_what_is_too_much_is_kept_without_what_has_no_say(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(f"iamd.policy.kept.{limit}", most)
    kept = abridged = 0
    for question in questions():
        packed = pack(question)
        if packed is None:
            continue
        again = unpack(packed)
        then, now = question.decide(), again.decide()
        assert (now.outcome, now.blocking) == (then.outcome, then.blocking)
        kept += not again.abridged
        abridged += again.abridged
        assert ("too many to keep" in told(again.to_json())) == again.abridged
    assert kept > 100
    assert abridged > 100


def test_a_question_that_is_too_large_is_not_kept() -> None:
    request = AccessRequest(next(questions()).request.principal, "s3:GetObject", "*", context={"aws:x": "x" * 300_000})
    assert pack(Question(request, Layers())) is None
