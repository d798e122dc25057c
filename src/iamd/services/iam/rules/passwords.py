"""The account's password policy and what it asks of a password (IAM User Guide, "Set an account password policy")."""

import json
from collections.abc import Mapping
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.stores.ports.accounts import Account

SYMBOLS: Final = frozenset("!@#$%^&*()_+-=[]{}|'")
REMEMBERED: Final = 24
"""As many passwords, the present one included, as `PasswordReusePrevention` can name."""
_DEFAULT_LENGTH: Final = 8
_DEFAULT_KINDS: Final = 3
_DAY_MS: Final = 86_400_000


def policy_of(account: Account) -> Mapping[str, Any] | None:
    """IAM's PasswordPolicy as the account set it, None where AWS's default holds."""
    return None if account.password_policy is None else json.loads(account.password_policy)


def check_password(password: str, account: Account) -> None:
    """Raises PasswordPolicyViolation."""
    policy = policy_of(account)
    kinds = {
        "RequireUppercaseCharacters": any("A" <= character <= "Z" for character in password),
        "RequireLowercaseCharacters": any("a" <= character <= "z" for character in password),
        "RequireNumbers": any("0" <= character <= "9" for character in password),
        "RequireSymbols": not SYMBOLS.isdisjoint(password),
    }
    if policy is None:
        own_names = {account.name.casefold(), account.root_email.casefold()}
        fits = (
            len(password) >= _DEFAULT_LENGTH
            and sum(kinds.values()) >= _DEFAULT_KINDS
            and password.casefold() not in own_names
        )
    else:
        missing = [kind for kind, there in kinds.items() if policy[kind] and not there]
        fits = len(password) >= policy["MinimumPasswordLength"] and not missing
    if not fits:
        raise password_refused()


def reuse_limit(account: Account) -> int:
    """How many passwords, counted from the present one, may not be taken again."""
    policy = policy_of(account)
    return 0 if policy is None else int(policy.get("PasswordReusePrevention", 0))


def is_expired(account: Account, changed_at: int, now: int) -> bool:
    """Whether a password of this age (times in milliseconds) must be replaced before anything else."""
    policy = policy_of(account)
    days = None if policy is None else policy.get("MaxPasswordAge")
    return days is not None and now >= changed_at + int(days) * _DAY_MS


def needs_administrator(account: Account) -> bool:
    """Whether users cannot replace an expired password themselves."""
    policy = policy_of(account)
    return policy is not None and bool(policy.get("HardExpiry", False))


def password_refused() -> AwsError:
    return AwsError("PasswordPolicyViolation", "Password does not conform to the account password policy.")
