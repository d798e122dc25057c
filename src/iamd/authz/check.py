"""What a request asks for, in the words of the policy language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from iamd.authz.caller import Caller
from iamd.model.http import HttpRequest
from iamd.model.tags import Tags
from iamd.model.values import value
from iamd.stores.ports.state import State

T = TypeVar("T")
KeyValue = str | tuple[str, ...]
NO_KEYS: Final[Mapping[str, KeyValue]] = MappingProxyType({})


@value
class Found:
    """What a name in a request led to, when it was decided on: `find` leads there again."""

    find: Callable[[State], Any]
    record: Any

    def is_still_so(self, state: State) -> bool:
        """INVARIANT: what is changed is what was authorized, as it was then: no namesake, and with no other tags."""
        return bool(self.find(state) == self.record)


def look_up(state: State, find: Callable[[State], T]) -> tuple[T, Found]:
    """The record, and how it was found."""
    record = find(state)
    return record, Found(find, record)


@value
class Check:
    """One action on one resource that a request needs; all of a request's checks must be allowed.

    `action` is written as AWS prints it (`iam:CreateUser`), `resource` is an ARN or `*`. `keys` are the service's
    condition keys, names in lower case; a string is single-valued, a tuple multivalued; tag keys are filled from
    `request_tags` (None: the request carries no tags), `tag_keys` and `resource_tags`. `resource_account` owns the
    resource (None: it is the caller's). `policy_of` is the ARN under which the resource's policy is kept, None where it
    has none or it does not count; `policy_required`: without an allow in it nobody enters (role trust). `barred`: a
    setting of the resource refuses the caller whatever the policies say (S3's RestrictPublicBuckets). `shown_as` is
    what the message prints in place of the ARN ("": nothing). `region` is where the request went, where its signature
    does not say (S3's older signature and anonymous calls name no region). `found` is what the decision is about, where
    the operation will look it up by a name: if the name leads elsewhere when the change is made, it is decided anew.
    """

    action: str
    resource: str
    keys: Mapping[str, KeyValue] = field(default_factory=lambda: NO_KEYS)
    request_tags: Tags | None = None
    tag_keys: tuple[str, ...] | None = None
    resource_tags: Tags = ()
    resource_account: str | None = None
    policy_of: str | None = None
    policy_required: bool = False
    barred: bool = False
    shown_as: str | None = None
    region: str | None = None
    found: Found | None = field(default=None, compare=False)


@value
class Ask:
    """A parsed, validated request whose checks are wanted. `state` is the committed state, to look names up in.

    `account` is the caller's ("" when anonymous), `region` the signed scope's, `auth` how it was signed:
    "REST-HEADER", "REST-QUERY-STRING" or "" (S3's words), `signature_version` "AWS4-HMAC-SHA256", "AWS" or "",
    `signed_at` the signature's time in milliseconds. `now` is milliseconds too. `payload` is what was signed for the
    body: its SHA-256, or one of S3's words ("UNSIGNED-PAYLOAD", ...). `request_id` is what denials are found by
    afterwards, "" where nothing is recorded. `shows_code` tells whether the caller's own MFA device of a serial number
    shows a code.
    """

    operation: str
    params: Mapping[str, Any]
    caller: Caller
    account: str
    region: str
    state: State
    http: HttpRequest
    now: int
    auth: str = ""
    signature_version: str = ""
    signed_at: int = 0
    payload: str = ""
    request_id: str = ""
    shows_code: Callable[[str, str], bool] = lambda _serial, _code: False


Checks = Callable[[Ask], Iterable[Check]]
"""A service's table has one of these for every operation that it builds; an operation without one is denied."""
