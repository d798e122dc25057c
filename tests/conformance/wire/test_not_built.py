"""Every service of botocore's that is not built says so as its clients read it: 501, in its own protocol."""

from typing import Any

import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.models import Model
from iamd.wire.protocols import PROTOCOLS
from iamd.wire.service import ServiceSpec
from iamd.wire.services import resolve_service, spoken_protocol
from tests.conformance.wire.generate import Maker
from tests.conformance.wire.test_answers import as_botocore_sees_it
from tests.conformance.wire.test_client import as_request

SERVICES = sorted(Loader().list_available_services("service-2"))
NO_SIGV4 = {"codecatalyst", "account-access-runtime"}
"""Their callers are known by a bearer token: nothing names the service."""

TWINS = {
    "greengrassv2": "greengrass",
    "neptune": "docdb",
    "rds": "docdb",
    "signer-data": "signer",
    "sms-voice": "pinpoint-sms-voice",
    "timestream-write": "timestream-query",
    "wisdom": "qconnect",
}
"""Services that nothing in a request tells from another one, which speaks the same protocol."""


def a_call(model: Any, protocol: str) -> tuple[str, HttpRequest]:
    """The first operation without event streams, as botocore sends it."""
    for name in model.operation_names:
        operation = model.operation_model(name)
        if operation.has_event_stream_input or operation.has_event_stream_output:
            continue
        shape = operation.input_shape
        params = Maker(f"not built {name}").structure(shape, top=True) if shape is not None else {}
        prepared = create_serializer(protocol, include_validation=False).serialize_to_request(params, operation)
        prepare_request_dict(prepared, endpoint_url="http://localhost:4566", context={})
        sent = create_request_object(prepared).prepare()
        return name, as_request(sent.method, sent.url, sent.headers, sent.body)
    raise LookupError(model.service_name)


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in NO_SIGV4])
def test_a_service_that_is_not_built_is_found_and_refuses_in_its_own_protocol(service: str) -> None:
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    protocol = model.resolved_protocol
    operation, request = a_call(model, protocol)
    assert resolve_service(request, model.signing_name) == TWINS.get(service, service)
    assert spoken_protocol(request, service) == protocol
    spec = ServiceSpec(Model(service), protocol)
    if protocol in PROTOCOLS and service != "s3":
        assert spec.route(request).name == operation
    error = AwsError("NotImplemented", "The é operation is not implemented.", 501)
    answer = spec.serialize_error(error, request_id="the-request", host_id="h")
    seen = create_parser(protocol).parse(as_botocore_sees_it(answer), None)
    assert (seen["Error"]["Code"], seen["Error"]["Message"]) == (error.code, error.message)
    assert (seen["ResponseMetadata"]["HTTPStatusCode"], seen["ResponseMetadata"]["RequestId"]) == (501, "the-request")
