"""Console passwords of IAM users.

Argon2 is slow on purpose, so each operation's `prepare` does it outside the writer; the operation then checks again
what that rested on.
"""

from dataclasses import dataclass, replace
from typing import Final

from iamd.credentials import attempts
from iamd.credentials.mfa import ANYWHERE, WrongCodeError
from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError, access_denied, entity_already_exists, no_such_entity, validation_error
from iamd.services.iam.api import (
    ChangePasswordRequest,
    CreateLoginProfileRequest,
    CreateLoginProfileResponse,
    DeleteLoginProfileRequest,
    GetLoginProfileRequest,
    GetLoginProfileResponse,
    LoginProfile,
    UpdateLoginProfileRequest,
)
from iamd.services.iam.rules import passwords
from iamd.services.iam.rules.accounts import own_account
from iamd.services.iam.rules.entities import calling_user, named_or_calling_user, user_named
from iamd.services.iam.service import service
from iamd.stores.ports.credentials import LoginProfile as Kept
from iamd.stores.ports.identities import User

_NO_PASSWORD: Final = (
    "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null"  # noqa: S105  # AWS's message; no password
)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A hash, and the passwords (newest first) that the new one was compared with."""

    hash: str
    seen: tuple[str, ...]


def _prepare_first(ctx: Context, request: CreateLoginProfileRequest) -> NewPassword:
    _user_without_profile(ctx, request)
    return NewPassword(ctx.tools.passwords.hash(_conforming(ctx, request)), ())


@service.operation(prepare=_prepare_first)
def create_login_profile(ctx: Context, request: CreateLoginProfileRequest) -> CreateLoginProfileResponse:
    _conforming(ctx, request)
    user = _user_without_profile(ctx, request)
    profile = Kept(
        account=ctx.account,
        user_id=user.id,
        created_at=ctx.now_ms,
        password_hash=_prepared(ctx).hash,
        reset_required=request.get("PasswordResetRequired", False),
        changed_at=ctx.now_ms,
        max_session_seconds=request.get("MaxSigninSessionDuration"),
    )
    ctx.state.login_profiles.insert(profile)
    return {"LoginProfile": _shape(user, profile)}


@service.operation
def get_login_profile(ctx: Context, request: GetLoginProfileRequest) -> GetLoginProfileResponse:
    user = _user(ctx, request.get("UserName"))
    return {"LoginProfile": _shape(user, _profile_of(ctx, user))}


def _prepare_reset(ctx: Context, request: UpdateLoginProfileRequest) -> NewPassword | None:
    user = user_named(ctx.state, ctx.account, request["UserName"])
    profile = _profile_of(ctx, user)
    return _new_password(ctx, profile, request["Password"]) if "Password" in request else None


@service.operation(prepare=_prepare_reset)
def update_login_profile(ctx: Context, request: UpdateLoginProfileRequest) -> None:
    """What is left out stays as it is."""
    user = user_named(ctx.state, ctx.account, request["UserName"])
    profile = _profile_of(ctx, user)
    unset = request.get("ResetMaxSigninSessionDuration", False)
    seconds = request.get("MaxSigninSessionDuration")
    if unset and seconds is not None:
        raise AwsError(
            "InvalidInput", "MaxSigninSessionDuration cannot be specified when ResetMaxSigninSessionDuration is true."
        )
    if "Password" in request:
        profile = _with_password(ctx, user, profile, request["Password"])
    changed = replace(
        profile,
        reset_required=request.get("PasswordResetRequired", profile.reset_required),
        max_session_seconds=None if unset else seconds or profile.max_session_seconds,
    )
    ctx.state.login_profiles.replace(changed)


@service.operation
def delete_login_profile(ctx: Context, request: DeleteLoginProfileRequest) -> None:
    user = _user(ctx, request.get("UserName"))
    _profile_of(ctx, user)
    ctx.state.login_profiles.delete(ctx.account, user.id)


def _prepare_change(ctx: Context, request: ChangePasswordRequest) -> NewPassword:
    """Raises Throttling for whoever has guessed too often: a stolen key is no way to the password."""
    profile = _profile_of(ctx, _caller(ctx))
    guessed = _guessed(profile)
    if attempts.is_locked(ctx.state, guessed, ANYWHERE, ctx.now_ms):
        raise AwsError("Throttling", "Rate exceeded")
    if not ctx.tools.passwords.verify(profile.password_hash, request["OldPassword"]):
        raise WrongCodeError(access_denied("The old password was incorrect."), [guessed])
    return _new_password(ctx, profile, request["NewPassword"])


@service.operation(prepare=_prepare_change)
def change_password(ctx: Context, request: ChangePasswordRequest) -> None:
    """The caller's own password."""
    user = _caller(ctx)
    profile = _with_password(ctx, user, _profile_of(ctx, user), request["NewPassword"])
    ctx.state.login_profiles.replace(replace(profile, reset_required=False))
    attempts.forget(ctx.state, _guessed(profile), ANYWHERE)


