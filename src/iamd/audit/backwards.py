"""Events newest first: the store sorts by time and walks one way, so time is walked back in steps that fit."""

from collections.abc import Iterator
from typing import Final

from iamd.stores.ports.events import Event
from iamd.stores.ports.state import State

_STEP: Final = 250
"""Events read at a time; a stretch of time that holds more is cut."""
_FIRST_SPAN: Final = 4096

Place = tuple[int, str]
"""An event's time in milliseconds, and its id."""


def newest_first(state: State, before: Place, since: int) -> Iterator[Event]:
    """Events earlier than `before` and not earlier than `since` (milliseconds), without their details."""
    span = _FIRST_SPAN
    while before > (since, ""):
        start = max(since, before[0] - span)
        found = state.events.page("key", since=(start,), limit=_STEP + 1)
        fitting = [event for event in found if (event.at, event.id) < before]
        if len(fitting) > _STEP:
            if start < before[0] - 1:
                span = max(1, (before[0] - start) // 8)
                continue
            fitting = _whole_moment(state, start, before)
        yield from reversed(fitting)
        before = (start, "")
        span = span * 4 if len(fitting) < _STEP // 4 else span


def _whole_moment(state: State, start: int, before: Place) -> list[Event]:
    """However many one millisecond holds."""
    events: list[Event] = []
    after: Place = (start, "")
    while page := state.events.page("key", after=after, limit=_STEP):
        events += [event for event in page if (event.at, event.id) < before]
        after = (page[-1].at, page[-1].id)
        if after >= before:
            break
    return events
