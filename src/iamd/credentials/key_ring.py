"""The keys that session tokens are made with."""

import secrets
from collections.abc import Mapping
from hmac import digest
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LONGEST_ID: Final = 64


class RingKey:
    """One key: a cipher for the tokens, and the root of their sessions' secrets."""

    __slots__ = ("cipher", "secret_root")

    def __init__(self, key: bytes) -> None:
        self.cipher = AESGCM(key)
        self.secret_root = digest(key, b"iamd session secret", "sha256")


class KeyRing:
    """Keys by id: the current one makes tokens, all of them open tokens. A ring never changes; rotation makes another.

    A key leaves the ring once the last token that it made has expired.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        """Raises ValueError for a key that is not 32 bytes, an id that fits no header, or no current key."""
        for key_id, key in keys.items():
            if len(key) != 32 or not key_id.isascii() or not 0 < len(key_id) <= _LONGEST_ID:
                raise ValueError("a key ring holds 32-byte keys under short ASCII ids")
        if current not in keys:
            raise ValueError("the current key is not in the ring")
        self.current = current
        self._keys = {key_id: RingKey(key) for key_id, key in keys.items()}

    def get(self, key_id: str) -> RingKey | None:
        return self._keys.get(key_id)

    def __repr__(self) -> str:
        return f"KeyRing({sorted(self._keys)}, current={self.current!r})"


def new_ring_key() -> tuple[str, bytes]:
    """A new key and its id, for the store to seal and keep."""
    return secrets.token_hex(4), secrets.token_bytes(32)
