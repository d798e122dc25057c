"""Which service a request is for. INVARIANT: the service signed for is the service authorized and run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.forms import form_of, is_form_type, is_json
from iamd.wire.models import load_model
from iamd.wire.routing.rest import RestRouter
from iamd.wire.service import ServiceSpec, load_service

_S3CONTROL_PATH: Final = b"/v20180820/"
_ACCOUNT_HEADER: Final = b"x-amz-account-id"
_UNSIGNED_REST: Final = ("signin", "sso", "sso-oidc")
"""REST services with operations that carry their own proof, such as a device's code; the rest of REST is signed."""
_BEARER: Final = b"x-amz-sso_bearer_token"
_OF_LAMBDA: Final = ("POST", b"/WriteGetObjectResponse", None)
"""The one operation of a model that is signed for another service than its model's: no other is signed so."""
_QUERY_PROTOCOLS: Final = frozenset({"query", "ec2"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A service of botocore's: `protocols` as its model lists them, `target` the prefix of its X-Amz-Target."""

    service: str
    protocols: tuple[str, ...]
    version: str
    target: str


@cache
def directory() -> Mapping[str, tuple[Listing, ...]]:
    """Botocore's services by the name that they are signed for."""
    document = json.loads((files("iamd.wire") / "directory.json").read_bytes())
    return {
        name: tuple(Listing(service, tuple(protocols.split()), *rest) for service, protocols, *rest in entries)
        for name, entries in document.items()
    }


@cache
def _by_service() -> Mapping[str, Listing]:
    return {listing.service: listing for entries in directory().values() for listing in entries}


@cache
def _by_target() -> Mapping[str, str]:
    return {listing.target: name for name, listing in _by_service().items() if listing.target}


def resolve_service(request: HttpRequest, signed_service: str | None) -> str:
    """Botocore's name of the service that a request is for.

    `signed_service` is the name in the credential scope, None for an unsigned request. Raises AwsError for a name that
    no service of AWS's is signed for.
    """
    if signed_service is None:
        return _unsigned(request)
    if signed_service == "s3":
        return _s3_family(request)
    if signed_service == "s3-object-lambda" and (request.method, request.raw_path, request.bucket) == _OF_LAMBDA:
        return "s3"
    listings = directory().get(signed_service)
    if listings is None:
        message = f'The authorization header is malformed; the service "{signed_service[:64]}" is not known.'
        raise AwsError("AuthorizationHeaderMalformed", message)
    return listings[0].service if len(listings) == 1 else _choose(request, listings)


def _s3_family(request: HttpRequest) -> str:
    control = request.bucket is None and request.raw_path.startswith(_S3CONTROL_PATH)
    return "s3control" if control or _ACCOUNT_HEADER in request.header_lists else "s3"


def _choose(request: HttpRequest, listings: tuple[Listing, ...]) -> str:
    """Among services that are signed alike: by target, by path, by the version of the API."""
    target = request.header(b"x-amz-target")
    at_root = request.raw_path in {b"/", b""}
    if target is not None:
        prefix = target.rpartition(".")[0]
        return next((entry.service for entry in listings if entry.target == prefix), listings[0].service)
    if request.header(b"smithy-protocol") is not None:
        wanted = [entry for entry in listings if "smithy-rpc-v2-cbor" in entry.protocols]
        return (wanted or listings)[0].service
    if at_root:
        query = [entry for entry in listings if not _QUERY_PROTOCOLS.isdisjoint(entry.protocols)]
        if len(query) > 1:
            version = form_of(request).get("Version")
            query.sort(key=lambda entry: (entry.version != version, entry.service != listings[0].service))
        return (query or listings)[0].service
    rest = [entry for entry in listings if entry.protocols[0].startswith("rest-")]
    fitting = [entry for entry in rest if _rest_operation(request, entry.service) is not None]
    return (fitting or rest or listings)[0].service


@cache
def _rest_router(service: str) -> RestRouter:
    return RestRouter(load_model(service))


def _rest_operation(request: HttpRequest, service: str) -> str | None:
    try:
        return _rest_router(service).route(request)
    except AwsError:
        return None


def _unsigned(request: HttpRequest) -> str:
    """By Action STS and IAM, which then asks for credentials; JSON services by target; what else posts JSON by path.

    The rest is S3's public. A form posted to `/` is never S3's; while its body has not been read it is taken for STS's.
    """
    if request.bucket is None and request.raw_path in {b"/", b""}:
        posted = request.method == "POST"
        target = request.header(b"x-amz-target")
        if posted and target is not None:
            named = _by_target().get(target.rpartition(".")[0])
            if named is not None:
                return named
        is_form = posted and is_form_type(request.header(b"content-type"))
        if is_form or b"Action=" in request.raw_query:
            form = form_of(request)
            if form.get("Version") == _by_service()["iam"].version:
                return "iam"
            if is_form or form.get("Action") in load_model("sts").operations:
                return "sts"
    return _unsigned_rest(request) or _s3_family(request)


def _unsigned_rest(request: HttpRequest) -> str | None:
    """None for what S3 could take: its own requests have no bearer token, and nothing posts JSON to an object."""
    posted = request.method == "POST" and b"content-type" in request.header_lists and is_json(request)
    if request.bucket is not None or not (posted or _BEARER in request.header_lists):
        return None
    for name in _UNSIGNED_REST:
        found = _rest_operation(request, name)
        operation = load_model(name).operations[found] if found is not None else {}
        demands = "?" in operation.get("http", {}).get("requestUri", "")
        if operation.get("authtype") == "none" and (demands or not posted or not request.raw_query):
            return name
    return None


def _speaks_form(request: HttpRequest) -> bool:
    return b"Action=" in request.raw_query or is_form_type(request.header(b"content-type"))


_SPEAKS: Final[tuple[tuple[str, Callable[[HttpRequest], bool]], ...]] = (
    ("smithy-rpc-v2-cbor", lambda request: b"smithy-protocol" in request.header_lists),
    ("json", lambda request: b"x-amz-target" in request.header_lists),
    ("query", _speaks_form),
)
"""What gives a protocol away, for services whose models allow several."""


def spoken_protocol(request: HttpRequest, name: str) -> str:
    """The protocol that a request to a service is written in."""
    protocols = _by_service()[name].protocols
    if len(protocols) == 1:
        return protocols[0]
    spoken = (protocol for protocol, speaks in _SPEAKS if protocol in protocols and speaks(request))
    return next(spoken, protocols[0])


def spoken_service(request: HttpRequest, name: str) -> ServiceSpec:
    """The service in the protocol that the request speaks."""
    return load_service(name, spoken_protocol(request, name))
