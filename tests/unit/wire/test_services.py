"""The service signed for is the service run; who signs nothing is known by Action, target, or is S3's public."""

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service
from iamd.wire.services import directory, resolve_service, spoken_service
from tools.directory import PATH, generate

FORM = (b"content-type", b"application/x-www-form-urlencoded")


def request(
    path: bytes = b"/",
    *,
    method: str = "POST",
    body: bytes = b"",
    query: bytes = b"",
    bucket: str | None = None,
    **headers: str,
) -> HttpRequest:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HttpRequest(method, path, query, [FORM, *given], body, bucket=bucket)


@pytest.mark.parametrize(
    ("signed", "sent", "service"),
    [
        ("iam", request(body=b"Action=GetUser&Version=2010-05-08"), "iam"),
        ("iam", request(b"/toolbox", method="GET"), "iam-toolbox"),
        ("sts", request(body=b"Action=GetUser&Version=2010-05-08"), "sts"),
        ("s3", request(b"/b", method="GET", query=b"Action=ListUsers"), "s3"),
        ("s3", request(b"/b", x_amz_target="DynamoDB_20120810.ListTables"), "s3"),
        ("s3", request(b"/v20180820/jobs", method="GET"), "s3control"),
        ("s3", request(b"/v20180820/jobs", method="GET", bucket="b"), "s3"),
        ("s3", request(b"/v20180820", method="GET"), "s3"),
        ("s3", request(b"/x", x_amz_account_id="123456789012"), "s3control"),
        ("ec2", request(body=b"Action=DescribeInstances&Version=2016-11-15"), "ec2"),
        ("dynamodb", request(x_amz_target="DynamoDBStreams_20120810.ListStreams"), "dynamodbstreams"),
        ("dynamodb", request(x_amz_target="DynamoDB_20120810.ListTables"), "dynamodb"),
        ("dynamodb", request(x_amz_target="Nothing.ListTables"), "dynamodb"),
        ("elasticloadbalancing", request(body=b"Action=X&Version=2015-12-01"), "elbv2"),
        ("elasticloadbalancing", request(body=b"Action=X&Version=2012-06-01"), "elb"),
        ("ses", request(b"/v2/email/account", method="GET"), "sesv2"),
        ("events", request(b"/service/AWSEventsV2/operation/X", smithy_protocol="rpc-v2-cbor"), "eventbridgev2"),
        ("lambda", request(b"/2015-03-31/functions/", method="GET"), "lambda"),
    ],
)
def test_the_scope_decides(signed: str, sent: HttpRequest, service: str) -> None:
    assert resolve_service(sent, signed) == service


@pytest.mark.parametrize(
    "sent",
    [
        request(b"/WriteGetObjectResponse", method="PUT"),
        request(b"/WriteGetObjectResponse", bucket="b"),
        request(b"/WriteGetObjectResponse", method="PUT", bucket="b"),
    ],
)
def test_the_scope_of_one_operation_opens_no_other(sent: HttpRequest) -> None:
    """A key of that name in a bucket of the host is S3's business, and signed for it."""
    assert resolve_service(request(b"/WriteGetObjectResponse"), "s3-object-lambda") == "s3"
    with pytest.raises(AwsError, match="is not known"):
        resolve_service(sent, "s3-object-lambda")


