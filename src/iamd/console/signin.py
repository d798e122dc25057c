"""Signing in: the same answer after the same work for every wrong input."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from iamd.console.finding import Named, SignIn, devices_of, named, named_by_session
from iamd.console.sessions import LONGEST_MS, hash_token, insert, password_mark
from iamd.console.throttle import begin, forget, subject
from iamd.console.trail import login_events, password_events
from iamd.credentials.mfa import WrongCodeError, count_wrong_code, take_code
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError, access_denied
from iamd.model.http import HttpRequest
from iamd.model.ids import SESSION_KEY
from iamd.services.iam.rules import passwords
from iamd.stores.ports.mfa import MfaDevice
from iamd.stores.ports.signin import ConsoleSession
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Transaction

_TOKEN_BYTES: Final = 32
_AT_ONCE: Final = 2
"""Argon2 takes 64 MiB each time: who comes in crowds waits."""
_MOST_WAITING: Final = 64
_USER_AGENT_LIMIT: Final = 256
_FAILED: Final = "Your authentication information is incorrect. Please try again."


class _MfaRequiredError(AwsError):
    """Only behind a right password."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in at `now` (milliseconds), in this epoch of the store.

    A success ends the session whose cookie came with it (`replaces`).
    """

    http: HttpRequest
    asked: SignIn
    now: int
    epoch: int
    replaces: str | None


@dataclass(frozen=True, slots=True)
class RootChange:
    """Root's `new` password in place of `old`, at `now` (milliseconds), in this epoch of the store."""

    http: HttpRequest
    account: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    now: int
    epoch: int


