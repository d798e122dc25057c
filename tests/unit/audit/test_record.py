"""Records are CloudTrail's: names, order, and one for every account concerned."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iamd.audit.record import Outcome, events_of
from tests.unit.audit.made import ACCOUNT, FACTS, OTHER


def ids() -> Callable[[], str]:
    counter = itertools.count(1)
    return lambda: f"id-{next(counter)}"


def record(facts: Any = FACTS, outcome: Outcome = Outcome()) -> dict[str, Any]:  # noqa: B008  # frozen
    (event,) = events_of(facts, outcome, ids())
    content: dict[str, Any] = json.loads(event.record)
    return content


def test_the_fields_stand_in_the_order_that_cloudtrail_delivers() -> None:
    extra = {"SignatureVersion": "SigV4"}
    outcome = Outcome("AccessDenied", "no")
    assert list(record(replace(FACTS, extra=extra, secure=True), outcome)) == [
        "eventVersion",
        "userIdentity",
        "eventTime",
        "eventSource",
        "eventName",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "errorCode",
        "errorMessage",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "requestID",
        "eventID",
        "readOnly",
        "resources",
        "eventType",
        "managementEvent",
        "recipientAccountId",
        "eventCategory",
        "tlsDetails",
    ]


def test_a_data_event_says_so_twice() -> None:
    data = record()
    assert (data["managementEvent"], data["eventCategory"]) == (False, "Data")
    management = record(replace(FACTS, data_event=False))
    assert (management["managementEvent"], management["eventCategory"]) == (True, "Management")


def test_times_are_whole_seconds_in_utc() -> None:
    assert record()["eventTime"] == "2023-11-14T22:13:20Z"


def test_an_object_is_named_with_its_bucket() -> None:
    assert record()["resources"] == [
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/k"},
        {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::b"},
    ]


def test_iam_names_no_resources() -> None:
    facts = replace(FACTS, service="iam", resources=((f"arn:aws:iam::{ACCOUNT}:user/a", ACCOUNT),))
    assert "resources" not in record(facts)


def test_a_plain_connection_has_no_tls_details() -> None:
    assert "tlsDetails" not in record()


def test_empty_elements_are_null_not_missing() -> None:
    found = record(replace(FACTS, parameters={}), Outcome(response_elements={}))
    assert found["requestParameters"] is None
    assert found["responseElements"] is None


def test_s3_calls_some_operations_otherwise_in_its_trail() -> None:
    assert record(replace(FACTS, operation="ListObjectsV2"))["eventName"] == "ListObjects"
    assert record(replace(FACTS, operation="PutPublicAccessBlock"))["eventName"] == "PutBucketPublicAccessBlock"
    assert record(replace(FACTS, service="other", operation="ListObjectsV2"))["eventName"] == "ListObjectsV2"


def test_a_call_that_concerns_two_accounts_gives_each_an_event_tied_by_its_shared_id() -> None:
    facts = replace(
        FACTS,
        service="sts",
        operation="AssumeRole",
        resources=((f"arn:aws:iam::{OTHER}:role/r", OTHER),),
        user_identity={"type": "IAMUser"},
    )
    own, foreign = events_of(facts, Outcome(), ids())
    records = [json.loads(event.record) for event in (own, foreign)]
    assert [event.account for event in (own, foreign)] == [ACCOUNT, OTHER]
    assert [each["recipientAccountId"] for each in records] == [ACCOUNT, OTHER]
    assert records[0]["sharedEventID"] == records[1]["sharedEventID"]
    assert len({records[0]["sharedEventID"], own.id, foreign.id}) == 3
    assert [each["userIdentity"]["type"] for each in records] == ["IAMUser", "AWSAccount"]
    assert all(each["resources"][0]["type"] == "AWS::IAM::Role" for each in records)


def test_an_anonymous_call_is_in_the_trail_of_the_bucket_owner_alone() -> None:
    facts = replace(FACTS, account="", foreign_identity={"type": "AWSAccount", "accountId": "anonymous"})
    (event,) = events_of(facts, Outcome(), ids())
    found = json.loads(event.record)
    assert (event.account, found["recipientAccountId"]) == (ACCOUNT, ACCOUNT)
    assert found["userIdentity"]["accountId"] == "anonymous"
    assert "sharedEventID" not in found


def test_a_call_of_nobody_about_nothing_still_gives_an_event() -> None:
    facts = replace(FACTS, account="", principal="", service="", operation="", resources=(), actions=())
    (event,) = events_of(facts, Outcome("InvalidClientTokenId", "x"), ids())
    found = json.loads(event.record)
    assert found["eventName"] == "Unknown"
    assert "recipientAccountId" not in found


def test_what_a_caller_writes_is_cut() -> None:
    assert len(record(replace(FACTS, user_agent="x" * 5000))["userAgent"]) == 1024


def test_only_events_of_changes_stay_for_ever() -> None:
    changed = replace(FACTS, droppable=False, read_only=False)
    assert [events_of(facts, outcome, ids())[0].droppable for facts, outcome in (
        (FACTS, Outcome()),
        (changed, Outcome("AccessDenied", "")),
        (changed, Outcome()),
    )] == [True, True, False]  # fmt: skip


def test_what_a_denial_was_decided_on_is_kept_for_the_caller_s_account_alone() -> None:
    """It holds the caller's policies; of an anonymous call there are only the owner's."""
    facts = replace(FACTS, resources=(("arn:aws:s3:::b/k", OTHER),), details=b"kept")
    by_account = {event.account: event.details for event in events_of(facts, Outcome("AccessDenied"), ids())}
    assert by_account == {ACCOUNT: b"kept", OTHER: None}
    (alone,) = events_of(replace(facts, account=""), Outcome("AccessDenied"), ids())
    assert (alone.account, alone.details) == (OTHER, b"kept")


def test_parameters_beyond_cloudtrails_limit_are_left_out_and_said_to_be() -> None:
    """Otherwise a caller without any right could wash the trail out with a few hundred calls."""
    large = {"policyInputList": ["x" * 60_000, "y" * 60_000]}
    assert record(replace(FACTS, parameters=large))["requestParameters"] == {"omitted": True}
    fitting = {"policyInputList": ["x" * 60_000]}
    written = record(replace(FACTS, parameters=fitting), Outcome(response_elements=large))
    assert (written["requestParameters"], written["responseElements"]) == (fitting, {"omitted": True})
