"""Last-used stamps of keys and roles: those that wait, laid over those that are kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NoReturn, Protocol, TypeVar

from iamd.stores.ports.credentials import AccessKeyUse
from iamd.stores.ports.identities import Millis, RoleUse
from iamd.stores.ports.records import Records, Value
from iamd.stores.ports.state import State


class Stamp(Protocol):
    @property
    def at(self) -> Millis: ...


R = TypeVar("R", bound=Stamp)


class Overlaid(Generic[R]):
    """Committed records, read only; those that `waiting` finds by key come first. Pages show what is kept."""

    def __init__(self, kept: Records[R], waiting: Callable[[tuple[Value, ...]], R | None]) -> None:
        self._kept = kept
        self._waiting = waiting

    def get(self, *key: Value) -> R | None:
        waiting, kept = self._waiting(key), self._kept.get(*key)
        # As `stamp` decides it: a clock that went back makes nothing older.
        return kept if waiting is None or (kept is not None and kept.at > waiting.at) else waiting

    def find(self, by: str, *values: Value) -> R | None:
        return self._kept.find(by, *values)

    def page(
        self,
        by: str,
        *equal: Value,
        starts: str | bytes | None = None,
        after: Sequence[Value] | None = None,
        since: Sequence[Value] | None = None,
        limit: int | None = None,
    ) -> list[R]:
        return self._kept.page(by, *equal, starts=starts, after=after, since=since, limit=limit)

    def count(self, by: str, *equal: Value) -> int:
        return self._kept.count(by, *equal)

    def insert(self, record: R) -> None:
        self._refuse(record)

    def replace(self, record: R) -> None:
        self._refuse(record)

    def put(self, record: R) -> None:
        self._refuse(record)

    def delete(self, *key: Value) -> R | None:
        self._refuse(key)

    def _refuse(self, what: object) -> NoReturn:
        raise TypeError(f"the committed state is read only: {what!r}")


def stamp(state: State, key_uses: Iterable[AccessKeyUse], role_uses: Iterable[RoleUse]) -> None:
    """Keep the newest stamp of what still exists: another worker may have been faster, or somebody has deleted it."""
    for key_use in key_uses:
        known = state.access_key_uses.get(key_use.key_id)
        if (known is None or known.at < key_use.at) and state.access_keys.get(key_use.key_id) is not None:
            state.access_key_uses.put(key_use)
    for role_use in role_uses:
        earlier = state.role_uses.get(role_use.account, role_use.role_id)
        is_newer = earlier is None or earlier.at < role_use.at
        if is_newer and state.roles.find("id", role_use.account, role_use.role_id) is not None:
            state.role_uses.put(role_use)
