"""The events of signing in and out (CloudTrail User Guide, "AWS Management Console sign-in events")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from iamd.audit.record import SIGNIN, Facts, Outcome, events_of
from iamd.console.finding import Named
from iamd.kernel.kernel import Kernel
from iamd.model.http import HttpRequest
from iamd.stores.ports.events import Event

_HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
FAILED: Final = "FailedAuthentication"


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    outcome: Outcome
    extra: Mapping[str, Any]


def login_events(
    kernel: Kernel, http: HttpRequest, who: Named, now: int, *, mfa_serial: str | None, failed: bool
) -> Sequence[Event]:
    """A `ConsoleLogin`, which ended well or `failed`."""
    extra: dict[str, Any] = {"LoginTo": f"{http.scheme}://{http.header(b'host') or ''}/", "MobileVersion": "No"}
    if mfa_serial is not None:
        extra["MFAIdentifier"] = mfa_serial
    extra["MFAUsed"] = "No" if mfa_serial is None else "Yes"
    outcome = Outcome(
        error_code=FAILED if failed else "",
        error_message="Failed authentication" if failed else "",
        response_elements={"ConsoleLogin": "Failure" if failed else "Success"},
    )
    return _events(kernel, http, who, now, _Said("ConsoleLogin", outcome, extra))


def logout_events(kernel: Kernel, http: HttpRequest, who: Named, now: int) -> Sequence[Event]:
    """A `ConsoleLogout`: AWS has no event of it."""
    outcome = Outcome(response_elements={"ConsoleLogout": "Success"})
    return _events(kernel, http, who, now, _Said("ConsoleLogout", outcome, {}))


def password_events(kernel: Kernel, http: HttpRequest, who: Named, now: int) -> Sequence[Event]:
    """Root has changed its password."""
    outcome = Outcome(response_elements={"PasswordUpdated": "Success"})
    return _events(kernel, http, who, now, _Said("PasswordUpdated", outcome, {}))


def _events(kernel: Kernel, http: HttpRequest, who: Named, now: int, said: _Said) -> Sequence[Event]:
    failed = bool(said.outcome.error_code)
    facts = Facts(
        request_id=kernel.tools.ids.request_id(now),
        at=now,
        account=who.account_id,
        principal=who.arn if who.exists else "",
        user_identity=_identity(who, with_arn=not failed),
        foreign_identity={},
        service=SIGNIN,
        operation=said.name,
        region=kernel.region,
        read_only=False,
        source_ip=http.client_ip,
        user_agent=http.header(b"user-agent"),
        secure=http.scheme == "https",
        host=http.header(b"host") or "",
        parameters=None,
        actions=(),
        resources=(),
        data_event=False,
        droppable=failed,
        extra=said.extra,
    )
    return events_of(facts, said.outcome, kernel.tools.ids.event_id)


def _identity(who: Named, *, with_arn: bool) -> Mapping[str, Any]:
    """A name that is nobody's is hidden: people type passwords into that field."""
    element: dict[str, Any] = {"type": "Root" if who.is_root else "IAMUser"}
    if who.exists:
        element["principalId"] = who.user_id
        if with_arn:
            element["arn"] = who.arn
    element["accountId"] = who.account_id
    if who.is_root or not with_arn:
        element["accessKeyId"] = ""
    if not who.is_root:
        element["userName"] = who.name if who.exists else _HIDDEN
    return element
