"""S3's bytes for the pages: S3's own requests below `/console/s3/`, on the console's origin and by its session.

A presigned URL of the API port would be another origin, which the pages' Content-Security-Policy forbids, and would
hand a script something that works without the session. Here the cookie is needed every time, and the session's token
for whatever changes something.
"""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote_to_bytes

from iamd.console.answers import COMMON, NO_STORE, as_json
from iamd.console.reading import read_input
from iamd.model.errors import AwsError, access_denied
from iamd.model.http import HttpRequest, HttpResponse
from iamd.wire.requests import write_request
from iamd.wire.service import load_service

if TYPE_CHECKING:
    from iamd.console.own import Asked

PREFIX: Final = "/console/s3/"
_ROOT: Final = b"/console/s3"
_NEEDED: Final = ("Bucket", "Key")
_OFFERED: Final = frozenset({"GetObject", "HeadObject", "PutObject", "UploadPart"})
_DROPPED: Final = frozenset({b"cookie", b"x-csrf-token", b"origin", b"x-amz-content-sha256"})
_SIGNED_BY: Final = frozenset({b"authorization", b"x-amz-security-token"})
_CREDENTIALS: Final = frozenset(
    {b"x-amz-credential", b"x-amz-signature", b"x-amz-security-token", b"awsaccesskeyid", b"signature"}
)
_REPLACED: Final = frozenset({b"content-type", b"content-disposition", b"content-security-policy", b"cache-control"})
_BYTES: Final = [
    (b"content-type", b"application/octet-stream"),
    (b"content-disposition", b"attachment"),
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    NO_STORE,
    *COMMON,
]


async def presign(asked: "Asked") -> HttpResponse:
    """Where a page fetches or sends an object's bytes: url, method and headers for its `fetch`."""
    given = asked.content if isinstance(asked.content, dict) else {}
    operation = given.get("operation")
    if operation not in _OFFERED:
        raise AwsError("ValidationError", f"operation must be one of {', '.join(sorted(_OFFERED))}.")
    members = {_MEMBERS.get(name, name): value for name, value in given.items() if name != "operation"}
    missing = [name for name in _NEEDED if not members.get(name)]
    if missing:
        raise AwsError("ValidationError", f"{missing[0]} is needed.")
    spec = load_service("s3").operation(operation)
    made = write_request("s3", operation, read_input(spec, members))
    query = f"?{made.query.decode('ascii')}" if made.query else ""
    headers: dict[str, Any] = {name.decode("ascii"): value.decode("utf-8") for name, value in made.headers}
    headers.pop("expect", None)
    if made.method not in ("GET", "HEAD"):
        headers["x-csrf-token"] = asked.session.csrf
    url = f"{_ROOT.decode()}{quote(made.path.decode('ascii'), safe='/%')}{query}"
    return as_json({"url": url, "method": made.method, "headers": headers})


_MEMBERS: Final = {"bucket": "Bucket", "key": "Key"}


def as_s3(request: HttpRequest) -> HttpRequest:
    """The request as S3 would have got it, path style, without what is the console's own.

    Raises AccessDenied for one that brings credentials beside the cookie.
    """
    both = not _SIGNED_BY.isdisjoint(request.header_lists)
    if both or any(unquote_to_bytes(name).lower() in _CREDENTIALS for name, _ in request.query_pairs):
        raise access_denied("The console takes its own session only, no signature beside it.")
    headers = [(name, value) for name, value in request.headers if name not in _DROPPED]
    return HttpRequest(
        request.method,
        request.raw_path.removeprefix(_ROOT),
        request.raw_query,
        headers,
        scheme=request.scheme,
        client_ip=request.client_ip,
    )


def as_harmless(answer: HttpResponse) -> HttpResponse:
    """Nothing that somebody has stored is ever a page, a script or a style of this origin: only bytes to be saved."""
    kept = [(name, value) for name, value in answer.headers if name.lower() not in _REPLACED]
    answer.headers = [*kept, *_BYTES]
    return answer
