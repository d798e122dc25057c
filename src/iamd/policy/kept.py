"""A question kept for later: small, whole, and answered then as it was answered now.

Of the policies only the statements that cover the action are kept; no other one can have had a say.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import orjson

from iamd.model.decision import StatementRef
from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Quantifier, Statement
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.compiled import CompiledPolicy, CompiledStatement, policy_of
from iamd.policy.question import Question
from iamd.policy.request import AccessRequest, Layers

KEPT_LIMIT: Final = 256 * 1024
"""Bytes before compression: the most that one question may take."""
_LEVEL: Final = 6


def pack(question: Question) -> bytes | None:
    """Compressed; None for one that is larger than KEPT_LIMIT."""
    request, layers, action = question.request, question.layers, question.request.action.lower()
    kept = {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "account": request.resource_account,
        "context": dict(request.context),
        "identity": _policies(layers.identity, action),
        "boundaries": _policies(layers.boundaries, action),
        "session": None if layers.session is None else _policies(layers.session, action),
        "own": None if layers.resource is None else _policies(layers.resource, action),
        "required": layers.resource_required,
        "scps": [_policies(level, action) for level in layers.scps],
        "rcps": [_policies(level, action) for level in layers.rcps],
        "barred": question.barred,
    }
    text = orjson.dumps(kept)
    return zlib.compress(text, _LEVEL) if len(text) <= KEPT_LIMIT else None


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
    return Question(request, layers, kept["barred"])


def _policies(policies: Sequence[CompiledPolicy], action: str) -> list[list[Any]]:
    """For each policy its documents; an empty policy stays one, since it allows nothing."""
    return [list(_documents(policy, action)) for policy in policies]


def _documents(policy: CompiledPolicy, action: str) -> Iterator[Mapping[str, Any]]:
    covering = [statement for statement in policy.statements if statement.covers_action(action)]
    for _, group in groupby(covering, key=lambda statement: id(statement.document)):
        statements = tuple(group)
        document, ref = statements[0].document, statements[0].ref
        yield {
            "kind": document.kind,
            "language": document.version,
            "arn": ref.policy_arn,
            "name": ref.policy_name,
            "version": ref.policy_version,
            "statements": [statement.source for statement in statements],
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
