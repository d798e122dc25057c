"""A document made ready to be asked: compiled once, lazily, and indexed; then read by many at once."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final

from iamd.model.decision import StatementRef
from iamd.model.document import Document, Effect, PolicyKind, Statement
from iamd.policy.conditions import CompiledCondition, compile_condition
from iamd.policy.facts import Facts
from iamd.policy.glob import Matcher, compile_glob
from iamd.policy.index import StatementIndex
from iamd.policy.principals import BY_SELF, NOT_NAMED, PrincipalSet, compile_principals, exempts, naming
from iamd.policy.resources import ResourcePattern, compile_resource

COMPLETED: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SCP})
"""Where an ARN with fewer than six fields is filled up."""


class CompiledStatement:
    """One statement. `applies` is the whole of it but the principal."""

    __slots__ = (
        "_anywhere", "_exact", "_globs", "conditions", "document", "principals", "ref", "resources", "source",
    )  # fmt: skip

    def __init__(self, source: Statement, document: Document, ref: StatementRef) -> None:
        self.source = source
        self.document = document
        self.ref = ref
        widen = (source.effect is Effect.DENY) != source.not_resource
        self.resources: tuple[ResourcePattern, ...] = tuple(
            compile_resource(text, complete=document.kind in COMPLETED, widen=widen, variables=document.has_variables)
            for text in source.resources or ()
        )
        self._anywhere = source.resources is None or ("*" in source.resources and not source.not_resource)
        actions = [action.lower() for action in source.actions]
        self._exact = frozenset(action for action in actions if not set("*?") & set(action))
        self._globs: tuple[Matcher, ...] = tuple(
            compile_glob(action) for action in actions if action not in self._exact
        )
        self.principals: PrincipalSet | None = (
            compile_principals(source.principals) if source.principals is not None else None
        )
        self.conditions: tuple[CompiledCondition, ...] = tuple(
            sorted(
                (compile_condition(condition, variables=document.has_variables) for condition in source.conditions),
                key=lambda condition: condition.cost,
            )
        )

    def applies(self, facts: Facts) -> bool:
        if not self.covers_action(facts.action) or not (self._anywhere or self.covers_resource(facts)):
            return False
        context = facts.context
        for condition in self.conditions:  # noqa: SIM110  a plain loop is half the cost of a generator here
            if not condition.holds(context):
                return False
        return True

    def covers_action(self, action: str) -> bool:
        found = action in self._exact
        if not found:
            for matches in self._globs:
                if matches(action):
                    found = True
                    break
        return found is not self.source.not_action

    def covers_resource(self, facts: Facts) -> bool:
        """Law 1: where NotResource holds a variable that does not resolve, it excludes nothing from a Deny, and an
        Allow does not apply at all.
        """  # noqa: D205  one sentence
        if self.source.resources is None:
            return True
        resource, context = facts.resource, facts.context
        if not self.source.not_resource:
            for pattern in self.resources:  # noqa: SIM110  see above
                if pattern.matches(resource, context):
                    return True
            return False
        excluded = [pattern.matches(resource, context) for pattern in self.resources]
        if True in excluded:
            return False
        return self.source.effect is Effect.DENY or None not in excluded

    def naming(self, facts: Facts) -> int:
        """How the statement names the caller (`principals`); a statement without the element names everyone."""
        if self.principals is None:
            return BY_SELF
        if self.source.not_principal:
            spared = exempts(self.principals, facts.principal, has_boundary=facts.has_boundary)
            return NOT_NAMED if spared else BY_SELF
        return naming(self.principals, facts.principal)

    @property
    def action_prefixes(self) -> Iterable[str]:
        """Exact actions and the literal beginnings of patterns; "" for what may be anything."""
        return ("",) if self.source.not_action else tuple(action.lower() for action in self.source.actions)

    @property
    def resource_prefixes(self) -> Iterable[str]:
        if self.source.resources is None or self.source.not_resource:
            return ("",)
        return {pattern.prefix for pattern in self.resources}


class CompiledPolicy:
    """Statements of one document, or of several merged, by effect; nothing is compiled before the first question."""

    def __init__(self, compile_statements: Callable[[], Iterable[CompiledStatement]]) -> None:
        self._compile_statements = compile_statements

    @cached_property
    def statements(self) -> tuple[CompiledStatement, ...]:
        return tuple(self._compile_statements())

    @cached_property
    def allows(self) -> StatementIndex[CompiledStatement]:
        return StatementIndex(each for each in self.statements if each.source.effect is Effect.ALLOW)

    @cached_property
    def denies(self) -> StatementIndex[CompiledStatement]:
        return StatementIndex(each for each in self.statements if each.source.effect is Effect.DENY)


def compile_document(
    document: Document, *, arn: str | None = None, name: str = "", version: str | None = None
) -> CompiledPolicy:
    """`arn`, `name` and `version` are those that decisions report: of a managed policy; others have a name at most."""

    def statements() -> Iterable[CompiledStatement]:
        for statement in document.statements:
            ref = StatementRef(arn, name, statement.index, statement.sid, version)
            yield CompiledStatement(statement, document, ref)

    return CompiledPolicy(statements)


def policy_of(statements: Iterable[CompiledStatement]) -> CompiledPolicy:
    """A policy of statements that are compiled already."""
    ready = tuple(statements)
    return CompiledPolicy(lambda: ready)


def merge_policies(policies: Sequence[CompiledPolicy]) -> CompiledPolicy:
    """One index over several policies of one layer whose union counts: quicker to ask than each of them."""
    return CompiledPolicy(lambda: (statement for policy in policies for statement in policy.statements))
