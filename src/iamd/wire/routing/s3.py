"""Which S3 operation a request is: by method, depth of the path, and what the query and headers say."""

from dataclasses import dataclass
from typing import Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import invalid_argument, invalid_uri
from iamd.wire.forms import query_of
from iamd.wire.hoist import carries
from iamd.wire.models import Model
from iamd.wire.routing.paths import effective_path

SHADOWED: Final = frozenset(
    {
        "GetBucketLifecycle",
        "GetBucketNotification",
        "PutBucketLifecycle",
        "PutBucketNotification",
        "ListDirectoryBuckets",
    }
)
"""Operations that share a request with a newer one (or, the last, live on a host of their own)."""

_COPY_SOURCE: Final = "x-amz-copy-source"
_LIST_TYPE: Final = "list-type"
_UPLOAD_ID: Final = "uploadId"


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    subresources: frozenset[str]
    query: frozenset[str]
    header: bytes | None

    @property
    def weight(self) -> int:
        return len(self.query) + (self.header is not None)


class S3Router:
    """The routes of the model, by method and depth (0 service, 1 bucket, 2 object)."""

    def __init__(self, model: Model) -> None:
        self._routes: dict[tuple[str, int], list[_Route]] = {}
        known: set[str] = set()
        for name, operation in model.operations.items():
            path, _, query = operation["http"]["requestUri"].partition("?")
            if name in SHADOWED or name == "WriteGetObjectResponse":
                continue
            route = _route(model, name, query)
            known |= route.subresources
            depth = path.count("{")
            self._routes.setdefault((operation["http"]["method"], depth), []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda route: (-route.weight, route.operation))
        self._subresources = frozenset(known - {_LIST_TYPE})
        self._sets = {route.subresources for routes in self._routes.values() for route in routes}

    def route(self, request: HttpRequest) -> str:
        depth = _depth(request)
        if request.method == "POST" and request.raw_path == b"/WriteGetObjectResponse" and request.bucket is None:
            return "WriteGetObjectResponse"
        if request.method == "OPTIONS":
            raise _preflight(request)
        query = query_of(request) if request.raw_query else {}
        wanted = self._subresources & query.keys()
        if wanted and _UPLOAD_ID in query:
            wanted |= {_UPLOAD_ID}  # a part of an upload has no subresources: a conflict
        if query.get(_LIST_TYPE) == ["2"] and not wanted and depth == 1 and request.method == "GET":
            return "ListObjectsV2"
        routes = [route for route in self._routes.get((request.method, depth), ()) if route.subresources == wanted]
        if not routes:
            raise self._no_route(request, depth, wanted)
        if request.method == "PUT" and depth == 2 and not wanted and ("partNumber" in query) != (_UPLOAD_ID in query):
            given = "partNumber" if "partNumber" in query else _UPLOAD_ID
            raise invalid_argument(
                "This operation does not accept partNumber without uploadId.", given, query[given][0]
            )
        for route in routes:
            if route.query <= query.keys() and (route.header is None or carries(request, route.header)):
                return route.operation
        if depth == 2 and request.method == "POST" and not wanted:
            raise _method_not_allowed(request, "OBJECT")
        return routes[-1].operation

    def _no_route(self, request: HttpRequest, depth: int, wanted: frozenset[str]) -> AwsError:
        kinds = ("SERVICE", "BUCKET", "OBJECT")
        if len(wanted) > 1 and wanted not in self._sets:
            message = f"Conflicting query string parameters: {', '.join(sorted(wanted))}"
            return invalid_argument(message, "ResourceType", min(wanted))
        if request.method == "POST" and depth == 1 and not wanted:
            kind = request.header(b"content-type") or ""
            if kind.strip().lower().startswith("multipart/form-data"):
                message = "Uploads by an HTML form (PostObject) are not implemented."
                return AwsError("NotImplemented", message, 501)
        return _method_not_allowed(request, min(wanted).upper() if wanted else kinds[depth])


def _route(model: Model, name: str, query: str) -> _Route:
    literals = [part.partition("=")[0] for part in query.split("&") if part]
    shape = model.input_of(name)
    required = [shape.members[member] for member in shape.required] if shape is not None else []
    needed = {member.location_name or "" for member in required if member.location == "querystring"}
    header = any(member.location_name == _COPY_SOURCE for member in required)
    return _Route(
        name,
        frozenset(literals),
        frozenset(needed),
        _COPY_SOURCE.encode() if header else None,
    )


def _depth(request: HttpRequest) -> int:
    path = effective_path(request)
    if path in {b"/", b""}:
        return 0
    bucket, slash, key = path[1:].partition(b"/")
    if not path.startswith(b"/") or not bucket:
        raise invalid_uri()
    return 2 if slash and key else 1


def _method_not_allowed(request: HttpRequest, resource_type: str) -> AwsError:
    return AwsError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        405,
        members={"Method": request.method[:20], "ResourceType": resource_type},
    )


def _preflight(request: HttpRequest) -> AwsError:
    if request.header(b"origin") is None:
        return AwsError("BadRequest", "Insufficient information. Origin request header needed.")
    return AwsError(
        "AccessForbidden",
        "CORSResponse: CORS is not enabled for this bucket.",
        403,
        members={"Method": request.method, "ResourceType": "BUCKET"},
    )
