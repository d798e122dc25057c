"""The json protocol: named by exactly one target of the service's own; what is not of the model's types is refused."""

import gzip
from typing import Any

import orjson
import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.inflating import MAX_INFLATED
from iamd.wire.service import load_service

TARGET = "AWSOrganizationsV20161128.ListRoots"
KIND = "application/x-amz-json-1.1"


def request(body: bytes = b"{}", *targets: str, kind: str | None = KIND, method: str = "POST") -> HttpRequest:
    headers = [(b"x-amz-target", target.encode()) for target in targets]
    if kind is not None:
        headers.append((b"content-type", kind.encode()))
    return HttpRequest(method, b"/", b"", headers, body)


def read(sent: HttpRequest, service: str = "organizations") -> tuple[str, dict[str, Any]]:
    operation = load_service(service).route(sent)
    return operation.name, operation.parse(sent)


def fault(sent: HttpRequest, service: str = "organizations") -> tuple[str, int, str]:
    with pytest.raises(AwsError) as caught:
        read(sent, service)
    return caught.value.code, caught.value.status, caught.value.message


@pytest.mark.parametrize("kind", [KIND, "application/x-amz-json-1.0", "application/json; charset=UTF-8", None])
def test_the_target_names_the_operation(kind: str | None) -> None:
    assert read(request(b'{"MaxResults":5}', TARGET, kind=kind)) == ("ListRoots", {"MaxResults": 5})


@pytest.mark.parametrize(
    "targets",
    [
        (),
        ("",),
        ("ListRoots",),
        ("AWSOrganizationsV20161128.Nothing",),
        ("AWSOrganizationsV20161128.listRoots",),
        ("AWSOrganizationsV20161128",),
        ("TrentService.ListKeys",),
        ("TrentService.ListRoots",),
        (TARGET, TARGET),
        (TARGET, "AWSOrganizationsV20161128.LeaveOrganization"),
        (f"{TARGET}, AWSOrganizationsV20161128.LeaveOrganization",),
    ],
)
def test_no_other_target_means_anything(targets: tuple[str, ...]) -> None:
    assert fault(request(b"{}", *targets))[:2] == ("UnknownOperationException", 400)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data"])
def test_what_a_pages_form_could_send_is_no_operation(kind: str) -> None:
    assert fault(request(b"{}", TARGET, kind=kind))[:2] == ("UnknownOperationException", 404)


def test_other_methods_are_no_operation() -> None:
    assert fault(request(b"", TARGET, method="GET"))[:2] == ("UnknownOperationException", 404)


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"[]", b'"a"', b"null", b'{"MaxResults":1,"MaxResults":2}', b"\xff"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    assert fault(request(body, TARGET))[:2] == ("SerializationException", 400)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "class java.lang.String can not be converted to an Integer"),
        (1e300, "'1e+300' can not be converted to an Integer"),
        ([1], "Start of list found where not expected"),
    ],
)
def test_a_value_of_another_type_is_refused(value: Any, message: str) -> None:
    sent = request(orjson.dumps({"MaxResults": value}), TARGET)
    assert fault(sent) == ("SerializationException", 400, message)


@pytest.mark.parametrize("value", ["2026-11-25T00:00:00Z", True, 1e300, [], {}])
def test_a_moment_is_a_number_of_seconds(value: Any) -> None:
    target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    sent = request(orjson.dumps({"StartTime": value}), target)
    assert fault(sent, "cloudtrail")[0] == "SerializationException"


def test_a_document_is_any_json() -> None:
    document = {"Version": "1", "Statement": [{"a": [1, 2.5, None, {}]}]}
    body = {
        "ApplicationArn": "a",
        "AuthenticationMethodType": "IAM",
        "AuthenticationMethod": {"Iam": {"ActorPolicy": document}},
    }
    sent = request(orjson.dumps(body), "SWBExternalService.PutApplicationAuthenticationMethod")
    assert read(sent, "sso-admin")[1] == body


