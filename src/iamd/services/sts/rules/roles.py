"""The role that an AssumeRole call names."""

from iamd.model.arn import Arn
from iamd.model.errors import validation_error
from iamd.stores.ports.identities import Role
from iamd.stores.ports.state import State


def role_arn(text: str) -> Arn:
    """Raises ValidationError for text that is no role's ARN."""
    try:
        arn = Arn.parse(text)
    except ValueError:
        raise validation_error("Request ARN is invalid") from None
    if (arn.service, arn.region) != ("iam", "") or not arn.resource.startswith("role/"):
        raise validation_error("Request ARN is invalid")
    return arn


def find_role(state: State, text: str) -> Role | None:
    """The role with exactly this ARN, in whatever account."""
    arn = role_arn(text)
    role = state.roles.get(arn.account, arn.resource.rpartition("/")[2])
    return role if role is not None and role.arn == text else None
