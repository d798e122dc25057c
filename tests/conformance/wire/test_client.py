"""botocore's whole client, its handlers included, talks with the wire: no socket, the wire answers in its place."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.client import Config
from botocore.exceptions import ClientError

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service

MOMENT = datetime(2026, 11, 25, tzinfo=UTC)
Handler = Callable[[str, dict[str, Any]], Mapping[str, Any]]


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: object) -> list[bytes]:
        return [self._body]

    def read(self, *_: object, **__: object) -> bytes:
        body, self._body = self._body, b""
        return body


def as_request(method: str, url: str, headers: Mapping[str, Any] | None = None, body: Any = b"") -> HttpRequest:
    parts = urlsplit(url)
    sent = [
        (name.lower().encode(), value if isinstance(value, bytes) else str(value).encode())
        for name, value in (headers or {}).items()
    ]
    raw = body.encode() if isinstance(body, str) else body.read() if hasattr(body, "read") else body or b""
    return HttpRequest(method, parts.path.encode(), parts.query.encode(), sent, raw)


def client(service: str, handler: Handler, **config: Any) -> Any:
    made = boto3.client(
        service,
        endpoint_url="http://localhost:4566",
        region_name="us-east-1",
        aws_access_key_id="AKIA",
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 0}, **config),
    )
    spec = load_service(service, made.meta.service_model.resolved_protocol)

    def answer(request: Any, **_: object) -> AWSResponse:
        sent = as_request(request.method, request.url, request.headers, request.body)
        try:
            operation = spec.route(sent)
            params = operation.parse(sent)
            operation.validate(params)
            response = operation.serialize(handler(operation.name, params), request_id="r-1", host_id="h-1")
        except AwsError as error:
            response = spec.serialize_error(error, request_id="r-1", host_id="h-1")
        assert isinstance(response.body, bytes)
        headers = {name.decode(): value.decode("latin-1") for name, value in response.headers}
        return AWSResponse(request.url, response.status, headers, _Raw(response.body))

    made.meta.events.register("before-send", answer)
    return made


def seen_by(service: str, call: Callable[[Any], object], result: Mapping[str, Any] | None = None) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def handler(operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        seen.update(params, operation=operation)
        return result or {}

    call(client(service, handler))
    return seen


def test_a_put_arrives_with_its_metadata_and_without_its_bytes() -> None:
    seen = seen_by(
        "s3",
        lambda s3: s3.put_object(Bucket="b", Key="a//b/../é 😀+", Body=b"x", Metadata={"Kind": "one"}, Expires=MOMENT),
    )
    assert (seen["operation"], seen["Key"]) == ("PutObject", "a//b/../é 😀+")
    assert (seen["Metadata"], seen["Expires"]) == ({"kind": "one"}, MOMENT)
    assert "Body" not in seen


def test_a_copy_names_its_source_encoded() -> None:
    source = {"Bucket": "b", "Key": "é k", "VersionId": "1"}
    result = {"CopyObjectResult": {"ETag": '"e"', "LastModified": MOMENT}}
    seen = seen_by("s3", lambda s3: s3.copy_object(Bucket="b", Key="k", CopySource=source), result)
    assert (seen["operation"], seen["CopySource"]) == ("CopyObject", "b/%C3%A9%20k?versionId=1")


def test_keys_that_xml_cannot_hold_are_listed_when_encoded() -> None:
    listed: list[str] = []

    def list_keys(s3: Any) -> None:
        listed.extend(entry["Key"] for entry in s3.list_objects_v2(Bucket="b")["Contents"])

    result = {"Contents": [{"Key": "a%01%20b"}], "EncodingType": "url"}
    assert seen_by("s3", list_keys, result)["EncodingType"] == "url"
    assert listed == ["a\x01 b"]


def test_many_are_deleted_in_one_call() -> None:
    keys = [{"Key": "a&b"}, {"Key": "c\rd"}]
    seen = seen_by("s3", lambda s3: s3.delete_objects(Bucket="b", Delete={"Objects": keys, "Quiet": True}))
    assert seen["Delete"] == {"Objects": keys, "Quiet": True}


def test_a_bucket_is_made_and_found_in_its_region() -> None:
    place = {"LocationConstraint": "eu-central-1"}
    seen = seen_by("s3", lambda s3: s3.create_bucket(Bucket="b", CreateBucketConfiguration=place))
    assert seen["CreateBucketConfiguration"] == place
    where: list[str] = []
    seen_by("s3", lambda s3: where.append(s3.get_bucket_location(Bucket="b")["LocationConstraint"]), place)
    assert where == ["eu-central-1"]


def test_an_object_comes_back_with_its_headers() -> None:
    got: list[dict[str, Any]] = []
    result = {"Body": b"bytes", "ContentLength": 5, "Metadata": {"kind": "one"}, "LastModified": MOMENT, "ETag": '"e"'}
    seen_by("s3", lambda s3: got.append(s3.get_object(Bucket="b", Key="k")), result)
    assert (got[0]["Body"].read(), got[0]["Metadata"], got[0]["LastModified"]) == (b"bytes", {"kind": "one"}, MOMENT)


def test_iam_speaks_lists_and_policies() -> None:
    tags = [{"Key": "a b", "Value": "é+="}]
    document = '{"Statement": "+ &%"}'
    seen = seen_by(
        "iam", lambda iam: iam.create_role(RoleName="r", AssumeRolePolicyDocument=document, Tags=tags), {"Role": {}}
    )
    assert (seen["AssumeRolePolicyDocument"], seen["Tags"]) == (document, tags)


def test_errors_are_the_clients_exceptions() -> None:
    def refuse(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise AwsError("NoSuchEntity", "The user with name é cannot be found.", 404)

    iam = client("iam", refuse)
    with pytest.raises(iam.exceptions.NoSuchEntityException) as caught:
        iam.get_user(UserName="x")
    assert caught.value.response["Error"]["Message"] == "The user with name é cannot be found."

    def gone(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404, members={"BucketName": "b"})

    s3 = client("s3", gone)
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.list_objects(Bucket="b")


def test_a_functions_bytes_go_and_come() -> None:
    name = "arn:aws:lambda:us-east-1:123456789012:function:f"
    got: list[dict[str, Any]] = []
    result = {"StatusCode": 202, "Payload": b"\xff", "ExecutedVersion": "7"}
    seen = seen_by("lambda", lambda each: got.append(each.invoke(FunctionName=name, Payload=b"\x00{")), result)
    assert (seen["FunctionName"], seen["Payload"]) == (name, b"\x00{")
    assert (got[0]["StatusCode"], got[0]["Payload"].read(), got[0]["ExecutedVersion"]) == (202, b"\xff", "7")


def test_a_token_that_the_client_makes_arrives() -> None:
    seen = seen_by("accessanalyzer", lambda each: each.create_analyzer(analyzerName="n", type="ACCOUNT"))
    assert (len(seen["clientToken"]), seen["analyzerName"]) == (36, "n")


def test_moments_and_bytes_of_json_come_back() -> None:
    got: list[dict[str, Any]] = []
    result = {"KeyMetadata": {"KeyId": "k", "CreationDate": MOMENT}}
    seen_by("kms", lambda kms: got.append(kms.describe_key(KeyId="k")), result)
    assert got[0]["KeyMetadata"] == result["KeyMetadata"]
    seen = seen_by("kms", lambda kms: kms.encrypt(KeyId="k", Plaintext=b"\x00\xff", EncryptionContext={"é": "1"}))
    assert (seen["Plaintext"], seen["EncryptionContext"]) == (b"\x00\xff", {"é": "1"})


def test_instances_are_asked_for_page_by_page() -> None:
    def handler(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        if "NextToken" in params:
            return {"Reservations": []}
        return {"Reservations": [{"Instances": [{"InstanceId": "i", "LaunchTime": MOMENT}]}], "NextToken": "more"}

    ec2 = client("ec2", handler)
    pages = ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "tag:a", "Values": ["1", "2"]}])
    assert [page["Reservations"] for page in pages] == [
        [{"Instances": [{"InstanceId": "i", "LaunchTime": MOMENT}]}],
        [],
    ]


@pytest.mark.parametrize(
    ("service", "code", "call"),
    [
        ("lambda", "ResourceNotFoundException", lambda each: each.get_function(FunctionName="f")),
        ("kms", "NotFoundException", lambda each: each.describe_key(KeyId="k")),
        ("organizations", "AWSOrganizationsNotInUseException", lambda each: each.list_roots()),
        ("accessanalyzer", "ValidationException", lambda each: each.list_analyzers()),
        ("sqs", "QueueDoesNotExist", lambda each: each.get_queue_url(QueueName="q")),
    ],
)
def test_errors_of_json_are_the_clients_exceptions(service: str, code: str, call: Callable[[Any], object]) -> None:
    def refuse(_operation: str, _params: dict[str, Any]) -> Mapping[str, Any]:
        raise AwsError(code, "é is not there.", 404)

    made = client(service, refuse)
    with pytest.raises(getattr(made.exceptions, code)) as caught:
        call(made)
    assert caught.value.response["Error"]["Message"] == "é is not there."
    assert caught.value.response["ResponseMetadata"]["RequestId"] == "r-1"


def test_metrics_arrive_compressed() -> None:
    seen: dict[str, Any] = {}

    def handler(_operation: str, params: dict[str, Any]) -> Mapping[str, Any]:
        seen.update(params)
        return {}

    data = [{"MetricName": "m", "Value": 1.5, "Timestamp": MOMENT}]
    client("cloudwatch", handler, request_min_compression_size_bytes=1).put_metric_data(Namespace="n", MetricData=data)
    assert seen == {"Namespace": "n", "MetricData": data}


def test_the_models_constraints_hold_where_the_client_checks_nothing() -> None:
    iam = client("iam", lambda _operation, _params: {}, parameter_validation=False)
    with pytest.raises(ClientError, match="The specified value for userName is invalid"):
        iam.get_user(UserName="a b")


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_carries_its_headers(version: str) -> None:
    s3 = client("s3", lambda _operation, _params: {}, signature_version=version)
    params = {"Bucket": "b", "Key": "k", "ACL": "private", "Metadata": {"a": "1 2"}}
    url = s3.generate_presigned_url("put_object", Params=params)
    headers = {"x-amz-acl": "private", "x-amz-meta-a": "1 2"} if version == "s3v4" else {}
    request = as_request("PUT", url, headers)
    operation = load_service("s3").route(request)
    assert operation.name == "PutObject"
    seen = operation.parse(request)
    assert {name: seen[name] for name in params} == params
