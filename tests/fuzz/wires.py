"""Requests of the built services: read, or refused in the service's own words."""

import random
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Final
from xml.etree.ElementTree import fromstring

from orjson import loads

from iamd.edge.hosts import Hosts
from iamd.edge.proxies import Proxies
from iamd.model.errors import AwsError
from iamd.wire.parse.xml import BadXmlError, read_xml
from iamd.wire.service import load_service
from iamd.wire.services import resolve_service, spoken_service
from tests.conformance.wire.generate import Maker
from tests.conformance.wire.models import botocore_model
from tests.conformance.wire.test_requests import sent_by_botocore
from tests.fuzz.target import Target, flat, request_of

BUILT: Final = ("iam", "sts", "s3", "lambda", "accessanalyzer", "organizations", "sso-admin", "ec2")


@cache
def requests_of(service: str) -> Sequence[bytes]:
    """One of every operation."""
    model = botocore_model(service)
    made = []
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        params = Maker(f"fuzz {name}").structure(shape, top=True) if shape is not None else {}
        made.append(flat(sent_by_botocore(service, name, params)))
    return made


def read_one(service: str, data: bytes, _: random.Random) -> bool:
    request = request_of(data)
    path, body = request.raw_path, request.body
    spec = load_service(service)
    try:
        operation = spec.route(request)
        params = operation.parse(request)
        operation.redact(params)
        operation.validate(params)
    except AwsError as error:
        answered(service, error)
        return False
    finally:
        assert (request.raw_path, request.body) == (path, body)
    return True


def answered(service: str, error: AwsError) -> None:
    assert 400 <= error.status <= 501, error
    answer = load_service(service).serialize_error(error, request_id="r", host_id="h", resource="/b/\0é<")
    assert isinstance(answer.body, bytes)
    kind = dict(answer.headers).get(b"content-type", b"")
    if b"json" in kind:
        assert loads(answer.body)["__type"] == error.code
    elif answer.body:
        fromstring(answer.body)  # noqa: S314  # our own answer


def choose(data: bytes, chance: random.Random) -> bool:
    request = request_of(data)
    signed = chance.choice((None, "iam", "sts", "s3", "dynamodb", "ec2", "lambda", "monitoring"))
    try:
        name = resolve_service(request, signed)
        assert spoken_service(request, name).name == name
    except AwsError as error:
        assert 400 <= error.status <= 501, error
        return False
    return True


@cache
def all_requests() -> Sequence[bytes]:
    return [each for service in BUILT for each in requests_of(service)[:40]]


@cache
def bodies() -> Sequence[bytes]:
    split = (each.partition(b"\n\n")[2] for each in requests_of("s3"))
    return [body for body in split if body.startswith(b"<")]


def xml(data: bytes, _: random.Random) -> bool:
    try:
        root = read_xml(data)
    except BadXmlError:
        return False
    assert root.name
    return True


HOSTS: Final = (b"localhost:4566", b"b.localhost", b"b.s3.us-east-1.amazonaws.com:443", b"127.0.0.1", b"[::1]:4566")
HOPS: Final = (b"1.2.3.4, 10.0.0.1", b"[2001:db8::1]:443, 10.0.0.2", b"::ffff:10.0.0.9", b"unknown, 10.0.0.1:80")


def host(data: bytes, _: random.Random) -> bool:
    found = Hosts(["iam.example.com"]).read(data.decode("latin-1"))
    assert found.bucket is None or 3 <= len(found.bucket) <= 63
    return found.trusted


def forwarded(data: bytes, _: random.Random) -> bool:
    headers = [(b"x-forwarded-for", data), (b"x-forwarded-proto", data[-5:])]
    address, scheme = Proxies(["10.0.0.0/8"]).origin("10.1.1.1", "http", headers)
    assert scheme in {"http", "https"}
    assert address
    return address != "10.1.1.1"


def reader(service: str) -> Callable[[bytes, random.Random], bool]:
    return partial(read_one, service)


TARGETS: Final = (
    *(Target(f"{service} requests", partial(requests_of, service), reader(service)) for service in BUILT),
    Target("services", all_requests, choose),
    Target("xml", bodies, xml),
    Target("hosts", lambda: HOSTS, host),
    Target("forwarded addresses", lambda: HOPS, forwarded),
)
