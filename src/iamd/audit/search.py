"""Finding events, oldest first, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from iamd.model.ids import moment_of_request
from iamd.stores.ports.events import Event
from iamd.stores.ports.state import State

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted; None and False ask for nothing.

    `since` is milliseconds. `principal` is an ARN or what stands after its last colon (`user/alice`) or slash (`alice`;
    for a session the role's name too). `action` is `s3:GetObject`, of what was authorized, or of what was called.
    """

    since: int | None = None
    principal: str | None = None
    action: str | None = None
    errors: bool = False


def find(state: State, search: Search) -> Iterator[Event]:
    """Events that fit; what arrives meanwhile is found too. Of a call that concerns two accounts there are two."""
    since: tuple[int] | None = None if search.since is None else (search.since,)
    after: tuple[int, str] | None = None
    while page := state.events.page("key", since=None if after else since, after=after, limit=_PAGE):
        yield from (event for event in page if _fits(event, search))
        after = (page[-1].at, page[-1].id)


def of_request(state: State, request_id: str) -> list[Event]:
    """The events of one call, one for each account that it concerned: its id is led by the moment of its events."""
    moment = moment_of_request(request_id)
    found = () if moment is None else state.events.page("key", moment)
    return [event for event in found if event.request_id == request_id]


def _fits(event: Event, search: Search) -> bool:
    if search.errors and not event.error_code:
        return False
    if search.principal is not None and not is_by(event.principal, search.principal):
        return False
    return search.action is None or is_for(event, search.action.lower())


def is_by(arn: str, wanted: str) -> bool:
    """Whether `wanted` names this principal, as in `Search`."""
    tail = arn.rpartition(":")[2]
    return wanted in (arn, tail) or wanted in tail.split("/")[1:]


def is_for(event: Event, action: str) -> bool:
    """Whether it was called or authorized by this name, in lower case."""
    called = f"{event.source.partition('.')[0]}:{event.name}".lower()
    return action == called or action in event.actions.lower().split(" ")
