"""Codes of MFA devices held against what is stored of them."""

from collections.abc import Iterable
from dataclasses import replace

from iamd.credentials.sealing import Sealer
from iamd.credentials.totp import find_step, step_at
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.state import State


def seal_seed(sealer: Sealer, seed: bytes, account: str, serial: str) -> bytes:
    return sealer.seal(seed, "mfa-seed", account, serial)


def seed_of_device(sealer: Sealer, device: MfaDevice) -> bytes:
    return sealer.open(device.sealed_seed, "mfa-seed", device.account, device.serial)


def fitting_step(sealer: Sealer, device: MfaDevice, code: str, now_ms: int) -> int | None:
    """The step whose code this is, None if it fits none near now or was taken before."""
    expected = step_at(now_ms) + device.drift
    return find_step(seed_of_device(sealer, device), code, expected=expected, used=device.used_step)


def take_code(state: State, sealer: Sealer, devices: Iterable[MfaDevice], code: str, now_ms: int) -> MfaDevice | None:
    """Takes the code from the device that shows it, in the caller's transaction; None if none does.

    INVARIANT: of any number of calls with the same code one commits. The drift follows the device.
    """
    for device in devices:
        step = fitting_step(sealer, device, code, now_ms)
        if step is not None:
            state.mfa_devices.replace(replace(device, used_step=step, drift=step - step_at(now_ms)))
            return device
    return None
