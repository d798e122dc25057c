"""Envelope encryption of secrets that must be readable again.

A sealed secret is: version (1 byte), the master key's id (8), nonce (12), the wrapped data key (48), nonce (12), the
text with its tag. Both layers are AES-256-GCM over the same context, so a secret cannot be moved to another row.
"""

import secrets
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_HEAD: Final = 9
_NONCE: Final = 12
_WRAPPED: Final = 48
_SHORTEST: Final = _HEAD + _NONCE + _WRAPPED + _NONCE + 16


class UnsealError(Exception):
    """Sealed under another key or for another context, or altered."""


class Sealer:
    """Seals under one master key and opens what that key or an older one sealed."""

    def __init__(self, master_key: bytes, *older: bytes) -> None:
        self.key_id = _key_id(master_key)
        self._ciphers = {_key_id(key): AESGCM(key) for key in (*older, master_key)}

    def seal(self, secret: bytes, *context: str) -> bytes:
        """`context` names what the secret belongs to (`account`, `access key id`, …) and must be given to open it."""
        bound = _bound(context)
        data_key = AESGCM.generate_key(256)
        nonce, data_nonce = secrets.token_bytes(_NONCE), secrets.token_bytes(_NONCE)
        head = _VERSION + self.key_id
        wrapped = self._ciphers[self.key_id].encrypt(nonce, data_key, head + bound)
        return b"".join((head, nonce, wrapped, data_nonce, AESGCM(data_key).encrypt(data_nonce, secret, bound)))

    def open(self, sealed: bytes, *context: str) -> bytes:
        """Raises UnsealError."""
        cipher = self._ciphers.get(sealed[1:_HEAD])
        if sealed[:1] != _VERSION or len(sealed) < _SHORTEST or cipher is None:
            raise UnsealError("not sealed by this master key")
        bound = _bound(context)
        wrapped_at = _HEAD + _NONCE
        data_at = wrapped_at + _WRAPPED
        try:
            data_key = cipher.decrypt(sealed[_HEAD:wrapped_at], sealed[wrapped_at:data_at], sealed[:_HEAD] + bound)
            return AESGCM(data_key).decrypt(sealed[data_at : data_at + _NONCE], sealed[data_at + _NONCE :], bound)
        except InvalidTag:
            raise UnsealError("altered, or sealed for something else") from None


def _key_id(key: bytes) -> bytes:
    return sha256(b"iamd master key" + key).digest()[:8]


def _bound(context: tuple[str, ...]) -> bytes:
    """The context's parts, each behind its length, so that no two contexts read alike."""
    parts = [part.encode("utf-8") for part in context]
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])