def _guessed(profile: Kept) -> str:
    """What wrong old passwords are counted for."""
    return f"password of {profile.account}/{profile.user_id}"


def _new_password(ctx: Context, profile: Kept, password: str) -> NewPassword:
    """Raises PasswordPolicyViolation for one that breaks the policy or was used lately."""
    account = own_account(ctx)
    passwords.check_password(password, account)
    seen = _known_hashes(profile)
    for earlier in seen[: passwords.reuse_limit(account)]:
        if ctx.tools.passwords.verify(earlier, password):
            raise passwords.password_refused()
    return NewPassword(ctx.tools.passwords.hash(password), seen)


def _with_password(ctx: Context, user: User, profile: Kept, password: str) -> Kept:
    """The profile with the prepared password, if what that was compared with still holds."""
    prepared = _prepared(ctx)
    account = own_account(ctx)
    passwords.check_password(password, account)
    known = _known_hashes(profile)
    if prepared.seen != known:
        raise AwsError(
            "EntityTemporarilyUnmodifiable",
            f"Login Profile for User {user.name} cannot be modified while it is being changed. Please try again.",
            409,
        )
    return replace(
        profile,
        password_hash=prepared.hash,
        changed_at=ctx.now_ms,
        history="\n".join(known[: passwords.REMEMBERED - 1]),
    )


def _known_hashes(profile: Kept) -> tuple[str, ...]:
    """The present hash and the earlier ones, newest first."""
    return (profile.password_hash, *profile.history.split()) if profile.history else (profile.password_hash,)


def _prepared(ctx: Context) -> NewPassword:
    if not isinstance(ctx.prepared, NewPassword):
        raise TypeError("the password was not prepared")
    return ctx.prepared


def _conforming(ctx: Context, request: CreateLoginProfileRequest) -> str:
    """The request's password: only AssumeRoot sessions, which are not built, may leave it out."""
    password = request.get("Password")
    if password is None:
        raise validation_error(_NO_PASSWORD)
    passwords.check_password(password, own_account(ctx))
    return password


def _user(ctx: Context, name: str | None) -> User:
    """Root has no login profile: its password is the account's (API Reference: only AssumeRoot sessions reach it)."""
    user = named_or_calling_user(ctx.state, ctx.caller, name)
    if user is None:
        raise validation_error("Must specify userName when calling with non-User credentials")
    return user


def _user_without_profile(ctx: Context, request: CreateLoginProfileRequest) -> User:
    user = _user(ctx, request.get("UserName"))
    if ctx.state.login_profiles.get(ctx.account, user.id) is not None:
        raise entity_already_exists(f"Login Profile for user {user.name} already exists.")
    return user


def _caller(ctx: Context) -> User:
    user = calling_user(ctx.state, ctx.caller)
    if user is None:
        raise AwsError("InvalidUserType", "Only IAM Users can change their own password.")
    return user


def _profile_of(ctx: Context, user: User) -> Kept:
    profile = ctx.state.login_profiles.get(ctx.account, user.id)
    if profile is None:
        raise no_such_entity(f"Login Profile for User {user.name} cannot be found.")
    return profile


def _shape(user: User, profile: Kept) -> LoginProfile:
    shape: LoginProfile = {
        "UserName": user.name,
        "CreateDate": whole_seconds(profile.created_at),
        "PasswordResetRequired": profile.reset_required,
    }
    if profile.max_session_seconds is not None:
        shape["MaxSigninSessionDuration"] = profile.max_session_seconds
    return shape
