"""Finding the few statements that could apply: by exact action or service, then by how the resource begins."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Generic, Protocol, TypeVar

_WIDEST: Final = 512
"""A statement with more (action, resource) pairs than this is looked at whenever one of its actions fits."""

_FEW: Final = 3
"""So few statements are asked sooner than found."""


class Indexed(Protocol):
    @property
    def action_prefixes(self) -> Iterable[str]: ...
    @property
    def resource_prefixes(self) -> Iterable[str]: ...


S = TypeVar("S", bound=Indexed)


class _ByPrefix(Generic[S]):
    """Statements by the literal prefix of their resources; a look-up for each length that occurs."""

    __slots__ = ("_anywhere", "_by_prefix", "_lengths")

    def __init__(self, pairs: list[tuple[str, S]]) -> None:
        table: dict[str, list[S]] = defaultdict(list)
        for prefix, statement in pairs:
            entries = table[prefix]
            if not entries or entries[-1] is not statement:
                entries.append(statement)
        self._anywhere = tuple(table.pop("", ()))
        self._by_prefix = {prefix: tuple(entries) for prefix, entries in table.items()}
        self._lengths = tuple(sorted({len(prefix) for prefix in self._by_prefix}))

    def find(self, resource: str) -> Iterator[S]:
        yield from self._anywhere
        available = len(resource)
        for length in self._lengths:
            if length > available:
                return
            entries = self._by_prefix.get(resource[:length])
            if entries is not None:
                yield from entries


class StatementIndex(Generic[S]):
    """Statements of one effect."""

    __slots__ = ("_by_action", "_by_service", "_elsewhere", "_few", "is_empty")

    def __init__(self, statements: Iterable[S]) -> None:
        statements = tuple(statements)
        self.is_empty = not statements
        self._few = statements if len(statements) <= _FEW else ()
        by_action: dict[str, list[tuple[str, S]]] = defaultdict(list)
        by_service: dict[str, list[tuple[str, S]]] = defaultdict(list)
        elsewhere: list[tuple[str, S]] = []
        for statement in () if self._few else statements:
            prefixes = tuple(statement.resource_prefixes)
            actions = tuple(statement.action_prefixes)
            if len(prefixes) * len(actions) > _WIDEST:
                prefixes = ("",)
            pairs = [(prefix, statement) for prefix in prefixes]
            for action in set(actions):
                service, colon, name = action.partition(":")
                if not colon or set("*?") & set(service):
                    elsewhere += pairs
                elif set("*?") & set(name):
                    by_service[service] += pairs
                else:
                    by_action[action] += pairs
        self._by_action = {action: _ByPrefix(pairs) for action, pairs in by_action.items()}
        self._by_service = {service: _ByPrefix(pairs) for service, pairs in by_service.items()}
        self._elsewhere = _ByPrefix(elsewhere) if elsewhere else None

    def find(self, action: str, service: str, resource: str) -> Iterator[S]:
        """Every statement that may apply, some perhaps twice; `action` and `service` in lower case."""
        if self._few:
            yield from self._few
            return
        exact = self._by_action.get(action)
        if exact is not None:
            yield from exact.find(resource)
        wide = self._by_service.get(service)
        if wide is not None:
            yield from wide.find(resource)
        if self._elsewhere is not None:
            yield from self._elsewhere.find(resource)
