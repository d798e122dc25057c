"""S3 takes `x-amz-…` parameters of the query as headers of that name: so presigned URLs carry metadata or an ACL."""

from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest

PROOF: Final = frozenset(
    b"x-amz-algorithm x-amz-content-sha256 x-amz-credential x-amz-date x-amz-expires x-amz-security-token "
    b"x-amz-signature x-amz-signedheaders".split()
)
"""Parameters that belong to the signature and mean nothing else."""


def parameters_as_headers(request: HttpRequest) -> list[tuple[bytes, bytes]]:
    """The query's parameters that mean headers, names in lower case; every signature version signs them."""
    if b"x-amz-" not in request.raw_query.lower() and b"%" not in request.raw_query:
        return []
    found = []
    for raw_name, raw in request.query_pairs:
        name = unquote_to_bytes(raw_name).lower()
        if name.startswith(b"x-amz-") and name not in PROOF:
            found.append((name, unquote_to_bytes(raw.replace(b"+", b" "))))
    return found


def carries(request: HttpRequest, header: bytes) -> bool:
    """Whether the request has a header, as one or as a parameter."""
    if header in request.header_lists:
        return True
    return bool(request.raw_query) and any(name == header for name, _ in parameters_as_headers(request))


def hoist(request: HttpRequest) -> None:
    """Gives a verified request the headers that its query means, so that whoever asks for a header sees them.

    Raises AwsError where a parameter contradicts a header: no two readers may see different values.
    """
    if not request.raw_query or "hoisted" in request.derived:
        return
    request.derived["hoisted"] = True
    for name, value in parameters_as_headers(request):
        given = request.header_lists.get(name)
        if given == [value]:
            continue
        if given is not None:
            shown = {"ArgumentName": name.decode("latin-1"), "ArgumentValue": value.decode("latin-1")}
            raise AwsError("InvalidArgument", "A parameter may be given only once.", members=shown)
        request.headers.append((name, value))
        request.header_lists[name] = [value]
