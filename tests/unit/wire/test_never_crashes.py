"""Whatever bytes come, the wire answers with a value or an AwsError, never with another exception."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import ServiceSpec, load_service
from iamd.wire.services import resolve_service, spoken_service

FORM = (b"content-type", b"application/x-www-form-urlencoded")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pieces = st.sampled_from(
    [
        b"Action=",
        b"TagUser",
        b"Version=2010-05-08",
        b"&",
        b"=",
        b".",
        b"Tags",
        b"member",
        b"1",
        b"%",
        b"%2e",
        b"\xff",
        b"+",
    ]
)
noise = st.one_of(st.binary(max_size=40), st.lists(pieces, max_size=20).map(b"".join))
paths = st.one_of(st.binary(max_size=30).map(lambda tail: b"/" + tail), st.binary(max_size=8))
methods = st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "é"])
tags = st.sampled_from(
    [
        b"<Delete>",
        b"</Delete>",
        b"<Object>",
        b"</Object>",
        b"<Key>",
        b"</Key>",
        b"a",
        b"&amp;",
        b"&",
        b"<",
        b"<Quiet>1</Quiet>",
    ]
)
documents = st.one_of(st.binary(max_size=60), st.lists(tags, max_size=20).map(b"".join))
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"expires",
                b"range",
                b"x-amz-meta-a",
                b"x-amz-copy-source",
                b"x-amz-acl",
                b"content-length",
                b"x-amz-object-attributes",
                b"content-type",
                b"x-amz-target",
                b"smithy-protocol",
                b"host",
            ]
        ),
        st.binary(max_size=20),
    ),
    max_size=5,
)


def run(service: ServiceSpec, request: HttpRequest) -> None:
    with contextlib.suppress(AwsError):
        operation = service.route(request)
        params = operation.parse(request)
        operation.redact(params)
        operation.validate(params)


@QUICK
@given(method=methods, query=noise, body=noise, form=st.booleans())
def test_the_query_protocol_survives_anything(method: str, query: bytes, body: bytes, form: bool) -> None:
    request = HttpRequest(method, b"/", query, [FORM] if form else [], body)
    for name in ("iam", "sts"):
        request.derived.clear()
        run(load_service(name), request)
    assert request.body == body


@pytest.mark.parametrize("operation", ["TagUser", "SimulateCustomPolicy", "CreateServiceSpecificCredential"])
def test_random_names_below_an_action_survive(operation: str) -> None:
    @QUICK
    @given(tail=noise)
    def attempt(tail: bytes) -> None:
        body = f"Action={operation}&Version=2010-05-08&Tags".encode() + tail
        request = HttpRequest("POST", b"/", b"", [FORM], body)
        run(load_service("iam"), request)
        assert request.body == body

    attempt()


@QUICK
@given(
    request=st.builds(
        HttpRequest, methods, paths, noise, headers, documents, bucket=st.sampled_from([None, "b", "é", "a/b", ""])
    )
)
def test_s3_survives_anything(request: HttpRequest) -> None:
    path = request.raw_path
    for name in ("s3", "s3control"):
        run(load_service(name), request)
    assert request.raw_path == path


@pytest.mark.parametrize("operation", ["DeleteObjects", "PutBucketAcl", "PutObject", "PutBucketLifecycleConfiguration"])
def test_every_parser_of_s3_survives_anything(operation: str) -> None:
    spec = load_service("s3").operation(operation)

    @QUICK
    @given(path=paths, sent=headers, body=documents)
    def attempt(path: bytes, sent: list[tuple[bytes, bytes]], body: bytes) -> None:
        request = HttpRequest(spec.http_method, path, b"", sent, body)
        with contextlib.suppress(AwsError):
            spec.validate(spec.parse(request))
        assert request.body == body

    attempt()


@QUICK
@given(
    signed=st.sampled_from([None, "iam", "s3", "ses", "elasticloadbalancing", "dynamodb", "x"]),
    request=st.builds(HttpRequest, methods, st.one_of(paths, st.just(b"/")), noise, headers, noise),
)
def test_choosing_a_service_survives_anything(signed: str | None, request: HttpRequest) -> None:
    with contextlib.suppress(AwsError):
        name = resolve_service(request, signed)
        assert spoken_service(request, name).name == name
