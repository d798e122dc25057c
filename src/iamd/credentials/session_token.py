"""Session tokens: self-contained, authenticated, opened by any node that has the key ring.

A token is base64 of: version (1 byte), the length of the key's id (1), that id, nonce (12), AES-256-GCM of the packed
facts. The header and the access key id are authenticated with it, so a token fits one access key only.
"""

import secrets
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import digest
from typing import Final

import orjson
from cryptography.exceptions import InvalidTag

from iamd.credentials.key_ring import KeyRing
from iamd.credentials.session_facts import SessionFacts, deflate, pack, unpack
from iamd.model.errors import AwsError

LONGEST_TOKEN: Final = 4096
ALLOTTED: Final = 1900
"""Bytes of packed policies and tags that are 100 percent: what a token has room for beside the longest names."""

_VERSION: Final = 1
_NONCE: Final = 12
_TAG: Final = 16


class InvalidSessionTokenError(Exception):
    """A token that is altered, cut, made elsewhere, or not this access key's."""


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """`packed_size` is AWS's PackedPolicySize in percent, 0 where no policy and no tag was given."""

    facts: SessionFacts
    token: str = field(repr=False)
    packed_size: int = 0


def packed_policy_size(facts: SessionFacts) -> int:
    """Percent of the allotted space that session policies, their ARNs and the tags take, rounded up."""
    if not (facts.policies or facts.policy_arns or facts.tags):
        return 0
    plain = orjson.dumps((facts.policies, facts.policy_arns, facts.tags, facts.transitive_tag_keys))
    return -(-len(deflate(plain)) * 100 // ALLOTTED)


def _too_large(facts: SessionFacts, percent: int) -> AwsError:
    what = "Packed policy" if facts.policies or facts.policy_arns else "Packed size of session tags"
    return AwsError("PackedPolicyTooLarge", f"{what} consumes {percent}% of allotted space.")


class SessionTokens:
    """Makes and opens tokens; remembers the last ones opened, whole text by whole text.

    `ring` gives the key ring of the moment: tokens of a key that left it are refused from then on. Expiry, and whether
    the issuer still exists, are the caller's to check at every call.
    """

    def __init__(self, ring: Callable[[], KeyRing], size: int = 1024) -> None:
        self._ring = ring
        self._opened_with: KeyRing | None = None
        self._size = size
        self._opened: OrderedDict[str, SessionFacts] = OrderedDict()

    def issue(self, facts: SessionFacts) -> IssuedSession:
        """Raises AwsError PackedPolicyTooLarge."""
        percent = packed_policy_size(facts)
        if percent > 100:
            raise _too_large(facts, percent)
        ring = self._ring()
        key_id = ring.current
        key = ring.get(key_id)
        if key is None:
            raise KeyError(key_id)
        head = bytes((_VERSION, len(key_id))) + key_id.encode("ascii")
        nonce = secrets.token_bytes(_NONCE)
        sealed = key.cipher.encrypt(nonce, pack(facts), head + facts.access_key_id.encode("utf-8"))
        token = b64encode(head + nonce + sealed).decode("ascii")
        if len(token) > LONGEST_TOKEN:
            raise _too_large(facts, max(percent, 101))
        secret = _secret(key.secret_root, nonce, facts.access_key_id)
        return IssuedSession(facts.with_secret(secret), token, percent)

    def open_token(self, token: str, access_key_id: str) -> SessionFacts:
        """Raises InvalidSessionTokenError."""
        ring = self._ring()
        if ring is not self._opened_with:
            self._opened_with = ring
            self._opened.clear()
        facts = self._opened.get(token)
        if facts is not None and facts.access_key_id == access_key_id:
            self._opened.move_to_end(token)
            return facts
        facts = _decrypt(ring, token, access_key_id)
        self._opened[token] = facts
        if len(self._opened) > self._size:
            self._opened.popitem(last=False)
        return facts


def _decrypt(ring: KeyRing, token: str, access_key_id: str) -> SessionFacts:
    if len(token) > LONGEST_TOKEN:
        raise InvalidSessionTokenError
    try:
        raw = b64decode(token.encode("ascii"), validate=True)
        version, length = raw[0], raw[1]
        at = 2 + length
        key = ring.get(raw[2:at].decode("ascii"))
        # Base64 ignores its last bits; only the one canonical text is a token.
        if version != _VERSION or key is None or len(raw) < at + _NONCE + _TAG or b64encode(raw).decode() != token:
            raise InvalidSessionTokenError
        nonce = raw[at : at + _NONCE]
        packed = key.cipher.decrypt(nonce, raw[at + _NONCE :], raw[:at] + access_key_id.encode("utf-8"))
        return unpack(packed, access_key_id, _secret(key.secret_root, nonce, access_key_id))
    except (ValueError, IndexError, TypeError, InvalidTag):
        raise InvalidSessionTokenError from None


def _secret(root: bytes, nonce: bytes, access_key_id: str) -> str:
    """40 characters that only a holder of the ring can compute, so no store need keep them.

    The nonce makes them the session's own even if chance gives two sessions one access key id.
    """
    return b64encode(digest(root, nonce + access_key_id.encode("utf-8"), "sha256")[:30]).decode("ascii")
