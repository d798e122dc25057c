"""Accounts and their settings."""

from dataclasses import dataclass

from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class Account:
    """`password_policy` is the JSON of IAM's PasswordPolicy as it was set, None for AWS's default."""

    id: str
    name: str
    created_at: Millis
    root_email: str
    root_password_hash: str
    canonical_id: str
    alias: str | None = None
    password_policy: str | None = None


@dataclass(frozen=True, slots=True)
class AccountAlias:
    """Aliases are unique over all accounts."""

    alias: str
    account: str


ACCOUNTS = Kind(
    "accounts",
    Account,
    key=("id",),
    unique={"canonical": ("canonical_id",)},
    orders={"email": ("root_email",)},
    topics=lambda account: (f"account:{account.id}",),
)
ACCOUNT_ALIASES = Kind("account_aliases", AccountAlias, key=("alias",), orders={"account": ("account",)})
