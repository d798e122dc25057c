"""Passwords: Argon2id (RFC 9106). Slow by design: callers run it off the event loop."""

from base64 import b64encode
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type

_LONGEST: Final = 1024


class Passwords:
    """Hashes and checks. `memory` is in KiB; the defaults are RFC 9106's second choice."""

    def __init__(self, *, time: int = 3, memory: int = 65_536, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost=time, memory_cost=memory, parallelism=lanes, type=Type.ID)
        salt, digest = (b64encode(bytes(size)).decode("ascii").rstrip("=") for size in (16, 32))
        self._nobody = f"$argon2id$v=19$m={memory},t={time},p={lanes}${salt}${digest}"

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. None (no such user, no password) costs the same and never fits."""
        if len(password) > _LONGEST:
            stored, password = None, ""
        try:
            self._hasher.verify(self._nobody if stored is None else stored, password)
        except VerifyMismatchError:
            return False
        return stored is not None

    def needs_rehash(self, stored: str) -> bool:
        return self._hasher.check_needs_rehash(stored)
