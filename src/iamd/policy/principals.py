"""Who a Principal or NotPrincipal element names, and how far naming goes.

A principal is a someone: where the caller's unique id is known, users and roles are recognized by id alone; the ARN of
a recreated namesake names nobody. Offline, where no id is known, names are compared.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from iamd.model.document import PrincipalPattern
from iamd.model.principal import Principal, PrincipalKind

# How an Allow in a resource policy that names the caller counts (bits, so that several statements add up).
NOT_NAMED: Final = 0
BY_ACCOUNT: Final = 1
"""Names the caller's account: delegates to it, and grants nothing by itself within it."""
BY_ROLE: Final = 2
"""Names the role of a session or the user of a federated one: stands in for the identity policies only."""
BY_SELF: Final = 4
"""Names the user, the session, the federated user, the service, the provider, or everyone."""

RoleName = tuple[str, str, str]


class PrincipalSet(NamedTuple):
    """The patterns of one element, sorted by what they are compared with."""

    everyone: bool
    texts: frozenset[str]
    """AWS principals as written: accounts, ARNs, unique ids."""
    roles: frozenset[RoleName]
    """(partition, account, name) of the role ARNs: a session's ARN does not carry the role's path."""
    services: frozenset[str]
    providers: frozenset[str]


def compile_principals(patterns: Iterable[PrincipalPattern]) -> PrincipalSet:
    by_type: dict[str, set[str]] = {"AWS": set(), "Service": set(), "Federated": set(), "CanonicalUser": set()}
    for pattern in patterns:
        by_type[pattern.type].add(pattern.value)
    roles = (_role_name(text) for text in by_type["AWS"])
    return PrincipalSet(
        everyone="*" in by_type["AWS"],
        texts=frozenset(by_type["AWS"]),
        roles=frozenset(role for role in roles if role is not None),
        services=frozenset(by_type["Service"]),
        providers=frozenset(by_type["Federated"]),
    )


def naming(principals: PrincipalSet, caller: Principal) -> int:
    """The bits of every way in which the element names the caller."""
    if principals.everyone:
        return BY_SELF
    kind, arn = caller.kind, caller.arn
    if arn is None:
        return NOT_NAMED
    if kind is PrincipalKind.SERVICE:
        return BY_SELF if arn in principals.services else NOT_NAMED
    if kind is PrincipalKind.PROVIDER:
        return BY_SELF if arn in principals.providers else NOT_NAMED
    found = BY_ACCOUNT if _names_account(principals, caller) else NOT_NAMED
    if _names_self(principals, caller):
        found |= BY_SELF
    if _names_issuer(principals, caller):
        found |= BY_ROLE
    return found


def exempts(principals: PrincipalSet, caller: Principal, *, has_boundary: bool) -> bool:
    """Whether NotPrincipal spares the caller: only if all of its identifiers are listed, never one with a boundary."""
    if has_boundary:
        return False
    if principals.everyone:
        return True
    if caller.kind in {PrincipalKind.SERVICE, PrincipalKind.PROVIDER, PrincipalKind.ANONYMOUS}:
        return naming(principals, caller) != NOT_NAMED
    if not _names_account(principals, caller):
        return False
    if caller.kind is PrincipalKind.ROOT:
        return True
    if caller.kind is PrincipalKind.ASSUMED_ROLE and not _names_issuer(principals, caller):
        return False
    return _names_self(principals, caller)


def _names_account(principals: PrincipalSet, caller: Principal) -> bool:
    if caller.account is None or caller.arn is None:
        return False
    partition = caller.arn.split(":")[1]
    return caller.account in principals.texts or f"arn:{partition}:iam::{caller.account}:root" in principals.texts


def _names_self(principals: PrincipalSet, caller: Principal) -> bool:
    if caller.kind is PrincipalKind.USER and caller.unique_id:
        return caller.unique_id in principals.texts
    if caller.kind is PrincipalKind.ROOT or caller.arn is None:
        return False
    is_unnamed_session = caller.kind is PrincipalKind.ASSUMED_ROLE and _role_name(caller.arn) is not None
    return not is_unnamed_session and caller.arn in principals.texts


def _names_issuer(principals: PrincipalSet, caller: Principal) -> bool:
    if caller.kind is PrincipalKind.ASSUMED_ROLE:
        if caller.unique_id or caller.issuer_id:
            return caller.issuer_id is not None and caller.issuer_id in principals.texts
        return role_of(caller) in principals.roles
    if caller.kind is PrincipalKind.FEDERATED_USER:
        known = caller.issuer_id if caller.unique_id or caller.issuer_id else caller.issuer_arn
        return known is not None and known in principals.texts
    return False


def role_of(caller: Principal) -> RoleName | None:
    """Partition, account and name of the role behind a session, from its ARN or the session's own."""
    if caller.arn is None:
        return None
    by_arn = _role_name(caller.issuer_arn or caller.arn)
    if by_arn is not None:
        return by_arn
    fields = caller.arn.split(":", 5)
    return (fields[1], fields[4], fields[5].split("/")[1])


def _role_name(arn: str) -> RoleName | None:
    fields = arn.split(":", 5)
    if len(fields) != 6 or fields[2] != "iam" or not fields[5].startswith("role/"):
        return None
    return (fields[1], fields[4], fields[5].rpartition("/")[2])
