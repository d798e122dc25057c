"""Console sessions, and the sign-ins that failed lately."""

from dataclasses import dataclass

from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A session of the web console; the cookie's text is nowhere, `token_hash` is its SHA-256 in hex.

    `id` is what its owner calls it by. `user_id` is the account number for root. `password_mark` stands for the
    password that was given: the session is over once that is no longer the one. `seen_at` is written now and then only.
    `mfa_at` is when a code was given, None without one. `access_key_id` names the session where AWS names temporary
    keys; there is no secret behind it.
    """

    token_hash: str
    id: str
    account: str
    user_id: str
    access_key_id: str
    password_mark: str
    started_at: Millis
    expires_at: Millis
    seen_at: Millis
    source_ip: str
    user_agent: str
    mfa_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class SigninFailures:
    """Sign-ins that did not succeed, for `subject` (a hash of who was named) from `address`, since `since`."""

    subject: str
    address: str
    since: Millis
    count: int


CONSOLE_SESSIONS = Kind(
    "console_sessions",
    ConsoleSession,
    key=("token_hash",),
    unique={"id": ("id",)},
    orders={"user": ("account", "user_id", "started_at"), "expiry": ("expires_at",)},
)
SIGNIN_FAILURES = Kind(
    "signin_failures",
    SigninFailures,
    key=("subject", "address"),
    orders={"since": ("since",)},
)
