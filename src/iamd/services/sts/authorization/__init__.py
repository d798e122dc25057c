"""What every built operation of this service must be allowed, by operation name."""

from collections.abc import Mapping
from typing import Final

from iamd.authz.check import Checks
from iamd.services.sts.authorization.sessions import SESSIONS

CHECKS: Final[Mapping[str, Checks]] = {
    **SESSIONS,
}
