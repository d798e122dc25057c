"""Who stands behind a long-term key."""

from iamd.authz.caller import Caller, Identity
from iamd.model.principal import Principal, PrincipalKind


class Callers:
    """Who comes with a long-term key, kept while the identity behind it is the very same object."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._callers: dict[str, Caller] = {}

    def of(self, key_id: str, identity: Identity) -> Caller:
        known = self._callers.get(key_id)
        if known is not None and known.identity is identity:
            return known
        if len(self._callers) >= self._capacity:
            self._callers.clear()
        caller = Caller(principal=principal_of(identity), access_key_id=key_id, identity=identity, tags=identity.tags)
        self._callers[key_id] = caller
        return caller


def principal_of(identity: Identity) -> Principal:
    """A user or root acting as itself."""
    kind = PrincipalKind.ROOT if identity.is_root else PrincipalKind.USER
    return Principal(kind, identity.arn, identity.account, identity.id)
