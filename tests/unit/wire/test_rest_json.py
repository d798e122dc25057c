"""rest-json: routed and read on the path that the signature covers; what is not of the model's types is refused."""

from typing import Any

import orjson
import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service
from iamd.wire.sigv4.canonical import service_path

JSON = (b"content-type", b"application/json")
FUNCTIONS = b"/2015-03-31/functions"
NUMBER = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber"


def sent(method: str, path: bytes, body: bytes = b"", query: bytes = b"", *further: tuple[bytes, bytes]) -> HttpRequest:
    return HttpRequest(method, path, query, [JSON, *further], body)


def read(service: str, request: HttpRequest) -> tuple[str, dict[str, Any]]:
    operation = load_service(service).route(request)
    return operation.name, operation.parse(request)


def fault(service: str, request: HttpRequest) -> tuple[str, int, str]:
    with pytest.raises(AwsError) as caught:
        read(service, request)
    return caught.value.code, caught.value.status, caught.value.message


@pytest.mark.parametrize(
    "path",
    [
        FUNCTIONS + b"/one/policy",
        FUNCTIONS + b"//one/policy",
        b"//2015-03-31/./functions/one/policy/",
        FUNCTIONS + b"/two/../one/policy",
        FUNCTIONS + b"/two/code/../../one/policy",
        b"/../2015-03-31/functions/one/policy",
    ],
)
def test_paths_that_one_signature_covers_mean_the_same(path: bytes) -> None:
    plain = FUNCTIONS + b"/one/policy"
    assert service_path(path).rstrip(b"/") == service_path(plain)
    assert read("lambda", sent("GET", path)) == ("GetPolicy", {"FunctionName": "one"})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (FUNCTIONS + b"/a%2Fb/policy", "a/b"),
        (FUNCTIONS + b"/%2e%2e/policy", ".."),
        (FUNCTIONS + b"/a%252Fb/policy", "a%2Fb"),
        (FUNCTIONS + b"/a+b/policy", "a+b"),
        (FUNCTIONS + b"/%C3%A9/policy", "é"),
    ],
)
def test_labels_are_decoded_once(path: bytes, name: str) -> None:
    assert read("lambda", sent("GET", path)) == ("GetPolicy", {"FunctionName": name})


@pytest.mark.parametrize(
    "path", [b"/nothing", FUNCTIONS + b"/one/policy/more", b"/", b"", b"*", FUNCTIONS + b"/one/%70olicy"]
)
def test_an_unknown_path_is_an_unknown_operation(path: bytes) -> None:
    assert fault("lambda", sent("GET", path))[:2] == ("UnknownOperationException", 404)


@pytest.mark.parametrize("method", ["PATCH", "get", "é"])
def test_an_unknown_method_is_an_unknown_operation(method: str) -> None:
    assert fault("lambda", sent(method, FUNCTIONS + b"/one/policy"))[:2] == ("UnknownOperationException", 404)


@pytest.mark.parametrize("path", [FUNCTIONS + b"/%ff/policy", FUNCTIONS + b"/%zz/policy", FUNCTIONS + b"/\xff/policy"])
def test_a_label_that_is_no_utf8_is_refused(path: bytes) -> None:
    assert fault("lambda", sent("GET", path))[:2] == ("SerializationException", 400)


@pytest.mark.parametrize(
    ("query", "operation"),
    [
        (b"", "CreateToken"),
        (b"aws_iam=t", "CreateTokenWithIAM"),
        (b"aws%5Fiam=t", "CreateTokenWithIAM"),
        (b"aws_iam=f", "CreateToken"),
        (b"aws_iam=t&aws_iam=t", "CreateToken"),
        (b"aws_iam", "CreateToken"),
    ],
)
def test_a_parameter_that_a_template_demands_tells_operations_apart(query: bytes, operation: str) -> None:
    assert read("sso-oidc", sent("POST", b"/token", b"{}", query))[0] == operation


