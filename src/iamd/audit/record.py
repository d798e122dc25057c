"""One call as CloudTrail records (CloudTrail User Guide, "CloudTrail record contents"), in its order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from iamd.model.times import iso_seconds
from iamd.model.values import value
from iamd.stores.ports.events import Event

_VERSION: Final = "1.11"
SIGNIN: Final = "signin"
"""The service of console sign-ins, whose failures have a message and no code (CloudTrail User Guide, "AWS Management
Console sign-in events")."""
_TEXT_LIMIT: Final = 1024
"""Characters of what a caller may write at will: CloudTrail cuts user agents and messages there too."""

_FIELD_LIMIT: Final = 100 * 1024
"""Bytes of request parameters and of response elements: CloudTrail leaves out what is more, and says so."""

_EVENT_NAMES: Final = {
    "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetBucketLifecycle",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "ListObjectsV2": "ListObjects",
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""S3's operations that its trail calls otherwise (S3 User Guide, "Amazon S3 CloudTrail events")."""


@value
class Facts:
    """What is known of a call when it is recorded.

    `at` is milliseconds since 1970. `account` is the caller's ("" if there is none), `principal` its ARN,
    `user_identity` CloudTrail's element of that name, `foreign_identity` what another account sees of it. `service` is
    the name that the service signs by (`iam`), `operation` "" where none was found. `parameters` are CloudTrail's
    requestParameters, secrets hidden. `resources` are ARNs with their owners ("" where unknown). `droppable`: nothing
    was changed and no credentials were issued. `extra` is additionalEventData. `details` is what a denial was decided
    on; it belongs to the caller's account, or to the resource's where nobody's is. `from_console`: a console session
    made the call.
    """

    request_id: str
    at: int
    account: str
    principal: str
    user_identity: Mapping[str, Any]
    foreign_identity: Mapping[str, Any]
    service: str
    operation: str
    region: str
    read_only: bool
    source_ip: str
    user_agent: str | None
    secure: bool
    host: str
    parameters: Mapping[str, Any] | None
    actions: tuple[str, ...]
    resources: tuple[tuple[str, str], ...]
    data_event: bool
    droppable: bool
    extra: Mapping[str, Any] | None = None
    details: bytes | None = None
    from_console: bool = False


@value
class Outcome:
    """What became of the call: an error, or what a change answered."""

    error_code: str = ""
    error_message: str = ""
    response_elements: Mapping[str, Any] | None = None


def events_of(facts: Facts, outcome: Outcome, new_id: Callable[[], str]) -> Sequence[Event]:
    """One event for every account that the call concerns: the caller's, and those that own what it named.

    If there are several, one `sharedEventID` ties them together. `new_id` draws event ids.
    """
    owners = (owner for _, owner in facts.resources if owner)
    recipients = tuple(dict.fromkeys((facts.account, *owners) if facts.account else owners))
    if len(recipients) < 2:
        return (_event(facts, outcome, recipients[0] if recipients else "", new_id(), None),)
    shared_id = new_id()
    return [_event(facts, outcome, recipient, new_id(), shared_id) for recipient in recipients]


def _event(facts: Facts, outcome: Outcome, recipient: str, event_id: str, shared_id: str | None) -> Event:
    record = _record(facts, outcome, recipient, event_id, shared_id)
    return Event(
        id=event_id,
        at=facts.at,
        account=recipient,
        principal=facts.principal,
        source=record["eventSource"],
        name=record["eventName"],
        actions=" ".join(facts.actions),
        error_code=outcome.error_code,
        request_id=facts.request_id,
        read_only=facts.read_only,
        record=_text(record),
        droppable=facts.droppable or bool(outcome.error_code),
        details=facts.details if recipient == facts.account or not facts.account else None,
    )


def _text(record: dict[str, Any]) -> str:
    """INVARIANT: what a caller writes does not swell the trail, so that nobody washes older events out of it."""
    text = orjson.dumps(record)
    if len(text) > _FIELD_LIMIT:
        for name in ("requestParameters", "responseElements"):
            if len(orjson.dumps(record[name])) > _FIELD_LIMIT:
                record[name] = {"omitted": True}
        text = orjson.dumps(record)
    return text.decode()


def _record(facts: Facts, outcome: Outcome, recipient: str, event_id: str, shared_id: str | None) -> dict[str, Any]:
    name = _EVENT_NAMES.get(facts.operation, facts.operation) if facts.service == "s3" else facts.operation
    record: dict[str, Any] = {
        "eventVersion": _VERSION,
        "userIdentity": facts.user_identity if recipient == facts.account else facts.foreign_identity,
        "eventTime": iso_seconds(facts.at // 1000),
        "eventSource": f"{facts.service or 'unknown'}.amazonaws.com",
        "eventName": name or "Unknown",
        "awsRegion": facts.region,
        "sourceIPAddress": facts.source_ip,
        "userAgent": None if facts.user_agent is None else facts.user_agent[:_TEXT_LIMIT],
    }
    if outcome.error_code:
        if facts.service != SIGNIN:
            record["errorCode"] = outcome.error_code
        message = outcome.error_message
        if recipient != facts.account and facts.principal:
            # As userIdentity: another account learns whose call it was, and not by which of its principals.
            message = message.replace(facts.principal, facts.account)
        record["errorMessage"] = message[:_TEXT_LIMIT]
    record["requestParameters"] = facts.parameters or None
    record["responseElements"] = outcome.response_elements or None
    if facts.extra:
        record["additionalEventData"] = facts.extra
    record["requestID"] = facts.request_id
    record["eventID"] = event_id
    record["readOnly"] = facts.read_only
    resources = _resources(facts)
    if resources:
        record["resources"] = resources
    record["eventType"] = "AwsConsoleSignIn" if facts.service == SIGNIN else "AwsApiCall"
    record["managementEvent"] = not facts.data_event
    if recipient:
        record["recipientAccountId"] = recipient
    if shared_id is not None:
        record["sharedEventID"] = shared_id
    record["eventCategory"] = "Data" if facts.data_event else "Management"
    if facts.from_console:
        record["sessionCredentialFromConsole"] = "true"
    if facts.secure:
        record["tlsDetails"] = {"clientProvidedHostHeader": facts.host}
    return record


def _resources(facts: Facts) -> list[dict[str, str]]:
    """CloudTrail's list: S3 names buckets and objects, STS the role; IAM's own events have none."""
    found: dict[str, dict[str, str]] = {}
    for arn, owner in facts.resources:
        if arn.startswith("arn:aws:s3:::") and len(arn) > len("arn:aws:s3:::*"):
            bucket, slash, _ = arn.partition("/")
            if slash:
                found[arn] = {"type": "AWS::S3::Object", "ARN": arn}
            found.setdefault(bucket, _owned("AWS::S3::Bucket", bucket, owner))
        elif facts.service == "sts" and ":role/" in arn:
            found[arn] = _owned("AWS::IAM::Role", arn, owner)
    return list(found.values())


def _owned(kind: str, arn: str, owner: str) -> dict[str, str]:
    return {"accountId": owner, "type": kind, "ARN": arn} if owner else {"type": kind, "ARN": arn}
