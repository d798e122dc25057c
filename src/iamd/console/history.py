"""The event history: what happened in the caller's account, newest first, each call with its decision.

It needs what CloudTrail asks for it, `cloudtrail:LookupEvents`, and is recorded as that; a page that only waits for
what is new is not, or it would never find anything but itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from iamd.audit.backwards import Place, newest_first
from iamd.audit.search import is_by, is_for, of_request
from iamd.authz.check import Check
from iamd.authz.explaining import explanation_of_event
from iamd.console.answers import iso
from iamd.console.reads import Reading, authorize
from iamd.console.sessions import Signed
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError, validation_error
from iamd.model.http import HttpRequest
from iamd.stores.ports.events import Event
from iamd.stores.ports.state import State

_ACTION: Final = "cloudtrail:LookupEvents"
_DENIALS: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_OUTCOMES: Final = ("ok", "denied", "error")
_MOST: Final = 200
_USUAL: Final = 50
_MOST_PAIRS: Final = 32
_LOOKED_AT: Final = 5000
"""Events that one answer reads at most: behind them the page asks on."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """`before`, `after` and `since` bound the time; None and "" ask for nothing."""

    request: str
    user: str
    action: str
    service: str
    outcome: str
    since: int
    before: Place | None
    after: Place | None
    limit: int


def history(kernel: Kernel, request: HttpRequest, signed: Signed, now: int) -> dict[str, Any]:
    """`GET /console/api/events`. Raises AccessDenied, explained; ValidationError."""
    wanted = _wanted(request)
    found = _find(kernel.store.state, signed.row.account, wanted, now)
    _authorize(kernel, request, signed, now, recorded=wanted.after is None)
    return found


def _find(state: State, account: str, wanted: _Wanted, now: int) -> dict[str, Any]:
    if wanted.after is not None:
        return _after(state, account, wanted, wanted.after)
    if wanted.request:
        found = of_request(state, wanted.request)
        return {"events": [_row(event) for event in found if event.account == account], "next": None}
    before = wanted.before or (now + 1, "")
    rows: list[dict[str, Any]] = []
    last: Place | None = None
    for count, event in enumerate(newest_first(state, before, wanted.since), 1):
        last = (event.at, event.id)
        if event.account == account and _fits(event, wanted):
            rows.append(_row(event))
        if len(rows) >= wanted.limit or count >= _LOOKED_AT:
            return {"events": rows, "next": _token(last)}
    return {"events": rows, "next": None}


def detail(kernel: Kernel, request: HttpRequest, signed: Signed, now: int, event_id: str) -> dict[str, Any]:
    """`GET /console/api/events/{id}`: the CloudTrail record, and why it was denied. Raises NotFound."""
    place = _place(event_id)
    event = kernel.store.state.events.get(*place)
    _authorize(kernel, request, signed, now, recorded=False)
    if event is None or event.account != signed.row.account:
        raise AwsError("NotFound", "There is no such event.", 404)
    return {**_row(event), "record": orjson.loads(event.record), "explanation": explanation_of_event(event)}


def _after(state: State, account: str, wanted: _Wanted, after: Place) -> dict[str, Any]:
    """What is newer than the newest that the page has; `latest` is where it goes on from."""
    page = state.events.page("key", after=after, limit=_LOOKED_AT)
    rows = [_row(event) for event in page if event.account == account and _fits(event, wanted)]
    latest = _token((page[-1].at, page[-1].id) if page else after)
    return {"events": rows[::-1], "latest": latest}


def _authorize(kernel: Kernel, request: HttpRequest, signed: Signed, now: int, *, recorded: bool) -> None:
    parameters = {name: value[:256] for name, value in _pairs(request).items()}
    reading = Reading(request, signed, now, "cloudtrail", "LookupEvents", parameters, recorded=recorded)
    authorize(kernel, reading, [Check(_ACTION, "*")])


def _pairs(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(parse_qsl(request.raw_query.decode("latin-1"), max_num_fields=_MOST_PAIRS))
    except ValueError:
        raise validation_error(f"A query has at most {_MOST_PAIRS} parameters.") from None


def _wanted(request: HttpRequest) -> _Wanted:
    given = _pairs(request)
    outcome = given.get("outcome", "")
    limit = given.get("limit", str(_USUAL))
    if outcome and outcome not in _OUTCOMES:
        raise validation_error(f"outcome must be one of {', '.join(_OUTCOMES)}.")
    if not limit.isdecimal() or len(limit) > len(str(_MOST)) or not 1 <= int(limit) <= _MOST:
        raise validation_error(f"limit must be between 1 and {_MOST}.")
    before = None
    if "next" in given:
        before = _place(given["next"])
    elif "until" in given:
        before = (_millis(given["until"]) + 1, "")
    return _Wanted(
        request=given.get("request", ""),
        user=given.get("user", ""),
        action=given.get("action", "").lower(),
        service=given.get("service", "").lower(),
        outcome=outcome,
        since=_millis(given["since"]) if "since" in given else 0,
        before=before,
        after=_place(given["after"]) if "after" in given else None,
        limit=int(limit),
    )


def _fits(event: Event, wanted: _Wanted) -> bool:
    if wanted.outcome and _outcome(event) != wanted.outcome:
        return False
    if wanted.service and event.source.partition(".")[0] != wanted.service:
        return False
    if wanted.user and not is_by(_principal(event), wanted.user):
        return False
    return not wanted.action or is_for(event, wanted.action) or event.name.lower() == wanted.action


def _outcome(event: Event) -> str:
    if not event.error_code:
        return "ok"
    return "denied" if event.error_code in _DENIALS else "error"


def _principal(event: Event) -> str:
    """Of another account's caller the trail says the account, and not who it was: so does its list."""
    fields = event.principal.split(":", 5)
    return event.principal if len(fields) < 6 or fields[4] == event.account else fields[4]


def _row(event: Event) -> dict[str, Any]:
    record: Mapping[str, Any] = orjson.loads(event.record)
    return {
        "id": _token((event.at, event.id)),
        "time": iso(event.at),
        "principal": _principal(event),
        "user": record["userIdentity"].get("userName") or _principal(event).rpartition("/")[2].rpartition(":")[2],
        "service": event.source.partition(".")[0],
        "name": event.name,
        "actions": event.actions.split(),
        "resources": [each["ARN"] for each in record.get("resources") or ()],
        "outcome": _outcome(event),
        "error_code": event.error_code,
        "error_message": record.get("errorMessage", ""),
        "request_id": event.request_id,
        "read_only": event.read_only,
        "source_ip": record.get("sourceIPAddress", ""),
        "region": record.get("awsRegion", ""),
        "from_console": record.get("sessionCredentialFromConsole") == "true",
    }


def _token(place: Place) -> str:
    return f"{place[0]}-{place[1]}"


def _place(token: str) -> Place:
    at, dash, event_id = token.partition("-")
    if not dash or not at.isdecimal() or len(at) > 15:
        raise validation_error("That is no event's id.")
    return int(at), event_id


def _millis(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise validation_error("since and until are times (ISO 8601).") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
