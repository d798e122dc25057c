"""Errors arrive at botocore's clients with our code, message and request id."""

from typing import Any

import pytest
from botocore.parsers import create_parser

from iamd.model.errors import AwsError
from iamd.wire.service import load_service
from tests.conformance.wire.models import SERVICES, botocore_model
from tests.conformance.wire.test_answers import as_botocore_sees_it

MESSAGE = 'Nothing <b>&"x" é漢😀\x01\r\n\x00 is here'
SEEN = 'Nothing <b>&"x" é漢😀\ufffd\r\n\ufffd is here'


def codes() -> list[tuple[str, str, int]]:
    modelled = [
        (service, shape.error_code, shape.metadata.get("error", {}).get("httpStatusCode", 400))
        for service in SERVICES
        for shape in botocore_model(service).error_shapes
    ]
    return modelled + [(service, "NotImplemented", 501) for service in SERVICES]


XML = frozenset({"query", "rest-xml", "ec2"})


def parsed(service: str, protocol: str, error: AwsError) -> dict[str, Any]:
    spec = load_service(service, protocol)
    response = spec.serialize_error(error, request_id="the-request", host_id="the-host", resource="/b/k\x02")
    answer: dict[str, Any] = create_parser(protocol).parse(as_botocore_sees_it(response), None)
    return answer


@pytest.mark.parametrize(("service", "code", "status"), codes())
def test_every_modelled_error_arrives(service: str, code: str, status: int) -> None:
    protocol = botocore_model(service).resolved_protocol
    answer = parsed(service, protocol, AwsError(code, MESSAGE, status, members={"BucketName": "b<"}))
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == (code, SEEN if protocol in XML else MESSAGE)
    if protocol in XML:
        assert answer["Error"]["BucketName"] == "b<"
    assert answer["ResponseMetadata"]["RequestId"] == "the-request"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status


def json_errors() -> list[tuple[str, str]]:
    services = [service for service in SERVICES if botocore_model(service).resolved_protocol not in XML]
    return [(service, shape.name) for service in services for shape in botocore_model(service).error_shapes]


@pytest.mark.parametrize(("service", "name"), json_errors())
def test_the_members_of_an_error_arrive_where_its_model_has_them(service: str, name: str) -> None:
    model = botocore_model(service)
    shape = model.shape_for(name)
    texts = {"integer": "7", "long": "7", "boolean": "true", "string": "é"}
    given = {member: below for member, below in shape.members.items() if member.lower() != "message"}
    members = {member: texts[below.type_name] for member, below in given.items() if below.type_name in texts}
    spec = load_service(service)
    response = spec.serialize_error(AwsError(name, MESSAGE, members=members), request_id="r", host_id="h")
    seen = create_parser(model.resolved_protocol).parse(as_botocore_sees_it(response), shape)
    said = [seen[member] for member in shape.members if member.lower() == "message"]
    assert said in ([MESSAGE], [])
    assert {member: str(seen[member]).lower() for member in members} == members


@pytest.mark.parametrize(
    ("service", "protocol"),
    [
        ("ec2", "ec2"),
        ("dynamodb", "json"),
        ("lambda", "rest-json"),
        ("cloudfront", "rest-xml"),
        ("cloudwatch", "smithy-rpc-v2-cbor"),
        ("cloudwatch", "query"),
    ],
)
def test_a_service_that_is_not_built_answers_in_its_own_protocol(service: str, protocol: str) -> None:
    answer = parsed(service, protocol, AwsError("NotImplemented", "Not built é", 501))
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("NotImplemented", "Not built é")
    assert answer["ResponseMetadata"]["RequestId"] == "the-request"


def test_an_error_of_s3_names_the_resource_and_the_host() -> None:
    answer = parsed("s3", "rest-xml", AwsError("NoSuchKey", "The specified key does not exist.", 404))
    assert answer["Error"]["Resource"] == "/b/k\ufffd"
    assert answer["ResponseMetadata"]["HostId"] == "the-host"
