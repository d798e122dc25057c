"""The laws of deciding, each a property of random cases: Hypothesis chooses the generator's seeds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from iamd.model.document import Document, Effect, PolicyKind
from iamd.model.principal import PrincipalKind
from iamd.policy import AccessRequest, Layers, Outcome, decide, explain, parse_document
from iamd.policy.situation import OUTSIDERS, is_free
from tests.differential.policies import HOME, PRINCIPALS, QUESTIONS, Generator, SpecLayers, compiled

EXAMPLES = 300
Change = Callable[[SpecLayers, Generator], SpecLayers]
Law = Callable[[Generator, AccessRequest, SpecLayers], None]


def everything(effect: str, kind: PolicyKind) -> Document:
    statement = {"Effect": effect, "Action": "*", "Resource": "*"}
    if kind in {PolicyKind.RESOURCE, PolicyKind.RCP}:
        statement["Principal"] = "*"
    return parse_document({"Statement": statement}, kind=kind, structure_only=True)


def always(law: Law) -> None:
    """A law of every case: of every question to every set of policies."""

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(seed=integers(0, 2**63))
    def holds(seed: int) -> None:
        generator = Generator(seed)
        for case in islice(generator.cases(), QUESTIONS):
            law(generator, case.request, case.documents)

    holds()


def allowed(request: AccessRequest, documents: SpecLayers) -> bool:
    return decide(request, compiled(documents)).allowed


def never_grants(change: Change, before: Change | None = None) -> None:
    """After the change nothing is allowed that was not allowed before, and the change does matter sometimes."""
    taken = []

    def law(generator: Generator, request: AccessRequest, documents: SpecLayers) -> None:
        start = before(documents, generator) if before is not None else documents
        had, has = allowed(request, start), allowed(request, change(start, generator))
        assert had or not has, (request, documents)
        taken.append(had and not has)

    always(law)
    assert any(taken)


def changes_nothing(change: Change) -> None:
    def law(generator: Generator, request: AccessRequest, documents: SpecLayers) -> None:
        one, other = decide(request, compiled(documents)), decide(request, compiled(change(documents, generator)))
        assert (one.outcome, one.blocking) == (other.outcome, other.blocking), (request, documents)

    always(law)


def every_list(documents: SpecLayers, change: Callable[[Sequence[Document]], Sequence[Document]]) -> SpecLayers:
    return replace(
        documents,
        identity=change(documents.identity),
        session=None if documents.session is None else change(documents.session),
        resource=None if documents.resource is None else change(documents.resource),
        scps=[change(level) for level in documents.scps],
        rcps=[change(level) for level in documents.rcps],
    )


@pytest.mark.parametrize("layer", ["identity", "boundaries", "session", "resource", "scps", "rcps"])
def test_explicit_deny_wins(layer: str) -> None:
    kinds = {"identity": PolicyKind.IDENTITY, "boundaries": PolicyKind.BOUNDARY, "session": PolicyKind.SESSION}
    kinds |= {"resource": PolicyKind.RESOURCE, "scps": PolicyKind.SCP, "rcps": PolicyKind.RCP}
    deny = everything("Deny", kinds[layer])

    def law(_: Generator, request: AccessRequest, documents: SpecLayers) -> None:
        present = getattr(documents, layer) or ()
        added = [*present, [deny]] if layer in {"scps", "rcps"} else [*present, deny]
        changed: dict[str, Any] = {layer: added}
        decision = decide(request, compiled(replace(documents, **changed)))
        caller, action = request.principal, request.action.lower()
        exempt = (
            is_free(request, action)
            or (caller.kind in OUTSIDERS and layer not in {"resource", "rcps"})
            or (caller.kind is PrincipalKind.ROOT and layer == "identity")
            or (caller.kind is PrincipalKind.ROOT and action == "s3:getbucketpolicy")
            or (layer in {"scps", "rcps"} and "/aws-service-role/" in f"{caller.issuer_arn}{request.resource}")
            or (layer == "rcps" and action == "kms:retiregrant")
        )
        assert exempt or decision.outcome is Outcome.EXPLICITLY_DENIED, (request, documents)

    always(law)


def test_default_deny() -> None:
    for principal in PRINCIPALS:
        if principal.kind is not PrincipalKind.ROOT:
            request = AccessRequest(principal, "s3:GetObject", "arn:aws:s3:::b/k")
            assert decide(request, Layers()).outcome is Outcome.IMPLICITLY_DENIED


def test_adding_a_deny_never_grants() -> None:
    def change(documents: SpecLayers, generator: Generator) -> SpecLayers:
        def denies(kind: PolicyKind) -> Document:
            written = generator.document(kind)
            statements = tuple(each for each in written.statements if each.effect is Effect.DENY)
            return replace(written, statements=statements)

        return replace(
            documents,
            identity=[*documents.identity, denies(PolicyKind.IDENTITY)],
            resource=[*(documents.resource or ()), denies(PolicyKind.RESOURCE)],
            scps=[[*level, denies(PolicyKind.SCP)] for level in documents.scps],
            rcps=[*documents.rcps, [denies(PolicyKind.RCP)]],
        )

    never_grants(change)


def test_removing_an_allow_never_grants() -> None:
    def change(documents: SpecLayers, generator: Generator) -> SpecLayers:
        def thinned(policies: Sequence[Document]) -> Sequence[Document]:
            return [
                replace(
                    policy,
                    statements=tuple(
                        each
                        for each in policy.statements
                        if each.effect is Effect.DENY or generator.random.random() < 0.7
                    ),
                )
                for policy in policies
            ]

        return replace(every_list(documents, thinned), boundaries=thinned(documents.boundaries))

    never_grants(change)


def test_boundary_only_shrinks() -> None:
    never_grants(
        lambda documents, generator: replace(
            documents, boundaries=[*documents.boundaries, generator.document(PolicyKind.BOUNDARY)]
        )
    )


def test_session_only_shrinks() -> None:
    """Against a session without limits, which for a federated user is a session policy that allows everything."""
    never_grants(
        lambda documents, generator: replace(documents, session=[generator.document(PolicyKind.SESSION)]),
        lambda documents, _: replace(documents, session=[everything("Allow", PolicyKind.SESSION)]),
    )


def test_scp_only_shrinks() -> None:
    never_grants(
        lambda documents, generator: replace(documents, scps=[*documents.scps, [generator.document(PolicyKind.SCP)]])
    )


def test_rcp_only_shrinks() -> None:
    never_grants(
        lambda documents, generator: replace(
            documents, rcps=[*documents.rcps, [generator.document(PolicyKind.RCP), everything("Deny", PolicyKind.RCP)]]
        )
    )


def test_order_of_policies_is_irrelevant() -> None:
    changes_nothing(lambda documents, _: every_list(documents, lambda policies: policies[::-1]))


def test_order_of_statements_is_irrelevant() -> None:
    changes_nothing(
        lambda documents, _: every_list(
            documents,
            lambda policies: [replace(policy, statements=policy.statements[::-1]) for policy in policies],
        )
    )


def test_splitting_a_statement_changes_nothing() -> None:
    def split(policy: Document) -> Document:
        parts = [
            replace(statement, actions=actions, resources=resources)
            for statement in policy.statements
            for actions in ([statement.actions] if statement.not_action else [(each,) for each in statement.actions])
            for resources in (
                [statement.resources]
                if statement.not_resource or statement.resources is None
                else [(each,) for each in statement.resources]
            )
        ]
        return replace(policy, statements=tuple(parts))

    changes_nothing(lambda documents, _: every_list(documents, lambda policies: [split(each) for each in policies]))


def test_allow_star_is_identity_for_intersection() -> None:
    """A first boundary is left out: having one at all matters to NotPrincipal."""

    def change(documents: SpecLayers, _: Generator) -> SpecLayers:
        more = [everything("Allow", PolicyKind.BOUNDARY)] if documents.boundaries else []
        return replace(
            documents,
            boundaries=[*documents.boundaries, *more],
            scps=[*documents.scps, [everything("Allow", PolicyKind.SCP)]],
            rcps=[*documents.rcps, [everything("Allow", PolicyKind.RCP)]],
        )

    changes_nothing(change)


def test_an_action_name_is_evaluated_as_written() -> None:
    """Whether a wire operation has a name at all is the road's law; a name that no service knows is a name."""
    alice = PRINCIPALS[0]
    documents = SpecLayers(identity=[everything("Allow", PolicyKind.IDENTITY)])
    assert allowed(AccessRequest(alice, "nosuch:Operation", "*", HOME), documents)
    assert not allowed(AccessRequest(alice, "nosuch:Operation", "*", HOME), SpecLayers())


def test_explanation_agrees_with_decision() -> None:
    def law(_: Generator, request: AccessRequest, documents: SpecLayers) -> None:
        layers = compiled(documents)
        explanation, decision = explain(request, layers), decide(request, layers)
        assert explanation.decision == decision
        denying = {each.layer for each in explanation.layers if each.verdict == "Deny"}
        if decision.outcome is Outcome.EXPLICITLY_DENIED:
            assert denying == set(decision.blocking)
        elif not is_free(request, request.action.lower()):
            assert not denying
        matched = {each.ref for layer in explanation.layers for each in layer.matched}
        assert decision.statement is None or decision.statement in matched

    always(law)