def test_the_models_constraints_are_a_validation_exception() -> None:
    operation = load_service("kms").operation("DescribeKey")
    with pytest.raises(AwsError) as caught:
        operation.validate({"KeyId": ""})
    assert (caught.value.code, caught.value.status) == ("ValidationException", 400)
    assert caught.value.message == (
        "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )


def test_what_answers_nothing_has_no_body() -> None:
    spec = load_service("kms")
    assert spec.operation("EnableKey").serialize({}, request_id="r", host_id="h").body == b""
    listed = spec.operation("ListKeys").serialize({"Keys": []}, request_id="r", host_id="h")
    assert (listed.body, dict(listed.headers)[b"content-type"]) == (b'{"Keys":[]}', KIND.encode())


def test_a_structure_that_holds_itself_is_answered_and_recorded() -> None:
    inner: dict[str, Any] = {"Type": "NOTES", "Value": "deep"}
    for _ in range(20):
        inner = {"Type": "ORGANIZATION", "Resources": [inner]}
    result = {"Handshakes": [{"Id": "h", "Resources": [inner]}]}
    operation = load_service("organizations").operation("ListHandshakesForAccount")
    answer = operation.serialize(result, request_id="r", host_id="h")
    assert isinstance(answer.body, bytes)
    assert orjson.loads(answer.body) == result
    assert "resources" in str(operation.redact_response(result))


def test_a_structure_that_holds_itself_is_read_and_checked() -> None:
    value: dict[str, Any] = {"N": "1"}
    for _ in range(25):
        value = {"L": [value]}
    sent = request(orjson.dumps({"TableName": "t", "Item": {"a": value}}), "DynamoDB_20120810.PutItem")
    assert read(sent, "dynamodb")[1]["Item"] == {"a": value}
    operation = load_service("dynamodb").operation("PutItem")
    operation.validate({"TableName": "t", "Item": {"a": value}})
    with pytest.raises(AwsError, match="at 'item' failed to satisfy constraint: Map keys must satisfy"):
        operation.validate({"TableName": "t", "Item": {"a" * 65_536: value}})


def metrics(body: bytes, encoding: str = "gzip") -> HttpRequest:
    sent = request(body, "GraniteServiceVersion20100801.PutMetricData", kind="application/x-amz-json-1.0")
    return HttpRequest("POST", b"/", b"", [*sent.headers, (b"content-encoding", encoding.encode())], body)


def parse_metrics(sent: HttpRequest) -> dict[str, Any]:
    return load_service("cloudwatch", "json").operation("PutMetricData").parse(sent)


def test_a_compressed_body_is_read_where_the_model_allows_it() -> None:
    plain = b'{"Namespace":"n"}'
    assert parse_metrics(metrics(gzip.compress(plain))) == {"Namespace": "n"}
    assert parse_metrics(metrics(gzip.compress(plain), "identity, GZIP")) == {"Namespace": "n"}
    assert parse_metrics(metrics(plain, "identity")) == {"Namespace": "n"}
    sent = request(gzip.compress(b"{}"), TARGET)
    sent = HttpRequest("POST", b"/", b"", [*sent.headers, (b"content-encoding", b"gzip")], sent.body)
    assert fault(sent)[0] == "SerializationException"


def test_a_compressed_body_is_bounded_and_whole() -> None:
    whole = gzip.compress(b'{"Namespace":"n"}')
    bomb = gzip.compress(b'{"Namespace":"' + b"n" * (MAX_INFLATED + 1) + b'"}')
    codes = []
    for body in (bomb, whole[:-1], whole + b"x", whole + whole, b"", b"{}", whole[:-8] + b"\0" * 8):
        with pytest.raises(AwsError) as caught:
            parse_metrics(metrics(body))
        codes.append(caught.value.code)
    assert codes == ["RequestEntityTooLarge", *["SerializationException"] * 6]


def test_a_service_that_once_spoke_query_says_its_old_code() -> None:
    spec = load_service("cloudwatch", "json")
    headers = dict(spec.serialize_error(AwsError("LimitExceededFault", "x"), request_id="r", host_id="h").headers)
    assert headers[b"x-amzn-query-error"] == b"LimitExceeded;Sender"
    headers = dict(spec.serialize_error(AwsError("NotImplemented", "x", 501), request_id="r", host_id="h").headers)
    assert headers[b"x-amzn-query-error"] == b"NotImplemented;Receiver"
