"""Whatever botocore writes as a request, we route to that very operation and read back equal."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.serialize import create_serializer

from iamd.model.http import HttpRequest
from iamd.wire.routing.s3 import SHADOWED
from iamd.wire.service import load_service
from tests.conformance.wire.generate import Maker
from tests.conformance.wire.models import botocore_model, operations

ROUNDS = 4

SAME_REQUEST = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "ListDirectoryBuckets": "ListBuckets",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}
"""Operations whose requests nothing tells apart: the newer one is meant (ListDirectoryBuckets has its own host)."""

NOT_COMPARED = {"PutBucketNotification": "deprecated, no request reaches it; two of its members are one element"}
FRAMING = {"ContentLength"}
"""Members that are HTTP's own: the client's transport sets them, whatever the caller says."""


def sent_by_botocore(service: str, operation: str, params: dict[str, Any]) -> HttpRequest:
    model = botocore_model(service)
    serializer = create_serializer(model.resolved_protocol, include_validation=False)
    prepared = serializer.serialize_to_request(params, model.operation_model(operation))
    prepare_request_dict(prepared, endpoint_url="http://localhost:4566", context={})
    request = create_request_object(prepared).prepare()
    url = urlsplit(request.url)
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    headers = [
        (name.lower().encode(), value if isinstance(value, bytes) else str(value).encode())
        for name, value in request.headers.items()
    ]
    return HttpRequest(request.method, url.path.encode(), url.query.encode(), headers, body)


@pytest.mark.parametrize(("service", "operation"), operations())
def test_every_request_of_botocore_is_routed_and_read_back(service: str, operation: str) -> None:
    spec = load_service(service)
    shape = botocore_model(service).operation_model(operation).input_shape
    for number in range(ROUNDS):
        maker = Maker(f"{service} {operation} {number}", fractions=True, full=number == 0)
        params = maker.structure(shape, top=True) if shape is not None else {}
        request = sent_by_botocore(service, operation, params)
        routed = spec.route(request)
        assert routed.name == (SAME_REQUEST.get(operation, operation) if service == "s3" else operation)
        mine = spec.operation(operation)
        params.pop(mine.streaming_input or "", None)
        if shape is not None and mine.input_shape is not None and request.body == b"{}":
            params.setdefault(mine.input_shape.payload or "", {})
            params.pop("", None)
        if operation not in NOT_COMPARED:
            assert without_framing(mine.parse(request)) == without_framing(params)


def without_framing(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in FRAMING}


@pytest.mark.parametrize("operation", sorted(set(botocore_model("s3").operation_names) - set(SAME_REQUEST)))
def test_a_host_that_names_the_bucket_means_the_same(operation: str) -> None:
    shape = botocore_model("s3").operation_model(operation).input_shape
    params = Maker(f"host {operation}").structure(shape, top=True) if shape is not None else {}
    plain = sent_by_botocore("s3", operation, params)
    if "Bucket" not in params:
        assert load_service("s3").route(plain).parse(plain).get("Bucket") is None
        return
    path = plain.raw_path.removeprefix(f"/{params['Bucket']}".encode()) or b"/"
    hosted = HttpRequest(plain.method, path, plain.raw_query, plain.headers, plain.body, bucket=params["Bucket"])
    spec = load_service("s3").route(hosted)
    assert spec.name == load_service("s3").route(plain).name
    assert spec.parse(hosted) == spec.parse(plain)


def test_the_operations_without_a_route_of_their_own_are_named() -> None:
    assert SAME_REQUEST.keys() == SHADOWED


def test_an_empty_list_survives_the_query_protocol() -> None:
    request = sent_by_botocore("iam", "TagUser", {"UserName": "bob", "Tags": []})
    assert load_service("iam").operation("TagUser").parse(request) == {"UserName": "bob", "Tags": []}


def test_an_empty_flattened_list_is_lost_in_xml() -> None:
    request = sent_by_botocore("s3", "PutBucketCors", {"Bucket": "b", "CORSConfiguration": {"CORSRules": []}})
    assert load_service("s3").operation("PutBucketCors").parse(request) == {"Bucket": "b", "CORSConfiguration": {}}


def test_white_space_around_a_header_is_lost() -> None:
    request = sent_by_botocore("s3", "PutObject", {"Bucket": "b", "Key": "k", "ContentDisposition": "  x "})
    assert load_service("s3").operation("PutObject").parse(request)["ContentDisposition"] == "x"
