"""Derived signing keys, remembered."""

from collections import OrderedDict
from hashlib import sha256
from hmac import digest

from iamd.wire.sigv4.claim import Claim


def derive_signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """AWS4 key derivation: four HMACs (IAM User Guide, "Create a signed AWS API request")."""
    key = digest(b"AWS4" + secret.encode("utf-8"), date.encode("utf-8"), "sha256")
    for part in (region, service, "aws4_request"):
        key = digest(key, part.encode("utf-8"), "sha256")
    return key


class SigningKeys:
    """A bounded cache of derived keys, least recently used out first; one per worker.

    The secret's digest is part of the key, so a re-issued secret under the same id never meets an old entry.
    """

    def __init__(self, size: int = 2048) -> None:
        self._size = size
        self._keys: OrderedDict[tuple[str, bytes, str, str, str], bytes] = OrderedDict()

    def get(self, claim: Claim, secret: str) -> tuple[bytes, bool]:
        """The signing key, and whether it was remembered."""
        name = (claim.access_key_id, sha256(secret.encode("utf-8")).digest(), claim.date, claim.region, claim.service)
        key = self._keys.get(name)
        if key is not None:
            self._keys.move_to_end(name)
            return key, True
        return self._derive(name, claim, secret), False

    def _derive(self, name: tuple[str, bytes, str, str, str], claim: Claim, secret: str) -> bytes:
        key = derive_signing_key(secret, claim.date, claim.region, claim.service)
        self._keys[name] = key
        if len(self._keys) > self._size:
            self._keys.popitem(last=False)
        return key
