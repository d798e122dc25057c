"""The API that the pages call: signing in and out, every AWS operation as JSON, S3's bytes, the event history."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson

from iamd.console import entry, storage
from iamd.console.answers import as_json, refusal
from iamd.console.cookies import session_cookie
from iamd.console.findings import findings
from iamd.console.guard import check_csrf, check_json
from iamd.console.history import detail, history
from iamd.console.own import Asked, OwnRoutes
from iamd.console.rights import rights
from iamd.console.sessions import Signed, as_of_now, refuse_unchanged, touch
from iamd.console.unused_keys import UnusedKeys
from iamd.console.voice import JSON
from iamd.edge.body import AsgiBody
from iamd.kernel.kernel import Kernel
from iamd.kernel.pipeline import run
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, HttpResponse
from iamd.stores.ports.store import EpochEnded, StoreUnavailable

_LOG: Final = logging.getLogger(__name__)
_API: Final = "/console/api/"
_LIMIT: Final = 64 * 1024
"""More than a policy of any kind, escaped as JSON."""
_UNAVAILABLE: Final = "The server cannot do this now. Please try again."
Handler = Callable[[Asked], Awaitable[HttpResponse]]


class Api:
    """`endpoint` is where the AWS API answers."""

    def __init__(self, kernel: Kernel, endpoint: str) -> None:
        self._kernel = kernel
        own = OwnRoutes(kernel, endpoint)
        self._routes: dict[tuple[str, str], Handler] = {
            ("GET", "session"): own.session,
            ("POST", "signin"): own.sign_in,
            ("POST", "signout"): own.sign_out,
            ("POST", "password"): own.password,
            ("GET", "sessions"): own.sessions,
            ("POST", "sessions/revoke"): own.revoke,
            ("POST", "presign"): storage.presign,
            ("POST", "policy/findings"): findings,
            ("POST", "rights"): rights,
            ("POST", "keys/unused"): UnusedKeys(kernel).answer,
        }

    async def answer(self, request: HttpRequest, path: str, body: AsgiBody) -> HttpResponse:
        """Nothing escapes, as on the road itself."""
        try:
            return await self._answer(request, path, body)
        except AwsError as fault:
            return refusal(fault)
        except (EpochEnded, StoreUnavailable):
            return refusal(AwsError("ServiceUnavailable", _UNAVAILABLE, 503))
        except Exception:  # noqa: BLE001  # the last resort: never a traceback, never an empty 500
            _LOG.exception("a request of the console failed: %s", request.method)
            return refusal(AwsError("InternalFailure", "We encountered an internal error. Please try again.", 500))

    async def _answer(self, request: HttpRequest, path: str, body: AsgiBody) -> HttpResponse:
        kernel, now = self._kernel, self._kernel.clock()
        signed = as_of_now(kernel, session_cookie(request), now)
        epoch = kernel.store.epoch
        if signed is not None and not _only_waits(request, path) and await touch(kernel, signed, now):
            signed = as_of_now(kernel, session_cookie(request), now)
        if path.startswith(storage.PREFIX):
            return await self._bytes(request, body, _ready(signed, request, changes=request.method not in _READS))
        name = path.removeprefix(_API)
        handler = self._routes.get((request.method, name))
        if handler is not None:
            content = None
            if request.method == "POST":
                content = await _content(request, body)
                # Who sent it slowly may have been signed out meanwhile.
                signed = as_of_now(kernel, session_cookie(request), kernel.clock())
            if name not in ("session", "signin"):
                _known(signed, request, changes=request.method == "POST")
            if name in _OF_THE_READY:
                _ready(signed, request, changes=True)
            return await handler(Asked(request, content, signed, now, epoch))
        if request.method == "GET" and name.partition("/")[0] == "events":
            return await self._events(request, name, _ready(signed, request, changes=False), now)
        service, slash, operation = name.partition("/")
        if request.method == "POST" and slash and operation.isalnum():
            return await self._operation(request, body, _ready(signed, request, changes=True), service, operation)
        raise AwsError("NotFound", "The console's API has no such path or method.", 404)

    async def _operation(
        self, request: HttpRequest, body: AsgiBody, signed: Signed, service: str, operation: str
    ) -> HttpResponse:
        check_json(request)
        steps = entry.by_json(signed, service, operation)
        return await run(self._kernel, request, body, host_is_trusted=True, entry=steps, voice=JSON)

    async def _bytes(self, request: HttpRequest, body: AsgiBody, signed: Signed) -> HttpResponse:
        asked = storage.as_s3(request)
        steps = entry.by_path(signed)
        answer = await run(self._kernel, asked, body, host_is_trusted=True, entry=steps)
        return storage.as_harmless(answer)

    async def _events(self, request: HttpRequest, name: str, signed: Signed, now: int) -> HttpResponse:
        _, _, event_id = name.partition("/")
        if event_id:
            return as_json(detail(self._kernel, request, signed, now, event_id))
        return as_json(history(self._kernel, request, signed, now))


_READS: Final = ("GET", "HEAD")
_OF_THE_READY: Final = frozenset({"presign", "policy/findings", "rights", "keys/unused"})
"""Routes that are closed before a password that must be changed is."""


def _only_waits(request: HttpRequest, path: str) -> bool:
    """An event history that is left open asks for what is new by itself: nobody is at work there."""
    return path == f"{_API}events" and b"after=" in request.raw_query


async def _content(request: HttpRequest, body: AsgiBody) -> Any:
    check_json(request)
    text = await body.read(_LIMIT)
    if text is None:
        raise AwsError("RequestEntityTooLarge", "The request body is too large.", 413)
    try:
        return orjson.loads(text or b"{}")
    except orjson.JSONDecodeError:
        raise AwsError("SerializationException", "The request body is not JSON.") from None


def _known(signed: Signed | None, request: HttpRequest, *, changes: bool) -> Signed:
    """Somebody is signed in, and what `changes` something was sent by a page of that session."""
    if signed is None:
        raise AwsError("NotSignedIn", "You are not signed in, or your session has ended.", 401)
    if changes:
        check_csrf(request, signed.csrf)
    return signed


def _ready(signed: Signed | None, request: HttpRequest, *, changes: bool) -> Signed:
    """As `_known`, and may do more than set a new password."""
    signed = _known(signed, request, changes=changes)
    refuse_unchanged(signed)
    return signed