class SigningIn:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def sign_in(self, attempt: Attempt) -> str:
        """The token of a new session.

        Raises AwsError: AuthenticationFailed, Throttled; MfaRequired and PasswordExpired behind a right password only.
        """
        with self._room():
            return await self._sign_in(attempt)

    @contextmanager
    def _room(self) -> Iterator[None]:
        """INVARIANT: nothing is written for those who come when too many wait: names that nobody has cost nothing."""
        if self._waiting >= _MOST_WAITING:
            raise AwsError("Throttled", "Too many people sign in at once. Try again in a moment.", 401)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _sign_in(self, attempt: Attempt) -> str:
        kernel, now = self._kernel, attempt.now
        who = named(kernel.store.state, attempt.asked)
        source = subject(who.text, attempt.http.client_ip)
        try:
            await self._write(lambda transaction: begin(transaction.state, source, now), attempt.epoch)
            return await self._enter(attempt, who.password_hash)
        except _MfaRequiredError:
            raise
        except AwsError as refused:
            serial = None
            if isinstance(refused, WrongCodeError):
                await self._count(refused, attempt)
                serial = refused.serials[0]
            events = login_events(kernel, attempt.http, who, now, mfa_serial=serial, failed=True)
            kernel.trail.add(events, attempt.epoch)
            raise

    async def _fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one of this hash; None costs as much as any."""
        async with self._hashing:
            return await asyncio.to_thread(self._kernel.tools.passwords.verify, stored, password)

    async def change_root_password(self, change: RootChange) -> str:
        """The new password's hash. Raises AccessDenied, PasswordPolicyViolation, Throttled.

        AWS has no operation for it: root alone can, in the console, and who guesses the old one is locked out as by
        signing in.
        """
        with self._room():
            return await self._change_root_password(change)

    async def _change_root_password(self, change: RootChange) -> str:
        kernel, now = self._kernel, change.now
        who = named_by_session(kernel.store.state, change.account, change.account)
        source = subject(f"root\0{change.account}", change.http.client_ip)
        await self._write(lambda transaction: begin(transaction.state, source, now), change.epoch)
        stored = who.password_hash
        if who.account is None or not await self._fits(stored, change.old):
            raise access_denied("The old password was incorrect.")
        passwords.check_password(change.new, who.account)
        fresh = await asyncio.to_thread(kernel.tools.passwords.hash, change.new)

        def work(transaction: Transaction) -> None:
            account = transaction.state.accounts.get(change.account)
            if account is None or account.root_password_hash != stored:
                raise access_denied("The old password was incorrect.")
            transaction.state.accounts.replace(replace(account, root_password_hash=fresh))
            forget(transaction.state, source)
            for event in password_events(kernel, change.http, who, now):
                transaction.record(event)

        await self._write(work, change.epoch)
        return fresh

    async def renew_for(self, row: ConsoleSession, password: str, epoch: int) -> str:
        """As `renew`, for a user who has just set this password.

        Raises NotSignedIn if the password is another one again: who set that has ended the session.
        """
        profile = self._kernel.store.state.login_profiles.get(row.account, row.user_id)
        if profile is None or not await self._fits(profile.password_hash, password):
            raise _ended()
        return await self.renew(row, profile.password_hash, epoch)

    async def renew(self, row: ConsoleSession, password_hash: str, epoch: int) -> str:
        """The token of the session that goes on where `row` ends, with the new password's hash.

        Raises NotSignedIn if the session was ended meanwhile.
        """
        token = self._token()
        fresh = replace(
            row,
            token_hash=hash_token(token),
            id=self._kernel.tools.ids.session_id(),
            password_mark=password_mark(password_hash),
        )

        def work(transaction: Transaction) -> None:
            if transaction.state.console_sessions.delete(row.token_hash) is None:
                raise _ended()
            insert(transaction.state, fresh)

        await self._write(work, epoch)
        return token

    async def _enter(self, attempt: Attempt, password_hash: str | None) -> str:
        """INVARIANT: the session, its event, the code that was taken and the stamp of the password are one commit."""
        kernel, asked, now = self._kernel, attempt.asked, attempt.now
        if not await self._fits(password_hash, asked.password):
            raise AwsError("AuthenticationFailed", _FAILED, 401)
        token = self._token()

        def work(transaction: Transaction) -> None:
            state = transaction.state
            who = named(state, asked)
            if who.password_hash is None or who.password_hash != password_hash:
                raise AwsError("AuthenticationFailed", _FAILED, 401)
            device = self._code(state, who, asked.code, now)
            _check_expiry(who, now)
            if attempt.replaces is not None:
                state.console_sessions.delete(hash_token(attempt.replaces))
            insert(state, self._session(attempt, who, token, with_mfa=device is not None))
            forget(state, subject(who.text, attempt.http.client_ip))
            if who.user is not None:
                state.users.replace(replace(who.user, password_last_used_at=now))
            serial = None if device is None else device.serial
            for event in login_events(kernel, attempt.http, who, now, mfa_serial=serial, failed=False):
                transaction.record(event)

        await self._write(work, attempt.epoch)
        return token

    def _code(self, state: State, who: Named, code: str | None, now: int) -> MfaDevice | None:
        """The device that has shown the code; None for whoever has no device."""
        devices = devices_of(state, who)
        if not devices:
            return None
        if code is None:
            raise _MfaRequiredError("MfaRequired", "Enter the code that your MFA device shows.", 401)
        device = take_code(state, self._kernel.tools.sealer, devices, code, now)
        if device is None:
            # To whoever signs in it looks like any other failure.
            answer = AwsError("AuthenticationFailed", _FAILED, 401)
            raise WrongCodeError(answer, [each.serial for each in devices])
        return device

    def _session(self, attempt: Attempt, who: Named, token: str, *, with_mfa: bool) -> ConsoleSession:
        ids, now = self._kernel.tools.ids, attempt.now
        bound = None if who.profile is None else who.profile.max_session_seconds
        longest = LONGEST_MS if bound is None else min(LONGEST_MS, bound * 1000)
        assert who.password_hash is not None  # noqa: S101  # it has just been compared
        return ConsoleSession(
            token_hash=hash_token(token),
            id=ids.session_id(),
            account=who.account_id,
            user_id=who.user_id,
            access_key_id=ids.access_key_id(who.account_id, SESSION_KEY),
            password_mark=password_mark(who.password_hash),
            started_at=now,
            expires_at=now + longest,
            seen_at=now,
            source_ip=attempt.http.client_ip,
            user_agent=(attempt.http.header(b"user-agent") or "")[:_USER_AGENT_LIMIT],
            mfa_at=now if with_mfa else None,
        )

    def _token(self) -> str:
        return urlsafe_b64encode(self._kernel.tools.ids.token_bytes(_TOKEN_BYTES)).decode("ascii").rstrip("=")

    async def _count(self, wrong: WrongCodeError, attempt: Attempt) -> None:
        await self._write(lambda transaction: count_wrong_code(transaction.state, wrong, attempt.now), attempt.epoch)

    async def _write(self, work: Callable[[Transaction], None], epoch: int) -> None:
        """Urgent: on a full disk somebody must be able to get in and make room."""
        await self._kernel.store.write(work, epoch=epoch, urgent=True)


def _ended() -> AwsError:
    return AwsError("NotSignedIn", "Your session has ended.", 401)


def _check_expiry(who: Named, now: int) -> None:
    """Raises PasswordExpired where an administrator must set a new one; otherwise the session asks for one itself."""
    if who.account is None or who.profile is None or not passwords.needs_administrator(who.account):
        return
    if passwords.is_expired(who.account, who.profile.changed_at, now):
        raise AwsError("PasswordExpired", "Your password has expired. Ask your administrator for a new one.", 401)
