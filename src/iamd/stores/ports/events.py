"""The audit trail: one CloudTrail-shaped record for every call."""

from dataclasses import dataclass

from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class Event:
    """`record` is the CloudTrail record as JSON; the columns are what it is searched by.

    `source` is `iam.amazonaws.com`, `name` the operation, `error_code` "" for success, `actions` the actions that were
    authorized, separated by blanks.
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


EVENTS = Kind(
    "events",
    Event,
    key=("id",),
    orders={"time": ("at",), "request": ("request_id",)},
    wide=True,
)
