"""The entity whose policies are simulated, and those policies one by one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from iamd.authz.account_rights import ALLOW_CHANGE, password_rights
from iamd.model.arn import Arn
from iamd.model.errors import AwsError, no_such_entity
from iamd.model.values import value
from iamd.policy import PolicyError, PolicyKind
from iamd.policy.glob import compile_glob
from iamd.policy.simulation import Source
from iamd.reference.managed_policies import ManagedPolicies, ManagedPolicy
from iamd.services.iam.rules.managed import PERMISSIONS, default_document, find_policy
from iamd.services.iam.rules.owners import OwnerKind, find_entity
from iamd.services.iam.rules.simulated_context import invalid_input
from iamd.stores.ports.identities import Group, Role, User
from iamd.stores.ports.state import State

_KINDS: Final[tuple[OwnerKind, ...]] = ("user", "group", "role")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_MOST_STATEMENTS: Final = 5_000
"""Statements that a request may bring along: its answer is worked out in one go."""


@value
class EntityName:
    kind: OwnerKind
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What PolicyExclusionList leaves out; nothing by default."""

    types: frozenset[str] = frozenset()
    arns: tuple[str, ...] = ()
    inline: tuple[Mapping[str, str], ...] = ()

    def inline_policy(self, kind: str, owner: str, name: str) -> bool:
        return "inline" in self.types or any(
            each["AttachmentType"] == kind
            and each["PolicyName"] == name
            and compile_glob(each["AttachmentName"])(owner)
            for each in self.inline
        )

    def managed_policy(self, arn: str, *, published: bool) -> bool:
        """An ARN without a path means the policy of that name wherever it stands."""
        if ("aws-managed" if published else "user-managed") in self.types:
            return True
        fields = Arn.parse(arn)
        short = f"arn:{fields.partition}:iam::{fields.account}:policy/{fields.resource.rpartition('/')[2]}"
        return any(compile_glob(pattern)(arn) or compile_glob(pattern)(short) for pattern in self.arns)

    @property
    def boundary(self) -> bool:
        return "permission-boundary" in self.types


def entity_name(arn: str) -> EntityName:
    """Raises InvalidInput for what is no ARN of a user, group or role."""
    try:
        fields = Arn.parse(arn)
    except ValueError:
        fields = None
    if fields is not None and (fields.service, fields.region) == ("iam", "") and _ACCOUNT.fullmatch(fields.account):
        kind, slash, path = fields.resource.partition("/")
        name = path.rpartition("/")[2]
        for known in _KINDS:
            if kind == known and slash and name:
                return EntityName(known, fields.account, name)
    raise invalid_input(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")


def entity_found(state: State, account: str, arn: str) -> User | Group | Role:
    """Found by name, whatever path the ARN gives. Raises InvalidInput, NoSuchEntity."""
    named = entity_name(arn)
    entity = find_entity(state, account, named.kind, named.name) if named.account == account else None
    if entity is None:
        raise no_such_entity(f"The {named.kind} with name {named.name} cannot be found.")
    return entity


def entity_sources(
    state: State, published: ManagedPolicies, entity: User | Group | Role, left_out: Exclusions = Exclusions()
) -> Iterator[Source]:
    """Its own policies and those of its groups; one that several bring along is there once."""
    arns: dict[str, None] = {}
    for owner in _owners(state, entity):
        kind = type(owner).__name__.lower()
        for inline in state.inline_policies.page("key", owner.account, owner.id):
            if not left_out.inline_policy(kind, owner.name, inline.name):
                yield _kept(f"{kind}_{owner.name}_{inline.name}", inline.document)
        ties = state.attachments.page("key", owner.account, owner.id, PERMISSIONS)
        arns |= dict.fromkeys(tie.policy_arn for tie in ties)
    for arn in arns:
        policy = find_policy(state, published, entity.account, arn)
        if policy is not None and not left_out.managed_policy(arn, published=isinstance(policy, ManagedPolicy)):
            yield _kept(policy.name, default_document(state, policy))
    granted = password_rights(state.accounts.get(entity.account), entity.arn) if isinstance(entity, User) else None
    if granted is not None:
        yield _kept(ALLOW_CHANGE, granted)


def _owners(state: State, entity: User | Group | Role) -> Iterator[User | Group | Role]:
    yield entity
    if isinstance(entity, User):
        for membership in state.memberships.page("user", entity.account, entity.id):
            group = state.groups.find("id", entity.account, membership.group_id)
            if group is not None:
                yield group


def boundary_source(state: State, published: ManagedPolicies, entity: User | Group | Role) -> Source | None:
    """None for who has no boundary."""
    if isinstance(entity, Group) or entity.boundary_arn is None:
        return None
    policy = find_policy(state, published, entity.account, entity.boundary_arn)
    if policy is None:
        raise LookupError(entity.boundary_arn)
    return _kept(policy.name, default_document(state, policy), PolicyKind.BOUNDARY)


def given_sources(texts: Iterable[str], member: str, kind: PolicyKind) -> list[Source]:
    """Policies that came with the request, called `PolicyInputList.1` and so on. Raises InvalidInput."""
    sources: list[Source] = []
    statements = 0
    for number, text in enumerate(texts, 1):
        sources.append(given_source(f"{member}.{number}", text, kind))
        statements += len(sources[-1].document.statements)
        if statements > _MOST_STATEMENTS:
            raise invalid_input(f"{member} has more than {_MOST_STATEMENTS} statements.")
    return sources


def given_source(policy_id: str, text: str, kind: PolicyKind) -> Source:
    """Raises InvalidInput."""
    try:
        return Source(policy_id, text, kind)
    except PolicyError as error:
        raise invalid_input(f"{policy_id}: {error.message}") from error


def exclusions_of(entries: Iterable[Mapping[str, Any]]) -> Exclusions:
    """Raises InvalidInput."""
    types, arns, inline = set(), [], []
    for entry in entries:
        match [*entry.items()]:
            case [("PolicyType", kind)]:
                types.add(kind)
            case [("PolicyArn", arn)]:
                _check_pattern(arn.rpartition("/")[2], arn)
                arns.append(_policy_arn(arn))
            case [("InlinePolicyIdentifier", identifier)]:
                _check_pattern(identifier["AttachmentName"], identifier["AttachmentName"])
                inline.append(identifier)
            case _:
                raise invalid_input("A policy identifier has exactly one of its members.")
    return Exclusions(frozenset(types), tuple(arns), tuple(inline))


def _policy_arn(arn: str) -> str:
    try:
        fields = Arn.parse(arn)
    except ValueError:
        raise _not_valid(arn) from None
    before_name = arn[: arn.rfind("/") + 1]
    if (fields.service, fields.region) != ("iam", "") or not fields.resource.startswith("policy/"):
        raise _not_valid(arn)
    if set("*?") & set(before_name):
        raise _not_valid(arn)
    return arn


def _check_pattern(pattern: str, shown: str) -> None:
    if pattern.count("*") > 1:
        raise _not_valid(shown)


def _not_valid(text: str) -> AwsError:
    return invalid_input(f"ARN {text} is not valid.")


def _kept(policy_id: str, text: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Source:
    return Source(policy_id, text, kind, kept=True)