def create(body: bytes) -> HttpRequest:
    return sent("POST", FUNCTIONS, body)


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("FunctionName", True, "class java.lang.Boolean can not be converted to an String"),
        (
            "FunctionName",
            23,
            f"{NUMBER} can not be converted to an String",
        ),
        ("FunctionName", [], "Start of list found where not expected"),
        ("FunctionName", {}, "Start of structure or map found where not expected."),
        ("Timeout", "23", "class java.lang.String can not be converted to an Integer"),
        ("Timeout", True, "class java.lang.Boolean can not be converted to an Integer"),
        ("Timeout", 2**31, "'2147483648' can not be converted to an Integer"),
        ("Publish", "23", "'23' can not be converted to an Boolean"),
        ("Layers", "23", "Expected list or null"),
        ("Layers", {}, "Start of structure or map found where not expected."),
        ("Layers", [None], "A list must not hold null"),
        ("Tags", "23", "Expected map or null"),
        ("Tags", [], "Start of list found where not expected"),
        ("Code", "23", "Expected null"),
        ("Code", [], "Start of list found where not expected"),
        (
            "Code",
            {"ZipFile": 23},
            f"{NUMBER} can not be converted to a Blob",
        ),
        ("Code", {"ZipFile": "=+/="}, "'=+/=' can not be converted to a Blob: Invalid base64-encoded value"),
    ],
)
def test_a_value_of_another_type_is_refused_in_awss_words(member: str, value: Any, message: str) -> None:
    body = orjson.dumps({member: value})
    assert fault("lambda", create(body)) == ("SerializationException", 400, message)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b"1",
        b"\xff",
        b"{}{}",
        b'{"FunctionName":"a","FunctionName":"b"}',
        b'{"FunctionName":"\\ud800"}',
        b'{"Timeout":NaN}',
        b'{"Timeout":1e999}',
        b'{"Timeout":' + b"9" * 5000 + b"}",
        b'{"x":' + b"[" * 100 + b"]" * 100 + b"}",
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    assert fault("lambda", create(body))[:2] == ("SerializationException", 400)


def test_null_is_absent_unknown_members_are_ignored_and_fractions_cut_off() -> None:
    body = b'{"FunctionName":null,"Nothing":{"a":[null]},"Timeout":3.9,"Publish":"true","Tags":{"a":null,"b":""}}'
    assert read("lambda", create(body))[1] == {"Timeout": 3, "Publish": True, "Tags": {"b": ""}}
    assert read("lambda", create(b""))[1] == {}


@pytest.mark.parametrize("kind", [b"text/xml", b"application/x-www-form-urlencoded", b"", b"application/cbor"])
def test_another_content_type_is_refused(kind: bytes) -> None:
    request = HttpRequest("POST", FUNCTIONS, b"", [(b"content-type", kind)], b"{}")
    assert fault("lambda", request)[:2] == ("UnsupportedMediaTypeException", 415)


@pytest.mark.parametrize(
    "kind", [b"application/json; charset=utf-8", b"application/x-amz-json-1.1", b"Application/JSON"]
)
def test_the_content_types_of_sdks_are_taken(kind: bytes) -> None:
    request = HttpRequest("POST", FUNCTIONS, b"", [(b"content-type", kind)], b"{}")
    assert read("lambda", request) == ("CreateFunction", {})


def test_a_payload_of_bytes_is_taken_as_it_is() -> None:
    request = HttpRequest("POST", FUNCTIONS + b"/f/invocations", b"", [(b"content-type", b"text/plain")], b"\xff{")
    assert read("lambda", request) == ("Invoke", {"FunctionName": "f", "Payload": b"\xff{"})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (b"MaxItems=x", "'x' can not be converted to an Integer"),
        (b"MaxItems=99999999999", "'99999999999' can not be converted to an Integer"),
        (b"MaxItems=1&MaxItems=2", "MaxItems is given more than once: '2'"),
        (b"Marker=%ff", "The query string is not percent-encoded UTF-8."),
    ],
)
def test_a_parameter_of_another_type_is_refused(query: bytes, message: str) -> None:
    assert fault("lambda", sent("GET", FUNCTIONS, b"", query)) == ("SerializationException", 400, message)


def test_exactly_one_member_of_a_union_is_set() -> None:
    for given in ({}, {"eq": ["a"], "exists": True}):
        body = orjson.dumps({"analyzerName": "a", "type": "ACCOUNT", "configuration": given})
        assert fault("accessanalyzer", sent("PUT", b"/analyzer", body))[0] == "SerializationException"
    body = orjson.dumps({"configuration": {"unusedAccess": {"unusedAccessAge": 9}}})
    assert read("accessanalyzer", sent("PUT", b"/analyzer", body))[1] == {
        "configuration": {"unusedAccess": {"unusedAccessAge": 9}}
    }


def test_the_models_constraints_are_a_validation_exception() -> None:
    operation = load_service("lambda").operation("CreateFunction")
    with pytest.raises(AwsError) as caught:
        operation.validate({"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": {}, "Timeout": 0})
    assert caught.value.code == "ValidationException"
    assert caught.value.message == (
        "1 validation error detected: Value '0' at 'timeout' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1"
    )


def test_an_answer_has_the_status_and_the_body_that_the_model_says() -> None:
    spec = load_service("lambda")
    invoked = spec.operation("Invoke").serialize({"StatusCode": 202, "Payload": b"x"}, request_id="r", host_id="h")
    assert (invoked.status, invoked.body) == (202, b"x")
    deleted = spec.operation("DeleteAlias").serialize({}, request_id="r", host_id="h")
    assert (deleted.status, deleted.body) == (204, b"")
    listed = spec.operation("ListFunctions").serialize({"NextMarker": None}, request_id="r", host_id="h")
    assert (listed.status, listed.body, dict(listed.headers)[b"content-type"]) == (200, b"{}", b"application/json")
