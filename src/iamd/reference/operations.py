"""Which action an API operation is authorized by.

By default the action of the same name in the service's prefix; where AWS differs, `facts/operations.toml` says so.
"""

from functools import cached_property
from typing import Any

from iamd.reference.facts import read_facts
from iamd.reference.services import ServiceReference


class OperationActions:
    """Answers for the services of `facts/operations.toml`; every other service is unknown, and so unmapped."""

    def __init__(self, reference: ServiceReference) -> None:
        self._reference = reference

    def operation_action(self, service: str, operation: str, *, versioned: bool = False) -> str | None:
        """`prefix:Action` in the reference's spelling, or None where there is no mapping (such a call is denied).

        `service` is the service model's name (`s3`, `s3control`). `versioned`: the request names an object version.
        """
        facts = self._facts.get(service)
        if not isinstance(facts, dict):
            return None
        special: str | None = facts.get("versioned", {}).get(operation) if versioned else None
        special = special or facts.get("actions", {}).get(operation)
        if special:
            return special
        action = self._reference.action(f"{facts['prefix']}:{operation}")
        return f"{facts['prefix']}:{action.name}" if action else None

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return read_facts("operations")
