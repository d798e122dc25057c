"""What the simulator calls the resource of an action that was asked about several."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from iamd.reference.services import ServiceReference

_ANYTHING: Final = "*"
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_MOST_SERVICES: Final = 16
"""Whose types are looked up for one answer: reading what the reference says of a service takes some milliseconds."""
_WITHIN_A_FIELD: Final = frozenset({"Partition", "Region", "Account"})


def resource_names(actions: Sequence[str], resources: Sequence[str]) -> list[str]:
    """One for each action.

    The one resource; of several the ARN template of their type (IAM API Reference, EvaluationResult), else `*`.
    """
    if len(resources) == 1:
        return [resources[0]] * len(actions)
    if len({action.partition(":")[0].lower() for action in actions}) > _MOST_SERVICES:
        return [_ANYTHING] * len(actions)
    return [_template(action, resources) for action in actions]


def _template(action: str, resources: Sequence[str]) -> str:
    known = _reference().action(action)
    service = _reference().service(action.partition(":")[0])
    if known is None or service is None:
        return _ANYTHING
    types = sorted(known.resources, key=lambda resource: not resource.required)
    templates = (service.resource_types[each.name.lower()].arn for each in types)
    return next((template for template in templates if _fits(template, resources[0])), _ANYTHING)


def _fits(template: str, resource: str) -> bool:
    pattern, start = "", 0
    for found in _PLACEHOLDER.finditer(template):
        pattern += re.escape(template[start : found.start()])
        pattern += "[^:]*" if found[1] in _WITHIN_A_FIELD else ".+"
        start = found.end()
    return re.fullmatch(pattern + re.escape(template[start:]), resource) is not None


@cache
def _reference() -> ServiceReference:
    return ServiceReference()
