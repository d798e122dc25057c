"""One call as a CloudTrail record (CloudTrail User Guide, "CloudTrail record contents")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from iamd.stores.ports.events import Event

_VERSION: Final = "1.11"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a call when it is recorded.

    `at` is milliseconds since 1970. `account` is the caller's ("" if anonymous), `principal` its ARN, `user_identity`
    CloudTrail's element of that name. `service` is the service model's name (`iam`), `operation` "" where none was
    found. `parameters` are CloudTrail's requestParameters, secrets hidden. `resources` are ARNs with their owners.
    """

    event_id: str
    request_id: str
    at: int
    account: str
    principal: str
    user_identity: Mapping[str, Any]
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the call: an error, or what a change answered."""

    error_code: str = ""
    error_message: str = ""
    response_elements: Mapping[str, Any] | None = None


def event_of(facts: Facts, outcome: Outcome) -> Event:
    source = f"{facts.service}.amazonaws.com"
    record: dict[str, Any] = {
        "eventVersion": _VERSION,
        "userIdentity": facts.user_identity,
        "eventTime": datetime.fromtimestamp(facts.at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": facts.operation,
        "awsRegion": facts.region,
        "sourceIPAddress": facts.source_ip,
        "userAgent": facts.user_agent,
    }
    if outcome.error_code:
        record["errorCode"] = outcome.error_code
        record["errorMessage"] = outcome.error_message
    record["requestParameters"] = facts.parameters
    record["responseElements"] = outcome.response_elements or None
    record["requestID"] = facts.request_id
    record["eventID"] = facts.event_id
    record["readOnly"] = facts.read_only
    if facts.resources:
        record["resources"] = [
            {"ARN": arn, "accountId": owner} if owner else {"ARN": arn} for arn, owner in facts.resources
        ]
    record["eventType"] = "AwsApiCall"
    record["managementEvent"] = not facts.data_event
    record["recipientAccountId"] = facts.account
    record["eventCategory"] = "Data" if facts.data_event else "Management"
    if facts.secure:
        record["tlsDetails"] = {"clientProvidedHostHeader": facts.host}
    return Event(
        id=facts.event_id,
        at=facts.at,
        account=facts.account,
        principal=facts.principal,
        source=source,
        name=facts.operation,
        actions=" ".join(facts.actions),
        error_code=outcome.error_code,
        request_id=facts.request_id,
        read_only=facts.read_only,
        record=orjson.dumps(record).decode(),
    )
