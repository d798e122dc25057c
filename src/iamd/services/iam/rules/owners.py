"""Users, groups and roles as owners of policies."""

from dataclasses import dataclass
from typing import Final, Literal

from iamd.kernel.context import Context
from iamd.model.errors import no_such_entity
from iamd.reference.quotas import Quotas
from iamd.stores.ports.identities import Group, Role, User
from iamd.stores.ports.state import State

OwnerKind = Literal["user", "group", "role"]
_QUOTAS: Final = Quotas()
_INLINE_SIZE: Final = {
    "user": _QUOTAS.user_policy_size,
    "group": _QUOTAS.group_policy_size,
    "role": _QUOTAS.role_policy_size,
}
_ATTACHED: Final = {
    "user": _QUOTAS.attached_policies_per_user,
    "group": _QUOTAS.attached_policies_per_group,
    "role": _QUOTAS.attached_policies_per_role,
}


@dataclass(frozen=True, slots=True)
class Owner:
    kind: OwnerKind
    account: str
    id: str
    name: str

    @property
    def inline_size(self) -> int:
        """Characters that its inline policies may have together."""
        return _INLINE_SIZE[self.kind]

    @property
    def attachments(self) -> int:
        """How many managed policies it may have."""
        return _ATTACHED[self.kind]

    @property
    def quota_name(self) -> str:
        return f"PoliciesPer{self.kind.capitalize()}"


def find_entity(state: State, account: str, kind: OwnerKind, name: str) -> User | Group | Role | None:
    if kind == "user":
        return state.users.get(account, name)
    return state.groups.get(account, name) if kind == "group" else state.roles.get(account, name)


def require_owner(ctx: Context, kind: OwnerKind, name: str) -> Owner:
    """Raises NoSuchEntity."""
    entity = find_entity(ctx.state, ctx.account, kind, name)
    if entity is None:
        raise no_such_entity(f"The {kind} with name {name} cannot be found.")
    return Owner(kind, ctx.account, entity.id, entity.name)


def require_role(ctx: Context, name: str) -> Role:
    """Raises NoSuchEntity."""
    role = ctx.state.roles.get(ctx.account, name)
    if role is None:
        raise no_such_entity(f"The role with name {name} cannot be found.")
    return role
