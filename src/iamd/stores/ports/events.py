"""The audit trail: one CloudTrail-shaped record for every call."""

from dataclasses import dataclass

from iamd.model.values import value
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@value
class Event:
    """`record` is the CloudTrail record as JSON; the columns are what it is searched by.

    `account` is whose trail it is in, "" where nobody's. `source` is `iam.amazonaws.com`, `name` the operation,
    `error_code` "" for success, `actions` the actions that were authorized, separated by blanks. `droppable` events
    (reads, denials, faults) go when they are old or too many; the others are changes and stay. `details` is what a
    denial was decided on (`policy.kept`), None for every other event; pages leave it out.
    """

    id: str
    at: Millis
    account: str
    principal: str
    source: str
    name: str
    actions: str
    error_code: str
    request_id: str
    read_only: bool
    record: str
    droppable: bool = False
    details: bytes | None = None

    @property
    def size(self) -> int:
        """What counts towards the operator's limit."""
        return len(self.record) + len(self.details or b"")


@dataclass(frozen=True, slots=True)
class EventVolume:
    """How many bytes (`Event.size`) the droppable events of one hour hold; `hour` counts from 1970."""

    hour: int
    bytes: int


EVENTS = Kind(
    "events",
    Event,
    key=("at", "id"),
    unread_in_pages=("details",),
    wide=True,
)
EVENT_VOLUMES = Kind("event_volumes", EventVolume, key=("hour",))
