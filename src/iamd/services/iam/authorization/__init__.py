"""What every built operation of this service must be allowed, by operation name."""

from collections.abc import Mapping
from typing import Final

from iamd.authz.check import Checks
from iamd.services.iam.authorization.access_keys import ACCESS_KEYS
from iamd.services.iam.authorization.account import ACCOUNT
from iamd.services.iam.authorization.groups import GROUPS
from iamd.services.iam.authorization.login_profiles import LOGIN_PROFILES
from iamd.services.iam.authorization.mfa_devices import MFA_DEVICES
from iamd.services.iam.authorization.policies import POLICIES
from iamd.services.iam.authorization.roles import ROLES
from iamd.services.iam.authorization.simulation import SIMULATION
from iamd.services.iam.authorization.users import USERS

CHECKS: Final[Mapping[str, Checks]] = {
    **ACCESS_KEYS,
    **ACCOUNT,
    **GROUPS,
    **LOGIN_PROFILES,
    **MFA_DEVICES,
    **POLICIES,
    **ROLES,
    **SIMULATION,
    **USERS,
}
