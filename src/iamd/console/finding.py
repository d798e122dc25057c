"""Whom a sign-in names."""

import re
from dataclasses import dataclass
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.stores.ports.accounts import Account
from iamd.stores.ports.credentials import LoginProfile
from iamd.stores.ports.identities import User
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.state import State

_ACCOUNT: Final = re.compile("[0-9]{12}")
_LONGEST: Final = 1024


@dataclass(frozen=True, slots=True)
class SignIn:
    """What was typed in: root by `email`, a user by `account` (its id or alias) and `username`."""

    is_root: bool
    email: str
    account: str
    username: str
    password: str
    code: str | None

    def __repr__(self) -> str:
        return "SignIn(…)"


@dataclass(frozen=True, slots=True)
class Named:
    """Who that is, if anybody: `password_hash` is None where no password fits. `text` is the same for one spelling."""

    text: str
    is_root: bool
    account: Account | None
    user: User | None = None
    profile: LoginProfile | None = None

    @property
    def account_id(self) -> str:
        return "" if self.account is None else self.account.id

    @property
    def exists(self) -> bool:
        return self.account is not None and (self.is_root or self.user is not None)

    @property
    def user_id(self) -> str:
        return self.account_id if self.user is None else self.user.id

    @property
    def name(self) -> str:
        return "" if self.user is None else self.user.name

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:root" if self.user is None else self.user.arn

    @property
    def password_hash(self) -> str | None:
        if self.is_root:
            return None if self.account is None else self.account.root_password_hash or None
        return None if self.profile is None else self.profile.password_hash


def read_sign_in(content: Any) -> SignIn:
    """Of the request's JSON. Raises ValidationError."""
    if not isinstance(content, dict) or content.get("kind") not in ("root", "user"):
        raise _invalid("kind")
    is_root = content["kind"] == "root"
    needed = ("email", "password") if is_root else ("account", "username", "password")
    for name in needed:
        if not isinstance(content.get(name), str) or len(content[name]) > _LONGEST:
            raise _invalid(name)
    code = content.get("mfa_code")
    if code is not None and (not isinstance(code, str) or len(code) > _LONGEST):
        raise _invalid("mfa_code")
    texts = {name: content.get(name, "").strip() if name in needed else "" for name in ("email", "account", "username")}
    return SignIn(is_root=is_root, password=content["password"], code=(code or "").replace(" ", "") or None, **texts)


def named(state: State, asked: SignIn) -> Named:
    if asked.is_root:
        email = asked.email.lower()
        found = state.accounts.page("email", email, limit=2)
        return Named(f"root\0{email}", True, found[0] if len(found) == 1 else None)  # noqa: FBT003  # by its field
    account = _account(state, asked.account)
    text = f"user\0{asked.account.lower() if account is None else account.id}\0{asked.username}"
    user = None if account is None else state.users.get(account.id, asked.username)
    profile = None if user is None else state.login_profiles.get(user.account, user.id)
    return Named(text, False, account, user, profile)  # noqa: FBT003  # as above


def named_by_session(state: State, account: str, user_id: str) -> Named:
    """Whose session it is."""
    kept = state.accounts.get(account)
    if user_id == account:
        return Named("", True, kept)  # noqa: FBT003  # as above
    return Named("", False, kept, state.users.find("id", account, user_id))  # noqa: FBT003  # as above


def devices_of(state: State, who: Named) -> list[MfaDevice]:
    """What must show a code before this one may enter."""
    return state.mfa_devices.page("user", who.account_id, who.user_id) if who.exists else []


def _account(state: State, text: str) -> Account | None:
    if _ACCOUNT.fullmatch(text):
        return state.accounts.get(text)
    alias = state.account_aliases.get(text.lower())
    return None if alias is None else state.accounts.get(alias.account)


def _invalid(name: str) -> AwsError:
    return AwsError("ValidationError", f"The sign-in request has no usable {name}.")
