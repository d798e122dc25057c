"""The one source of chance that the rest of the house is handed."""

import os
import secrets

from iamd.model import ids


class Ids:
    """New identifiers and secrets. Safe to share between threads and to carry through a fork.

    Request, event and session ids are drawn from blocks, 16 bytes apiece, for speed; secrets and keys straight from
    the system.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._process = os.getpid()

    def unique_id(self, prefix: str) -> str:
        return ids.unique_id(prefix, secrets.token_bytes)

    def access_key_id(self, account: str, prefix: str = ids.ACCESS_KEY) -> str:
        return ids.access_key_id(prefix, account, secrets.token_bytes)

    def secret_key(self) -> str:
        return ids.secret_key(secrets.token_bytes)

    def request_id(self, now_ms: int) -> str:
        return ids.request_id(now_ms, self._piece)

    def s3_request_id(self, now_ms: int) -> str:
        return ids.s3_request_id(now_ms, self._piece)

    def event_id(self) -> str:
        return ids.uuid(self._piece)

    def session_id(self) -> str:
        """What a console session is named by; not what opens it."""
        return ids.uuid(self._piece)

    def s3_host_id(self) -> str:
        return ids.s3_host_id(secrets.token_bytes)

    def version_id(self) -> str:
        return ids.version_id(secrets.token_bytes)

    def internal_id(self) -> str:
        return ids.internal_id(secrets.token_bytes)

    def token_bytes(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def _piece(self, _size: int) -> bytes:
        """16 bytes that nobody else gets: `pop` is atomic, and a forked child throws its parent's block away."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._pieces = []
        try:
            return self._pieces.pop()
        except IndexError:
            block = secrets.token_bytes(4096)
            self._pieces = [block[at : at + 16] for at in range(16, 4096, 16)]
            return block[:16]
