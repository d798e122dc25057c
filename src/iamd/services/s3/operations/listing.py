"""The keys of a bucket, in both versions of the call."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import orjson

from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.services.s3 import errors
from iamd.services.s3.acting import canonical_id, the_bucket
from iamd.services.s3.api import ListObjectsRequest, ListObjectsResponse, ListObjectsV2Request, ListObjectsV2Response
from iamd.services.s3.listing import START, Listing, Place, Wanted, encoder, list_keys, place_of_token, token_of
from iamd.services.s3.names import QUOTAS
from iamd.services.s3.service import service
from iamd.services.s3.stored import checksum_names, quoted
from iamd.stores.ports.buckets import Bucket, S3Object

Encode = Callable[[bytes], str]
_STANDARD: Final = "STANDARD"


@service.operation
def list_objects(ctx: Context, request: ListObjectsRequest) -> ListObjectsResponse:
    """Version 1: pages by `Marker`, which is a key."""
    bucket, marker = the_bucket(ctx), _raw(request.get("Marker"))
    place = Place(marker, after=True) if marker else START
    listing = _list(ctx, bucket, request, place, marker)
    encode = encoder(request)
    answer = _common(bucket, request, listing, encode, owner=canonical_id(ctx.state, bucket.account))
    answer["Marker"] = encode(marker)
    if listing.next is not None and request.get("Delimiter"):
        last = listing.entries[-1]
        answer["NextMarker"] = encode(last.key if isinstance(last, S3Object) else last)
    return cast("ListObjectsResponse", answer)


@service.operation
def list_objects_v2(ctx: Context, request: ListObjectsV2Request) -> ListObjectsV2Response:
    """Version 2: pages by an opaque token."""
    bucket, token = the_bucket(ctx), request.get("ContinuationToken")
    start_after = _raw(request.get("StartAfter"))
    place = Place(start_after, after=True) if start_after else START
    if token is not None:
        place = place_of_token(token)
    listing = _list(ctx, bucket, request, place, start_after)
    encode = encoder(request)
    owner = canonical_id(ctx.state, bucket.account) if request.get("FetchOwner") else None
    answer = _common(bucket, request, listing, encode, owner=owner)
    answer["KeyCount"] = len(listing.entries)
    if token is not None:
        answer["ContinuationToken"] = token
    if listing.next is not None:
        answer["NextContinuationToken"] = token_of(listing.next)
    if start_after:
        answer["StartAfter"] = encode(start_after)
    return cast("ListObjectsV2Response", answer)


def _list(ctx: Context, bucket: Bucket, request: Mapping[str, Any], place: Place, start_after: bytes) -> Listing:
    wanted = Wanted(
        bucket_id=bucket.id,
        prefix=_raw(request.get("Prefix")),
        delimiter=_raw(request.get("Delimiter")),
        limit=_max_keys(request),
        place=place,
        start_after=start_after,
    )
    return list_keys(ctx.state.objects, wanted)


def _max_keys(request: Mapping[str, Any]) -> int:
    number: int = request.get("MaxKeys", QUOTAS.list_page)
    if number < 0:
        message = "Argument maxKeys must be an integer between 0 and 2147483647"
        raise errors.invalid_argument(message, "max-keys", str(number))
    return min(number, QUOTAS.list_page)


def _common(
    bucket: Bucket,
    request: Mapping[str, Any],
    listing: Listing,
    encode: Encode,
    *,
    owner: str | None,
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": encode(_raw(request.get("Prefix"))),
        "MaxKeys": _max_keys(request),
        "IsTruncated": listing.next is not None,
        "Contents": [_listed(row, encode, owner) for row in listing.objects],
        "CommonPrefixes": [{"Prefix": encode(prefix)} for prefix in listing.prefixes],
    }
    if request.get("Delimiter"):
        answer["Delimiter"] = encode(_raw(request["Delimiter"]))
    if "EncodingType" in request:
        answer["EncodingType"] = request["EncodingType"]
    return answer


def _listed(row: S3Object, encode: Encode, owner: str | None) -> dict[str, Any]:
    listed: dict[str, Any] = {
        "Key": encode(row.key),
        "LastModified": whole_seconds(row.modified_at),
        "ETag": quoted(row.etag),
        "Size": row.size,
        "StorageClass": _storage_class(row),
        **checksum_names(row),
    }
    if owner is not None:
        listed["Owner"] = {"ID": owner}
    return listed


def _storage_class(row: S3Object) -> str:
    if '"StorageClass"' not in row.metadata:
        return _STANDARD
    return str(orjson.loads(row.metadata).get("StorageClass", _STANDARD))


def _raw(text: str | None) -> bytes:
    return (text or "").encode("utf-8")
