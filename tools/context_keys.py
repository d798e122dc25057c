"""The page docs/reference/context-keys.md: which documented condition keys the server fills, as seen by a probe.

`tools/coverage.py` writes it with the other pages; `faults` is what a test wants empty.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from iamd.bootstrap.compose import services
from iamd.kernel.service import Service
from iamd.reference.facts import read_facts
from iamd.reference.services import ServiceReference
from tools.context_probe import probe

REFERENCE: Final = ServiceReference()
GLOBAL: Final = "aws:"
TAG_KEYS: Final = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
"""The global keys that the reference documents action by action."""


@dataclass(slots=True)
class ActionKeys:
    """One action that built operations ask for. Keys are spelled as the reference spells them, `${TagKey}` and all."""

    operations: set[str] = field(default_factory=set)
    documented: frozenset[str] = frozenset()
    filled: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Line:
    """A reasoned exception of the facts file."""

    service: str
    keys: tuple[str, ...]
    actions: tuple[str, ...]
    reason: str

    def covers(self, action: str, key: str) -> bool:
        named = not self.actions or action in self.actions
        return named and any(fnmatchcase(key.lower(), pattern.lower()) for pattern in self.keys)


def lines(facts: Mapping[str, Any], table: str, service: str) -> list[Line]:
    return [
        Line(each["service"], tuple(each["keys"]), tuple(each.get("actions", ())), each["reason"])
        for each in facts[table]
        if each["service"] == service
    ]


@cache
def facts() -> dict[str, Any]:
    return read_facts("context_keys")


@cache
def actions_of(name: str) -> dict[str, ActionKeys]:
    """Every action that a service's built operations ask for, by its name."""
    service = next(each for each in services() if each.name == name)
    found: dict[str, ActionKeys] = defaultdict(ActionKeys)
    for seen in probe(service):
        entry = found[seen.action]
        entry.operations.add(seen.operation)
        entry.documented = entry.documented or documented(seen.action)
        entry.filled |= {spelled(seen.action, key) for key in seen.keys if is_of_action(key)}
    return found


@cache
def global_keys() -> frozenset[str]:
    """The global keys that any probe brought, spelled as in the facts file where that lists them."""
    listed = [*facts()["present"], *facts()["absent"]]
    known = {key.lower().partition("$")[0]: key for key in listed}
    seen = (key for service in services() for each in probe(service) for key in each.keys if key.startswith(GLOBAL))
    return frozenset(known.get(key) or known.get(key.partition("/")[0] + "/") or key for key in seen)


def is_of_action(key: str) -> bool:
    return not key.startswith(GLOBAL) or key.startswith(TAG_KEYS)


def documented(action: str) -> frozenset[str]:
    """The keys of an action and of its resource types."""
    prefix, _, _ = action.partition(":")
    service, entry = REFERENCE.service(prefix), REFERENCE.action(action)
    if service is None or entry is None:
        raise LookupError(f"the reference has no action {action}")
    keys = set(entry.condition_keys)
    for resource in entry.resources:
        keys |= {*resource.condition_keys, *service.resource_types[resource.name.lower()].condition_keys}
    return frozenset(keys)


def spelled(action: str, key: str) -> str:
    service = REFERENCE.service(action.partition(":")[0])
    known = service.condition_key(key) if service is not None else None
    return key if known is None else known.name


def faults() -> Iterator[str]:
    """Everything that is documented and neither filled nor excepted, filled and not documented, or excepted in vain."""
    kept = facts()
    yield from (f"{key}: nothing fills it" for key in kept["present"].keys() - global_keys())
    yield from (f"{key}: filled and not listed as present" for key in global_keys() - kept["present"].keys())
    for service in services():
        never, beside = (lines(kept, table, service.name) for table in ("never", "beside"))
        used: set[Line] = set()
        for action, keys in actions_of(service.name).items():
            for found, excuses, fault in (
                (keys.documented - keys.filled, never, "documented, and nothing fills it"),
                (keys.filled - keys.documented, beside, "filled, and not documented"),
            ):
                for key in sorted(found):
                    excuse = next((line for line in excuses if line.covers(action, key)), None)
                    if excuse is None:
                        yield f"{action} {key}: {fault}"
                    else:
                        used.add(excuse)
        idle = (line for line in (*never, *beside) if line not in used)
        yield from (f"{line.service} {line.keys}: this line says nothing" for line in idle)


def page() -> str:
    return "\n".join([*_head(), *(line for service in services() for line in _section(service))]) + "\n"


def _head() -> Iterator[str]:
    kept = facts()
    yield from (
        "# Condition keys",
        "",
        "Generated from the code by `make coverage`; do not edit. A key is listed because a probe of the services' own",
        "tables brought it: nothing is declared. What is documented for a built action, and neither filled nor",
        "listed here with its reason, fails a test. Values come from facts that the server established itself, a",
        "verified token, the socket, what is stored, never from the caller's word.",
        "",
        "## Global keys",
        "",
        "| key | present |",
        "|---|---|",
    )
    yield from (f"| `{key}` | {kept['present'][key]} |" for key in sorted(kept["present"], key=str.lower))
    yield from ("", "Never present:", "", "| key | because |", "|---|---|")
    reasons: dict[str, list[str]] = defaultdict(list)
    for key in sorted(kept["absent"], key=str.lower):
        reasons[kept["absent"][key]].append(key)
    yield from (f"| {_listed(keys)} | {reason} |" for reason, keys in reasons.items())


def _section(service: Service) -> Iterator[str]:
    actions = actions_of(service.name)
    everywhere = frozenset.intersection(*(frozenset(keys.filled) for keys in actions.values()))
    yield from ("", f"## `{service.name}`", "")
    if everywhere:
        yield from (f"Every action has {_listed(everywhere)}.", "")
    yield from ("| action | asked by | its own keys |", "|---|---|---|")
    for action in sorted(actions):
        keys = actions[action]
        operations = ", ".join(sorted(keys.operations))
        yield f"| `{action}` | {operations} | {_listed(keys.filled - everywhere)} |"
    for table, title in (("never", "Documented, and never there:"), ("beside", "There, and not documented:")):
        found = lines(facts(), table, service.name)
        if found:
            yield from ("", title, "", "| keys | actions | because |", "|---|---|---|")
            yield from (
                f"| {_listed(line.keys)} | {_listed(line.actions) or 'all'} | {line.reason} |" for line in found
            )


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in sorted(keys, key=str.lower))
