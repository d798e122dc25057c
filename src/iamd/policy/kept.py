"""A question kept for later: small, whole, and answered then as it was answered now.

Of the policies only the statements that cover the action are kept; no other one can have had a say. Where those are too
many, those about other resources go too.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from iamd.model.decision import StatementRef
from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Quantifier, Statement
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.compiled import CompiledPolicy, CompiledStatement, policy_of
from iamd.policy.evaluate import facts_of
from iamd.policy.question import Question
from iamd.policy.request import AccessRequest, Layers

KEPT_LIMIT: Final = 256 * 1024
"""Bytes before compression: the most that one question may take."""
_FEW: Final = 100
"""Statements of all policies together, up to which those that nearly match are looked for."""
_LEVEL: Final = 6


Kept = Callable[[CompiledPolicy], Iterable[CompiledStatement]]
"""Which statements of a policy are kept."""


def pack(question: Question) -> bytes | None:
    """Compressed; abridged, or None, for one that is larger than KEPT_LIMIT. A denial pays for it: it stays quick."""
    facts = facts_of(question.request, question.layers)

    def covering(policy: CompiledPolicy) -> Iterable[CompiledStatement]:
        return (each for each in policy.statements if each.covers_action(facts.action))

    def about_resource(policy: CompiledPolicy) -> Iterable[CompiledStatement]:
        found = {
            id(each): each
            for index in (policy.allows, policy.denies)
            for each in index.find(facts.action, facts.service, facts.resource)
            if each.covers_action(facts.action) and each.covers_resource(facts)
        }
        return found.values()

    text = b""
    if not question.abridged and sum(len(policy.statements) for policy in _every(question.layers)) <= _FEW:
        text = _text(question, covering, abridged=False)
    if not text or len(text) > KEPT_LIMIT:
        text = _text(question, about_resource, abridged=True)
    return zlib.compress(text, _LEVEL) if len(text) <= KEPT_LIMIT else None


def _every(layers: Layers) -> Iterator[CompiledPolicy]:
    for policies in (layers.identity, layers.boundaries, layers.session or (), layers.resource or ()):
        yield from policies
    for level in (*layers.scps, *layers.rcps):
        yield from level


def _text(question: Question, keep: Kept, *, abridged: bool) -> bytes:
    request, layers = question.request, question.layers
    kept = {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "account": request.resource_account,
        "context": dict(request.context),
        "identity": _policies(layers.identity, keep),
        "boundaries": _policies(layers.boundaries, keep),
        "session": None if layers.session is None else _policies(layers.session, keep),
        "own": None if layers.resource is None else _policies(layers.resource, keep),
        "required": layers.resource_required,
        "scps": [_policies(level, keep) for level in layers.scps],
        "rcps": [_policies(level, keep) for level in layers.rcps],
        "barred": question.barred,
        "abridged": abridged,
    }
    return orjson.dumps(kept)


def unpack(packed: bytes) -> Question:
    """What `pack` gave."""
    kept = orjson.loads(zlib.decompress(packed))
    context = {key: held if isinstance(held, str) else tuple(held) for key, held in kept["context"].items()}
    principal = Principal(**{**kept["principal"], "kind": PrincipalKind(kept["principal"]["kind"])})
    request = AccessRequest(principal, kept["action"], kept["resource"], kept["account"], context)
    layers = Layers(
        identity=_restored(kept["identity"]),
        boundaries=_restored(kept["boundaries"]),
        session=None if kept["session"] is None else _restored(kept["session"]),
        resource=None if kept["own"] is None else _restored(kept["own"]),
        resource_required=kept["required"],
        scps=[_restored(level) for level in kept["scps"]],
        rcps=[_restored(level) for level in kept["rcps"]],
    )
    return Question(request, layers, kept["barred"], kept["abridged"])


def _policies(policies: Sequence[CompiledPolicy], keep: Kept) -> list[list[Any]]:
    """For each policy its documents; an empty policy stays one, since it allows nothing."""
    return [list(_documents(policy, keep)) for policy in policies]


def _documents(policy: CompiledPolicy, keep: Kept) -> Iterator[Mapping[str, Any]]:
    by_document: dict[int, list[CompiledStatement]] = {}
    for statement in keep(policy):
        by_document.setdefault(id(statement.document), []).append(statement)
    for statements in by_document.values():
        document, ref = statements[0].document, statements[0].ref
        yield {
            "kind": document.kind,
            "language": document.version,
            "arn": ref.policy_arn,
            "name": ref.policy_name,
            "version": ref.policy_version,
            "statements": [each.source for each in sorted(statements, key=lambda each: each.ref.index)],
        }


def _restored(policies: Sequence[Sequence[Mapping[str, Any]]]) -> list[CompiledPolicy]:
    return [policy_of(each for document in documents for each in _compiled(document)) for documents in policies]


def _compiled(kept: Mapping[str, Any]) -> Iterator[CompiledStatement]:
    document = Document(PolicyKind(kept["kind"]), kept["language"], None, ())
    for raw in kept["statements"]:
        statement = _statement(raw)
        ref = StatementRef(kept["arn"], kept["name"], statement.index, statement.sid, kept["version"])
        yield CompiledStatement(statement, document, ref)


def _statement(raw: Mapping[str, Any]) -> Statement:
    principals, resources = raw["principals"], raw["resources"]
    return Statement(
        index=raw["index"],
        sid=raw["sid"],
        effect=Effect(raw["effect"]),
        principals=None if principals is None else tuple(PrincipalPattern(**each) for each in principals),
        not_principal=raw["not_principal"],
        actions=tuple(raw["actions"]),
        not_action=raw["not_action"],
        resources=None if resources is None else tuple(resources),
        not_resource=raw["not_resource"],
        conditions=tuple(
            Condition(
                each["operator"], Quantifier(each["quantifier"]), each["if_exists"], each["key"], tuple(each["values"])
            )
            for each in raw["conditions"]
        ),
    )
