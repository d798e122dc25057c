"""Loading what a decision needs: the policies of a user, a role or an account's root, and of a resource."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from iamd.authz.account_rights import ALLOW_CHANGE, password_rights
from iamd.authz.caller import Identity
from iamd.authz.facts import Facts, Note
from iamd.model.arn import Arn
from iamd.policy import CompiledPolicy, PolicyKind, compile_document, merge_policies, parse_document
from iamd.policy.access import Held
from iamd.policy.compiled import policy_of
from iamd.reference.managed_policies import ManagedPolicies
from iamd.stores.ports.identities import Role, User
from iamd.stores.ports.state import State

_AWS: Final = "aws"
ABSENT: Final = "absent"
"""Stands for a resource policy that is not there, so that its absence is remembered too."""


def compiled(
    text: str, kind: PolicyKind, *, arn: str | None = None, name: str = "", version: str | None = None
) -> CompiledPolicy:
    """A policy that is kept: it was judged when it was written."""
    document = parse_document(text, kind=kind, structure_only=True)
    return compile_document(document, arn=arn, name=name, version=version)


def _unnoted(_topic: str) -> None:
    """For what is asked once and not remembered."""


def _merged(policies: list[CompiledPolicy]) -> tuple[CompiledPolicy, ...]:
    """One index to ask instead of several; a policy alone keeps the index that all who have it share."""
    return tuple(policies) if len(policies) < 2 else (merge_policies(policies),)


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Reads policies through the facts in memory."""

    facts: Facts
    managed_policies: ManagedPolicies

    def identity(self, account: str, entity_id: str) -> Identity | None:
        """The user (AIDA…), role (AROA…) or root (the account number) with this id, or None if it is gone."""
        return self.facts.get(
            (account, "identity", entity_id), lambda state, note: self._load(state, note, account, entity_id)
        )

    def resource_policy(self, arn: str, kind: PolicyKind) -> CompiledPolicy | None:
        """The policy of a resource, None where it has none."""

        def load(state: State, note: Note) -> CompiledPolicy | str:
            note(f"resource:{arn}")
            kept = state.resource_policies.get(arn)
            if kept is None:
                return ABSENT
            return compiled(kept.document, kind)

        found = self.facts.get((arn, "resource-policy"), load)
        return None if isinstance(found, str) else found

    def session_policy(self, arn: str) -> CompiledPolicy | None:
        """A managed policy, customer's or AWS's, in its default version, as a session policy."""
        return self._managed(arn, PolicyKind.SESSION)

    def _load(self, state: State, note: Note, account: str, entity_id: str) -> Identity | None:
        note(f"id:{account}:{entity_id}")
        if entity_id == account:
            note(f"account:{account}")
            if state.accounts.get(account) is None:
                return None
            return Identity(account, account, "", f"arn:aws:iam::{account}:root", is_root=True)
        entity: User | Role | None = state.users.find("id", account, entity_id) or state.roles.find(
            "id", account, entity_id
        )
        if entity is None:
            return None
        owners = [entity_id]
        for membership in state.memberships.page("user", account, entity_id):
            note(f"id:{account}:{membership.group_id}")
            owners.append(membership.group_id)
        policies: list[CompiledPolicy] = []
        for owner in owners:
            policies += self._policies_of(state, note, account, owner)
        if isinstance(entity, User):
            policies += self._account_rights(state, note, entity)
        boundaries: tuple[CompiledPolicy, ...] = ()
        if entity.boundary_arn is not None:
            boundaries = (self._boundary(note, entity.boundary_arn),)
        return Identity(
            account,
            entity_id,
            entity.name,
            entity.arn,
            is_root=False,
            tags=entity.tags,
            policies=_merged(policies),
            boundaries=boundaries,
        )

    def _policies_of(self, state: State, note: Note, account: str, owner_id: str) -> list[CompiledPolicy]:
        policies = [
            compiled(inline.document, PolicyKind.IDENTITY, name=inline.name)
            for inline in state.inline_policies.page("key", account, owner_id)
        ]
        for attachment in state.attachments.page("key", account, owner_id, "policy"):
            note(f"policy:{attachment.policy_arn}")
            policy = self._load_managed(note, attachment.policy_arn, PolicyKind.IDENTITY)
            if policy is not None:
                policies.append(policy)
        return policies

    def held(self, state: State, identity: Identity) -> Iterator[Held]:
        """The identity policies of a user or role one by one, with the group that brings them."""
        for policy in self._policies_of(state, _unnoted, identity.account, identity.id):
            yield Held("", policy)
        for membership in state.memberships.page("user", identity.account, identity.id):
            group = state.groups.find("id", identity.account, membership.group_id)
            if group is not None:
                for policy in self._policies_of(state, _unnoted, identity.account, group.id):
                    yield Held(f"group {group.name}", policy)
        user = state.users.find("id", identity.account, identity.id)
        if user is not None:
            for policy in self._account_rights(state, _unnoted, user):
                yield Held("account's password policy", policy)

    def _account_rights(self, state: State, note: Note, user: User) -> list[CompiledPolicy]:
        note(f"account:{user.account}")
        granted = password_rights(state.accounts.get(user.account), user.arn)
        return [] if granted is None else [compiled(granted, PolicyKind.IDENTITY, name=ALLOW_CHANGE)]

    def _boundary(self, note: Note, arn: str) -> CompiledPolicy:
        """A boundary whose policy is gone allows nothing: it can only shrink."""
        policy = self._load_managed(note, arn, PolicyKind.BOUNDARY)
        return policy_of(()) if policy is None else policy

    def _load_managed(self, note: Note, arn: str, kind: PolicyKind) -> CompiledPolicy | None:
        """Compiled once for all who have it; who rests on it rests on its topic."""
        note(f"policy:{arn}")
        return self._managed(arn, kind)

    def _managed(self, arn: str, kind: PolicyKind) -> CompiledPolicy | None:
        def load(state: State, note: Note) -> CompiledPolicy | None:
            note(f"policy:{arn}")
            found = self.managed_document(state, arn)
            if found is None:
                return None
            version, document = found
            return compiled(document, kind, arn=arn, version=version)

        return self.facts.get((arn, "managed-policy", kind), load)

    def managed_document(self, state: State, arn: str) -> tuple[str, str] | None:
        """The id and the text of a managed policy's default version."""
        owner = Arn.parse(arn).account
        if owner == _AWS:
            published = self.managed_policies.get(arn)
            return None if published is None else (published.default_version_id, published.document())
        policy = state.policies.get(owner, arn.rpartition("/")[2])
        if policy is None or policy.arn != arn:
            return None
        version = state.policy_versions.get(owner, policy.id, policy.default_version)
        return None if version is None else (f"v{version.number}", version.document)
