"""A request as the statements look at it: derived once per decision."""

from typing import NamedTuple

from iamd.model.principal import Principal
from iamd.policy.variables import Context


class Facts(NamedTuple):
    """`action` and `service` are lower-case."""

    principal: Principal
    action: str
    service: str
    resource: str
    context: Context
    has_boundary: bool
