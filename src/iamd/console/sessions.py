"""Console sessions: who stands behind a cookie now.

A session lies in the store and is read at every request, so what ends it ends it at once, in every worker. It ends
after twelve hours, after one hour without a request, with its user, with its password, by being revoked or signed out.
"""

import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from typing import Final

from iamd.authz.caller import Caller, Identity
from iamd.credentials.session_facts import SessionFacts
from iamd.kernel.callers import principal_of
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError
from iamd.services.iam.rules import passwords
from iamd.stores.ports.credentials import LoginProfile
from iamd.stores.ports.signin import ConsoleSession
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Store, StoreUnavailable, Transaction

LONGEST_MS: Final = 12 * 3600 * 1000
IDLE_MS: Final = 3600 * 1000
_SEEN_EVERY_MS: Final = 60 * 1000
_AT_ONCE: Final = 1000
MOST: Final = 50
"""Sessions of one user at a time: the next one ends the oldest."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request's session. `csrf` is what its pages send along; `must_change`: nothing else before a new password."""

    row: ConsoleSession
    caller: Caller
    csrf: str = field(repr=False)
    must_change: bool
    token: str = field(repr=False)


def hash_token(token: str) -> str:
    return sha256(token.encode("utf-8")).hexdigest()


def csrf_token(token: str) -> str:
    """Bound to the session, and no way back to its cookie."""
    return digest(token.encode("utf-8"), b"iamd console csrf", "sha256").hex()


def password_mark(password_hash: str) -> str:
    return sha256(password_hash.encode("utf-8")).hexdigest()[:32]


def as_of_now(kernel: Kernel, token: str | None, now: int) -> "Signed | None":
    """`current`, whatever has changed since it was found out last."""
    kernel.facts.refresh()
    return current(kernel, token, now)


def still_signed_in(kernel: Kernel, token: str, now: int) -> "Signed":
    """`as_of_now`. Raises NotSignedIn."""
    signed = as_of_now(kernel, token, now)
    if signed is None:
        raise AwsError("NotSignedIn", "Your session has ended.", 401)
    return signed


def current(kernel: Kernel, token: str | None, now: int) -> Signed | None:
    """The session of a cookie, as its user is at this moment; None if there is none any more.

    The facts in memory must be fresh (`Facts.refresh`).
    """
    if not token:
        return None
    state = kernel.store.state
    row = state.console_sessions.get(hash_token(token))
    if row is None or now >= row.expires_at or now - row.seen_at >= IDLE_MS:
        return None
    identity = kernel.authorizer.gatherer.identity(row.account, row.user_id)
    if identity is None:
        return None
    profile = None if identity.is_root else state.login_profiles.get(row.account, row.user_id)
    if identity.is_root:
        stored = _root_password(state, row.account)
    else:
        stored = None if profile is None else profile.password_hash
    if stored is None or password_mark(stored) != row.password_mark:
        return None
    caller = _caller(row, identity)
    changing = profile is not None and must_change(state, profile, now)
    return Signed(row, caller, csrf_token(token), changing, token)


def must_change(state: State, profile: LoginProfile, now: int) -> bool:
    account = state.accounts.get(profile.account)
    return profile.reset_required or (account is not None and passwords.is_expired(account, profile.changed_at, now))


def refuse_unchanged(signed: Signed) -> None:
    """Raises PasswordChangeRequired for whoever has to set a new password before anything else."""
    if signed.must_change:
        raise AwsError("PasswordChangeRequired", "Set a new password before anything else.", 403)


async def touch(kernel: Kernel, signed: Signed, now: int) -> bool:
    """Note that the session is in use, not at every request; whether that was done, and something may have changed.

    A full disk does not end what is under way.
    """
    if now - signed.row.seen_at < _SEEN_EVERY_MS:
        return False
    key = signed.row.token_hash

    def work(state: State) -> None:
        row = state.console_sessions.get(key)
        if row is not None:
            state.console_sessions.replace(replace(row, seen_at=max(now, row.seen_at)))

    with contextlib.suppress(StoreUnavailable):
        await kernel.store.write(lambda transaction: work(transaction.state), epoch=kernel.store.epoch)
    return True


def sessions_of(state: State, account: str, user_id: str, now: int) -> list[ConsoleSession]:
    """The ones that are open, oldest first."""
    found = state.console_sessions.page("user", account, user_id)
    return [row for row in found if now < row.expires_at and now - row.seen_at < IDLE_MS]


def insert(state: State, row: ConsoleSession) -> None:
    """Adds a session and drops those that are over, and of too many the oldest."""
    live = sessions_of(state, row.account, row.user_id, row.started_at)
    kept = {each.token_hash for each in live[-(MOST - 1) :]}
    for old in state.console_sessions.page("user", row.account, row.user_id):
        if old.token_hash not in kept:
            state.console_sessions.delete(old.token_hash)
    state.console_sessions.insert(row)


async def forget_ended(store: Store, now: int) -> int:
    """Remove sessions whose time is over; how many there were. Those that ended otherwise go with their own time."""

    def work(transaction: Transaction) -> int:
        ended = 0
        for row in transaction.state.console_sessions.page("expiry", limit=_AT_ONCE):
            if now < row.expires_at:
                break
            transaction.state.console_sessions.delete(row.token_hash)
            ended += 1
        return ended

    return await store.write(work)


def _root_password(state: State, account: str) -> str | None:
    kept = state.accounts.get(account)
    return None if kept is None else kept.root_password_hash


def _caller(row: ConsoleSession, identity: Identity) -> Caller:
    started = row.started_at // 1000 * 1000
    facts = SessionFacts(
        access_key_id=row.access_key_id,
        account=row.account,
        kind="console",
        issuer_kind="Root" if identity.is_root else "IAMUser",
        issuer_arn=identity.arn,
        issuer_id=identity.id,
        issuer_name=identity.name,
        session_name="",
        issued_at=_moment(started),
        expires_at=_moment(row.expires_at),
        mfa=row.mfa_at is not None,
        mfa_at=None if row.mfa_at is None else _moment(row.mfa_at),
    )
    return Caller(
        principal=principal_of(identity),
        access_key_id=row.access_key_id,
        identity=identity,
        session=facts,
        tags=identity.tags,
        mfa=facts.mfa,
        mfa_at=row.mfa_at,
        issued_at=started,
    )


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis // 1000, UTC)
