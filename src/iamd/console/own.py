"""What the console answers itself: whoever is signed in, and that session's beginning and end."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from iamd import __version__
from iamd.console.answers import as_json, iso
from iamd.console.cookies import clear_cookie, session_cookie, set_cookie
from iamd.console.entry import Given, by_json
from iamd.console.finding import named_by_session, read_sign_in
from iamd.console.sessions import Signed, sessions_of, still_signed_in
from iamd.console.signin import Attempt, RootChange, SigningIn
from iamd.console.trail import logout_events
from iamd.console.voice import JSON
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.model.errors import AwsError, validation_error
from iamd.model.http import Headers, HttpRequest, HttpResponse
from iamd.model.principal import PrincipalKind
from iamd.stores.ports.signin import ConsoleSession
from iamd.stores.ports.store import Transaction

_TYPES: Final = {PrincipalKind.ROOT: "root", PrincipalKind.USER: "user"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the console itself: its JSON, and the session that it came with.

    `now` is milliseconds, `epoch` the store's when the session was looked up.
    """

    http: HttpRequest
    content: Any
    signed: Signed | None
    now: int
    epoch: int

    @property
    def session(self) -> Signed:
        """Of a route that only a signed-in user reaches."""
        assert self.signed is not None  # noqa: S101  # the router has refused everybody else
        return self.signed

    @property
    def secure(self) -> bool:
        return self.http.scheme == "https"


class OwnRoutes:
    def __init__(self, kernel: Kernel, endpoint: str) -> None:
        self._kernel = kernel
        self._endpoint = endpoint
        self._signing_in = SigningIn(kernel)

    async def session(self, asked: Asked) -> HttpResponse:
        return as_json({"signed_in": False} if asked.signed is None else self._told(asked.signed))

    async def sign_in(self, asked: Asked) -> HttpResponse:
        credentials = read_sign_in(asked.content)
        attempt = Attempt(asked.http, credentials, asked.now, asked.epoch, session_cookie(asked.http))
        return self._entered(await self._signing_in.sign_in(attempt), asked)

    async def sign_out(self, asked: Asked) -> HttpResponse:
        await self._end(asked, asked.session.row)
        return as_json({}, headers=[clear_cookie(secure=asked.secure)])

    async def sessions(self, asked: Asked) -> HttpResponse:
        own = asked.session.row
        found = sessions_of(self._kernel.store.state, own.account, own.user_id, asked.now)
        return as_json({"sessions": [_shown(row, own) for row in reversed(found)]})

    async def revoke(self, asked: Asked) -> HttpResponse:
        """One of the user's own sessions, by its id."""
        own = asked.session.row
        wanted = asked.content.get("id") if isinstance(asked.content, dict) else None
        row = self._kernel.store.state.console_sessions.find("id", wanted) if isinstance(wanted, str) else None
        if row is None or (row.account, row.user_id) != (own.account, own.user_id):
            raise AwsError("NoSuchSession", "There is no such session of yours.", 404)
        await self._end(asked, row)
        gone = row.id == own.id
        return as_json({}, headers=[clear_cookie(secure=asked.secure)] if gone else None)

    async def password(self, asked: Asked) -> HttpResponse:
        """One's own; this session goes on, the others end. A user's goes by ChangePassword as anybody calls it."""
        given = asked.content if isinstance(asked.content, dict) else {}
        old, new = given.get("old"), given.get("new")
        if not isinstance(old, str) or not isinstance(new, str):
            raise validation_error("The old and the new password are needed.")
        if asked.session.caller.principal.kind is PrincipalKind.ROOT:
            change = RootChange(asked.http, asked.session.row.account, old, new, asked.now, asked.epoch)
            fresh = await self._signing_in.change_root_password(change)
            return self._entered(await self._signing_in.renew(asked.session.row, fresh, asked.epoch), asked)
        body = Given(orjson.dumps({"OldPassword": old, "NewPassword": new}))
        steps = by_json(asked.session, "iam", "ChangePassword")
        answer = await run(self._kernel, asked.http, body, host_is_trusted=True, entry=steps, voice=JSON)
        if answer.status != 200:
            return answer
        return self._entered(await self._signing_in.renew_for(asked.session.row, new, asked.epoch), asked)

    def _entered(self, token: str, asked: Asked) -> HttpResponse:
        signed = still_signed_in(self._kernel, token, asked.now)
        seconds = (signed.row.expires_at - asked.now) // 1000
        cookie: Headers = [set_cookie(token, seconds, secure=asked.secure)]
        return as_json(self._told(signed), headers=cookie)

    async def _end(self, asked: Asked, row: ConsoleSession) -> None:
        kernel = self._kernel

        def work(transaction: Transaction) -> None:
            state = transaction.state
            if state.console_sessions.delete(row.token_hash) is not None:
                who = named_by_session(state, row.account, row.user_id)
                for event in logout_events(kernel, asked.http, who, asked.now):
                    transaction.record(event)

        await kernel.store.write(work, epoch=asked.epoch, urgent=True)

    def _told(self, signed: Signed) -> dict[str, Any]:
        principal, row = signed.caller.principal, signed.row
        account = self._kernel.store.state.accounts.get(row.account)
        identity = signed.caller.identity
        name = identity.name if identity is not None and not identity.is_root else account and account.root_email
        return {
            "signed_in": True,
            "principal": {
                "type": _TYPES[principal.kind],
                "arn": principal.arn,
                "name": name,
                "account": row.account,
                "alias": None if account is None else account.alias,
            },
            "csrf": signed.csrf,
            "expires_at": iso(row.expires_at),
            "mfa": row.mfa_at is not None,
            "must_change_password": signed.must_change,
            "region": self._kernel.region,
            "endpoint": self._endpoint,
            "version": __version__,
        }


def _shown(row: ConsoleSession, own: ConsoleSession) -> dict[str, Any]:
    return {
        "id": row.id,
        "current": row.id == own.id,
        "signed_in_at": iso(row.started_at),
        "last_seen_at": iso(row.seen_at),
        "expires_at": iso(row.expires_at),
        "source_ip": row.source_ip,
        "user_agent": row.user_agent,
        "mfa": row.mfa_at is not None,
    }