@pytest.mark.parametrize(
    ("sent", "service"),
    [
        (request(body=b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15"), "sts"),
        (request(method="GET", query=b"Action=AssumeRoleWithSAML&Version=2011-06-15"), "sts"),
        (request(body=b"Action=ListUsers&Version=2010-05-08"), "iam"),
        (request(body=b"Action=Nothing&Version=1"), "sts"),
        (request(), "sts"),
        (request(method="GET", query=b"Action=Nothing"), "s3"),
        (HttpRequest("POST", b"/", b"", [(b"content-type", b"multipart/form-data")], b"Action=x"), "s3"),
        (request(b"/b/k", method="GET", query=b"Action=AssumeRoleWithSAML"), "s3"),
        (request(body=b"Action=AssumeRoleWithWebIdentity", bucket="b"), "s3"),
        (request(x_amz_target="DynamoDB_20120810.ListTables"), "dynamodb"),
        (request(b"/b/k", x_amz_target="DynamoDB_20120810.ListTables"), "s3"),
        (request(method="GET"), "s3"),
        (request(b"/v20180820/jobs", method="GET"), "s3control"),
    ],
)
def test_an_unsigned_request_is_known_by_what_it_asks(sent: HttpRequest, service: str) -> None:
    assert resolve_service(sent, None) == service


JSON = (b"content-type", b"application/json")
BEARER = (b"x-amz-sso_bearer_token", b"t")


@pytest.mark.parametrize(
    ("sent", "service"),
    [
        (HttpRequest("POST", b"/token", b"", [JSON], b"{}"), "sso-oidc"),
        (HttpRequest("POST", b"/client/register", b"", [JSON], b"{}"), "sso-oidc"),
        (HttpRequest("POST", b"//client/./register", b"", [JSON], b"{}"), "sso-oidc"),
        (HttpRequest("POST", b"/v1/token", b"", [JSON], b"{}"), "signin"),
        (HttpRequest("POST", b"/v1/token", b"x-amz-oauth-token-method=token-exchange", [JSON], b"{}"), "signin"),
        (HttpRequest("POST", b"/v1/token", b"uploads", [JSON]), "s3"),
        (HttpRequest("GET", b"/federation/credentials", b"role_name=a&account_id=1", [BEARER]), "sso"),
        (HttpRequest("POST", b"/logout", b"", [BEARER]), "sso"),
        (HttpRequest("GET", b"/federation/credentials", b"role_name=a&account_id=1"), "s3"),
        (HttpRequest("GET", b"/token", b"", [JSON]), "s3"),
        (HttpRequest("POST", b"/token", b"", [], b"{}"), "s3"),
        (HttpRequest("POST", b"/token", b"uploads", [JSON]), "s3"),
        (HttpRequest("POST", b"/token", b"aws_iam=t", [JSON], b"{}"), "s3"),
        (HttpRequest("POST", b"/token", b"", [JSON], b"{}", bucket="b"), "s3"),
        (HttpRequest("POST", b"/token", b"", [(b"content-type", b"text/plain")], b"{}"), "s3"),
        (HttpRequest("GET", b"/b/k", b"", [BEARER]), "s3"),
    ],
)
def test_what_carries_its_own_proof_is_known_by_its_path(sent: HttpRequest, service: str) -> None:
    assert resolve_service(sent, None) == service


def test_a_name_that_no_service_signs_with_is_refused() -> None:
    with pytest.raises(AwsError) as caught:
        resolve_service(request(), "nothing")
    assert (caught.value.code, caught.value.status) == ("AuthorizationHeaderMalformed", 400)


def test_the_directory_is_that_of_the_botocore_installed() -> None:
    assert generate() == PATH.read_text()
    assert directory()["iam"][0].protocols == ("query",)


@pytest.mark.parametrize(
    ("service", "sent", "protocol"),
    [
        ("cloudwatch", request(smithy_protocol="rpc-v2-cbor"), "smithy-rpc-v2-cbor"),
        ("cloudwatch", request(x_amz_target="GraniteServiceVersion20100801.ListMetrics"), "json"),
        ("cloudwatch", request(body=b"Action=ListMetrics"), "query"),
        ("cloudwatch", HttpRequest("GET", b"/", b"Action=ListMetrics"), "query"),
        ("cloudwatch", HttpRequest("POST", b"/"), "smithy-rpc-v2-cbor"),
        ("lambda", request(), "rest-json"),
        ("ec2", request(), "ec2"),
    ],
)
def test_a_service_is_answered_in_the_protocol_that_it_was_asked_in(
    service: str, sent: HttpRequest, protocol: str
) -> None:
    assert spoken_service(sent, service).protocol == protocol


def test_a_protocol_that_is_not_built_answers_501() -> None:
    with pytest.raises(AwsError) as caught:
        load_service("cloudwatch", "smithy-rpc-v2-cbor").route(request())
    assert (caught.value.code, caught.value.status) == ("NotImplemented", 501)


def test_an_account_in_front_of_the_host_is_no_bucket_of_s3control() -> None:
    account = "123456789012"
    path = b"/v20180820/accesspoint/one"
    headers = [(b"host", f"{account}.localhost:4566".encode()), (b"x-amz-account-id", account.encode())]
    sent = HttpRequest("GET", path, b"", headers, bucket=account)
    assert resolve_service(sent, "s3") == "s3control"
    operation = load_service("s3control").route(sent)
    assert (operation.name, operation.parse(sent)) == ("GetAccessPoint", {"AccountId": account, "Name": "one"})
    other = HttpRequest("GET", path, b"", [(b"host", b"210987654321.localhost"), headers[1]], bucket="210987654321")
    with pytest.raises(AwsError, match="are not the same"):
        load_service("s3control").route(other)


def test_unknown_names_are_key_errors() -> None:
    with pytest.raises(KeyError):
        load_service("nothing")
    with pytest.raises(KeyError):
        load_service("iam").operation("Nothing")


def test_an_operation_is_compiled_once_per_service() -> None:
    spec = load_service("iam")
    assert spec.operation("GetUser") is spec.operation("GetUser")
    assert spec.operation("GetUser").snake_name == "get_user"
    assert (spec.signing_name, spec.protocol, "GetUser" in spec.operation_names) == ("iam", "query", True)
    assert load_service("s3control").signing_name == "s3"


@pytest.mark.parametrize(
    ("service", "protocol", "rules"),
    [
        ("s3", "rest-xml", "rest-xml"),
        ("s3control", "rest-xml", "rest-xml"),
        ("cloudfront", "rest-xml", "query"),
        ("iam", "query", "query"),
        ("cloudwatch", "smithy-rpc-v2-cbor", "json"),
        ("cloudwatch", "query", "query"),
        ("lambda", "rest-json", "rest-json"),
    ],
)
def test_only_s3_and_its_kin_sign_by_the_rules_of_s3(service: str, protocol: str, rules: str) -> None:
    assert load_service(service, protocol).signature_rules == rules


def test_naming_a_service_that_is_not_built_keeps_no_shapes() -> None:
    sent = request(b"/v1/brokers", method="GET")
    spec = spoken_service(sent, resolve_service(sent, "mq"))
    assert spec.route(sent).name == "ListBrokers"
    error = AwsError("NotImplemented", "x", 501)
    assert spec.serialize_error(error, request_id="r", host_id="h").status == 501
    assert "shapes" not in vars(spec.model)
