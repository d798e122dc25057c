"""One-time codes of virtual MFA devices: RFC 6238 with SHA-1, thirty seconds and six digits."""

from base64 import b32decode
from collections.abc import Iterable
from hmac import compare_digest, digest
from typing import Final

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SEED_BYTES: Final = 40
"""As AWS draws them: 64 characters of base32."""
_WINDOW: Final = 1
"""Steps before and after the expected one that are taken too: the way of a code, and a clock that is a little off."""
_RESYNC_WINDOW: Final = 2880
"""A day each way: how far a device may have drifted that two consecutive codes still find it."""


def step_at(now_ms: int) -> int:
    return now_ms // (STEP_SECONDS * 1000)


def code_at(seed: bytes, step: int) -> str:
    """The code of a step (RFC 4226, section 5.3)."""
    mac = digest(seed, step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).rjust(DIGITS, "0")


def seed_of(base32: str) -> bytes:
    """The seed behind its base32 text."""
    return b32decode(base32)


def find_step(seed: bytes, code: str, *, expected: int, used: int) -> int | None:
    """The step near `expected` whose code this is, later than `used`; None if there is none.

    INVARIANT: a code that was taken, and every earlier one, is never taken again.
    """
    found = None
    for step in _near(expected, _WINDOW):
        if compare_digest(code_at(seed, step), code) and step > used:
            found = step
    return found


def find_consecutive(seed: bytes, first: str, second: str, *, now: int, used: int) -> int | None:
    """The step of `second` where both codes follow each other, `first` later than `used`; the one nearest to `now`."""
    for step in sorted(_near(now, _RESYNC_WINDOW), key=lambda each: abs(each - now)):
        if (
            step > used
            and compare_digest(code_at(seed, step), first)
            and compare_digest(code_at(seed, step + 1), second)
        ):
            return step + 1
    return None


def _near(step: int, steps: int) -> Iterable[int]:
    return range(max(0, step - steps), step + steps + 1)
