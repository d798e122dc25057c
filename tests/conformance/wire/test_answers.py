"""Whatever we write as an answer, botocore reads back equal."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.handlers import parse_get_bucket_location
from botocore.parsers import create_parser

from iamd.model.http import HttpResponse
from iamd.wire.service import load_service
from tests.conformance.wire.generate import Maker
from tests.conformance.wire.models import EVENT_STREAMS, botocore_model, operations

ROUNDS = 4

NOT_COMPARED = {
    ("s3", "GetBucketLocation"): "its root element is the value; botocore reads it in a handler, tested below",
    ("s3", "GetBucketNotification"): "deprecated, no request reaches it; two of its members are one element",
    **dict.fromkeys(EVENT_STREAMS, "its answer is an event stream, which is not built"),
}


def as_botocore_sees_it(response: HttpResponse) -> dict[str, Any]:
    headers = HeadersDict((name.decode(), value.decode("latin-1")) for name, value in response.headers)
    return {"status_code": response.status, "headers": headers, "body": response.body}


def read_by_botocore(service: str, operation: str, response: HttpResponse) -> dict[str, Any]:
    model = botocore_model(service)
    shape = model.operation_model(operation).output_shape
    parsed: dict[str, Any] = create_parser(model.resolved_protocol).parse(as_botocore_sees_it(response), shape)
    return parsed


def expected(shape: Any, result: dict[str, Any]) -> dict[str, Any]:
    """The result up to what botocore does by itself: bytes of a body become text, an absent header map empty."""
    out = dict(result)
    for name, member in shape.members.items():
        if member.serialization.get("location") == "headers":
            out.setdefault(name, {})
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name in {"blob", "string"}:
        body = out.get(payload, b"")
        out[payload] = body.decode() if isinstance(body, bytes) else body
    elif payload is not None:
        out.setdefault(payload, {})
    return out


def codes(shape: Any, result: dict[str, Any]) -> None:
    """A member that is the status: one that an answer can have."""
    for name, member in shape.members.items():
        if member.serialization.get("location") == "statusCode":
            result[name] = 202


@pytest.mark.parametrize(("service", "operation"), operations())
def test_every_answer_is_read_back_by_botocore(service: str, operation: str) -> None:
    if (service, operation) in NOT_COMPARED:
        assert load_service(service).operation(operation).name == operation
        return
    spec = load_service(service).operation(operation)
    shape = botocore_model(service).operation_model(operation).output_shape
    for number in range(ROUNDS):
        maker = Maker(f"{service} {operation} {number}", full=number == 0)
        result = maker.structure(shape, top=True) if shape is not None else {}
        if shape is not None:
            codes(shape, result)
        response = spec.serialize(result, request_id="the-request", host_id="the-host")
        parsed = read_by_botocore(service, operation, response)
        metadata = parsed.pop("ResponseMetadata")
        assert metadata["RequestId"] == "the-request"
        assert parsed == (expected(shape, result) if shape is not None else {})


@pytest.mark.parametrize(("place", "seen"), [("eu-central-1", "eu-central-1"), ("", None), (None, None)])
def test_the_location_of_a_bucket_is_the_root_element(place: str | None, seen: str | None) -> None:
    spec = load_service("s3").operation("GetBucketLocation")
    response = spec.serialize({"LocationConstraint": place}, request_id="r", host_id="h")
    parsed: dict[str, Any] = {}
    http = AWSResponse("http://localhost", 200, {}, object())
    http._content = response.body
    parse_get_bucket_location(parsed, http)
    assert parsed == {"LocationConstraint": seen}


def test_an_empty_list_of_the_query_protocol_is_an_empty_list() -> None:
    spec = load_service("iam").operation("ListUsers")
    response = spec.serialize({"Users": [], "IsTruncated": False}, request_id="r", host_id="h")
    parsed = read_by_botocore("iam", "ListUsers", response)
    assert (parsed["Users"], parsed["IsTruncated"]) == ([], False)


def test_fractions_of_seconds_are_lost_by_the_query_protocol_and_kept_to_the_millisecond_by_s3() -> None:
    moment = datetime(2026, 11, 25, 3, 4, 5, 123_456, tzinfo=UTC)
    iam = (
        load_service("iam")
        .operation("GetUser")
        .serialize({"User": {"CreateDate": moment}}, request_id="r", host_id="h")
    )
    assert read_by_botocore("iam", "GetUser", iam)["User"]["CreateDate"] == moment.replace(microsecond=0)
    s3 = (
        load_service("s3")
        .operation("ListBuckets")
        .serialize({"Buckets": [{"CreationDate": moment}]}, request_id="r", host_id="h")
    )
    assert read_by_botocore("s3", "ListBuckets", s3)["Buckets"][0]["CreationDate"] == moment.replace(
        microsecond=123_000
    )


@pytest.mark.parametrize(
    ("service", "operation", "member", "field"),
    [
        ("kms", "DescribeKey", "KeyMetadata", "CreationDate"),
        ("accessanalyzer", "GetAnalyzer", "analyzer", "createdAt"),
        ("ec2", "GetConsoleOutput", "Timestamp", ""),
    ],
)
def test_fractions_of_seconds_are_kept_to_the_millisecond(
    service: str, operation: str, member: str, field: str
) -> None:
    moment = datetime(2026, 11, 25, 3, 4, 5, 123_456, tzinfo=UTC)
    result = {member: {field: moment} if field else moment}
    answer = load_service(service).operation(operation).serialize(result, request_id="r", host_id="h")
    seen = read_by_botocore(service, operation, answer)[member]
    assert (seen[field] if field else seen) == moment.replace(microsecond=123_000)
