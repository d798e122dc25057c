"""Who calls: a verified someone, never a name from the caller's word."""

from dataclasses import dataclass
from enum import Enum


class PrincipalKind(Enum):
    """The values are the words of CloudTrail's `userIdentity.type`."""

    ROOT = "Root"
    USER = "IAMUser"
    ASSUMED_ROLE = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    SERVICE = "AWSService"
    PROVIDER = "WebIdentityUser"
    ANONYMOUS = "Anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller.

    `arn` is the caller's own ARN: user, `assumed-role/NAME/SESSION`, `federated-user/NAME` or `:root`; a service
    principal's name (`ec2.amazonaws.com`) or a provider's ARN for those kinds; None when anonymous.
    `account` is None for services, providers and anonymous callers.
    `unique_id` is the user's AIDA…, the account number for root, `AROA…:SESSION` for a session, `ACCOUNT:NAME` for a
    federated user; "" where nothing is known (offline decisions).
    `issuer_arn` and `issuer_id` are the role behind a session (its ARN with path) or the user behind a federated one.
    """

    kind: PrincipalKind
    arn: str | None
    account: str | None
    unique_id: str = ""
    issuer_arn: str | None = None
    issuer_id: str | None = None
    session_name: str | None = None


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, None, None)
