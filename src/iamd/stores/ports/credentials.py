"""Access keys, console passwords and the key ring of session tokens."""

from dataclasses import dataclass
from typing import Final

from iamd.model.values import value
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class AccessKey:
    """`sealed_secret` is the secret encrypted under the master key. `user_id` is the account number for root's keys."""

    id: str
    account: str
    user_id: str
    active: bool
    created_at: Millis
    sealed_secret: bytes


@value
class AccessKeyUse:
    """When a key was last used: written in batches, so no decision rests on it."""

    key_id: str
    at: Millis
    service: str
    region: str


@dataclass(frozen=True, slots=True)
class LoginProfile:
    """A console password. `history` holds earlier Argon2id hashes, newest first, separated by line feeds.

    `max_session_seconds` bounds new console sessions, None where nothing was set.
    """

    account: str
    user_id: str
    created_at: Millis
    password_hash: str
    reset_required: bool
    changed_at: Millis
    history: str = ""
    max_session_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key of the ring that encrypts session tokens, itself sealed under the master key."""

    id: str
    created_at: Millis
    sealed_key: bytes


ACCESS_KEYS = Kind(
    "access_keys",
    AccessKey,
    key=("id",),
    orders={"user": ("account", "user_id", "id")},
    topics=lambda key: (f"key:{key.id}",),
    unknown_when_new=True,
)
ACCESS_KEY_USES = Kind("access_key_uses", AccessKeyUse, key=("key_id",))
LOGIN_PROFILES = Kind(
    "login_profiles",
    LoginProfile,
    key=("account", "user_id"),
    topics=lambda profile: (f"id:{profile.account}:{profile.user_id}",),
)
TOKEN_KEYS_TOPIC: Final = "token-keys"  # noqa: S105  # a topic, not a secret
TOKEN_KEYS = Kind("token_keys", TokenKey, key=("id",), topics=lambda _: (TOKEN_KEYS_TOPIC,))
