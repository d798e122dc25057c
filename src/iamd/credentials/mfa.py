"""Codes of MFA devices held against what is stored of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from iamd.credentials import attempts
from iamd.credentials.sealing import Sealer
from iamd.credentials.totp import find_consecutive, find_step, step_at
from iamd.model.errors import AwsError
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.state import State

ANYWHERE: Final = "*"
"""Wrong codes count whatever address they come from: six digits would not withstand a thousand of those."""


class WrongCodeError(AwsError):
    """An answer to a code that no device of its user showed; the failure counts for every one of `serials`.

    What stands for a password that was guessed at from within may be one of those.
    """

    def __init__(self, answer: AwsError, serials: Iterable[str]) -> None:
        super().__init__(answer.code, answer.message, answer.status)
        self.serials = tuple(serials)


def seal_seed(sealer: Sealer, seed: bytes, account: str, serial: str) -> bytes:
    return sealer.seal(seed, "mfa-seed", account, serial)


def fitting_step(state: State, sealer: Sealer, device: MfaDevice, code: str, now_ms: int) -> int | None:
    """The step whose code this is; None if it fits none near now, was taken before, or too many were wrong lately."""
    if attempts.is_locked(state, device.serial, ANYWHERE, now_ms):
        return None
    expected = step_at(now_ms) + device.drift
    return find_step(_seed(sealer, device), code, expected=expected, used=device.used_step)


def take_code(state: State, sealer: Sealer, devices: Iterable[MfaDevice], code: str, now_ms: int) -> MfaDevice | None:
    """Takes the code from the device that shows it, in the caller's transaction; None if none does.

    INVARIANT: of any number of calls with the same code one commits. The drift follows the device.
    """
    for device in devices:
        step = fitting_step(state, sealer, device, code, now_ms)
        if step is not None:
            state.mfa_devices.replace(replace(device, used_step=step, drift=step - step_at(now_ms)))
            attempts.forget(state, device.serial, ANYWHERE)
            return device
    return None


def take_two_codes(sealer: Sealer, device: MfaDevice, first: str, second: str, now_ms: int) -> MfaDevice | None:
    """The device as two consecutive codes find it, however its clock has drifted; None if they do not follow."""
    now = step_at(now_ms)
    step = find_consecutive(_seed(sealer, device), first, second, now=now, used=device.used_step)
    return None if step is None else replace(device, used_step=step, drift=step - now)


def count_wrong_code(state: State, wrong: WrongCodeError, now_ms: int) -> None:
    for serial in wrong.serials:
        attempts.count(state, serial, ANYWHERE, now_ms)


def _seed(sealer: Sealer, device: MfaDevice) -> bytes:
    return sealer.open(device.sealed_seed, "mfa-seed", device.account, device.serial)
