"""Who has access, and by which statement of which policy: the path that an Allow took."""

from collections.abc import Iterable, Iterator
from typing import Any

from iamd.model.decision import StatementRef
from iamd.model.document import Effect
from iamd.model.values import value
from iamd.policy.compiled import CompiledPolicy
from iamd.policy.evaluate import facts_of
from iamd.policy.principals import BY_ACCOUNT, NOT_NAMED
from iamd.policy.question import Question


@value
class Held:
    """A policy of a principal's; `through` is the group that brings it along, "" where it is the principal's own."""

    through: str
    policy: CompiledPolicy


@value
class Path:
    """`layer` is IDENTITY, RESOURCE or ROOT, which needs no statement."""

    layer: str
    through: str = ""
    ref: StatementRef | None = None

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"layer": self.layer}
        if self.through:
            shown["through"] = self.through
        if self.ref is not None:
            shown |= {"policy": self.ref.policy_arn or self.ref.policy_name, "statement": self.ref.index}
            if self.ref.sid:
                shown["sid"] = self.ref.sid
        return shown

    def __str__(self) -> str:
        if self.ref is None:
            return "root of the account"
        where = "policy of the resource" if self.layer == "RESOURCE" else self.ref.policy_arn or self.ref.policy_name
        through = f"{self.through}: " if self.through else ""
        sid = f" ({self.ref.sid})" if self.ref.sid else ""
        return f"{through}{where}, statement {self.ref.index + 1}{sid}"


@value
class Access:
    """`principal` is an ARN, or `anonymous` for everybody."""

    principal: str
    via: tuple[Path, ...]


def access_of(question: Question, held: Iterable[Held], *, is_root: bool = False) -> Access | None:
    """None if the question's principal has no access. `held` are its identity policies one by one."""
    if not question.decide().allowed:
        return None
    paths = [Path("ROOT")] if is_root else []
    principal = question.request.principal
    return Access(principal.arn or "anonymous", (*paths, *_identity(question, held), *_resource(question)))


def _identity(question: Question, held: Iterable[Held]) -> Iterator[Path]:
    for each in held:
        for ref, _ in _allowing(question, each.policy):
            yield Path("IDENTITY", each.through, ref)


def _resource(question: Question) -> Iterator[Path]:
    """Naming the account grants its principals nothing within it, unless the policy is one that is required."""
    request, layers = question.request, question.layers
    counts = layers.resource_required or request.resource_account not in (None, request.principal.account)
    for policy in layers.resource or ():
        for ref, naming in _allowing(question, policy):
            if counts or naming != BY_ACCOUNT:
                yield Path("RESOURCE", "", ref)


def _allowing(question: Question, policy: CompiledPolicy) -> Iterator[tuple[StatementRef, int]]:
    facts = facts_of(question.request, question.layers)
    for statement in policy.statements:
        if statement.source.effect is Effect.ALLOW and statement.applies(facts):
            naming = statement.naming(facts)
            if naming != NOT_NAMED:
                yield statement.ref, naming
