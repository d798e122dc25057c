"""What a decision says."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"


class Layer(Enum):
    """In the order in which explicit denies are named."""

    SCP = "SCP"
    RCP = "RCP"
    RESOURCE = "RESOURCE"
    IDENTITY = "IDENTITY"
    BOUNDARY = "BOUNDARY"
    SESSION = "SESSION"


@dataclass(frozen=True, slots=True)
class StatementRef:
    """A statement of a policy: `policy_arn` is None for inline and resource policies, `index` counts from 0.

    `policy_version` is the managed policy's (`v3`), None where nothing is known of it.
    """

    policy_arn: str | None
    policy_name: str
    index: int
    sid: str | None
    policy_version: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`statement` decided: the allow that granted, or the deny that was named first; None for an implicit deny.

    `blocked_by` is the first layer that stands in the way, `blocking` are all of them, both empty when allowed.
    """

    outcome: Outcome
    blocked_by: Layer | None
    statement: StatementRef | None
    blocking: tuple[Layer, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOWED
