"""Virtual MFA devices."""

from dataclasses import dataclass

from iamd.model.tags import Tags
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class MfaDevice:
    """A device that shows six digits every thirty seconds; `serial` is its ARN.

    `sealed_seed` is its seed encrypted under the master key. `user_id` is whom it is assigned to (the account number
    for root), None as long as it is nobody's. `used_step` is the time step of the last code that was taken: neither
    that nor an earlier one is taken again. `drift` is how many steps the device was found ahead of this server's clock.
    """

    account: str
    serial: str
    created_at: Millis
    sealed_seed: bytes
    user_id: str | None = None
    enabled_at: Millis | None = None
    used_step: int = 0
    drift: int = 0
    tags: Tags = ()


MFA_DEVICES = Kind(
    "mfa_devices",
    MfaDevice,
    key=("account", "serial"),
    orders={"user": ("account", "user_id")},
)
