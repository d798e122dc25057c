"""Objects read: all of them, a range, or what is known of them."""

from base64 import b64encode
from typing import Any, Final, cast

from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.acting import is_allowed, missing_key
from iamd.services.s3.api import (
    GetObjectAttributesRequest,
    GetObjectAttributesResponse,
    GetObjectRequest,
    GetObjectResponse,
    HeadObjectRequest,
    HeadObjectResponse,
)
from iamd.services.s3.authorization.finding import found_in
from iamd.services.s3.authorization.keys import existing_tags
from iamd.services.s3.authorization.objects import object_in
from iamd.services.s3.conditions import Range, check_read, wanted_range
from iamd.services.s3.headers import check_features
from iamd.services.s3.names import QUOTAS, check_version
from iamd.services.s3.service import service
from iamd.services.s3.stored import checksum_values, described, parts_of, stored_bytes
from iamd.stores.ports.buckets import S3Object

_OVERRIDES: Final = (
    ("ResponseCacheControl", "CacheControl"),
    ("ResponseContentDisposition", "ContentDisposition"),
    ("ResponseContentEncoding", "ContentEncoding"),
    ("ResponseContentLanguage", "ContentLanguage"),
    ("ResponseContentType", "ContentType"),
    ("ResponseExpires", "Expires"),
)


@service.operation
def get_object(ctx: Context, request: GetObjectRequest) -> GetObjectResponse:
    """An object's bytes, or a range of them. What was decided on is what is read: the row is read once."""
    row, wanted, answer = _read(ctx, request)
    answer["Body"] = stored_bytes(row, wanted.start, wanted.length)
    return cast("GetObjectResponse", answer)


@service.operation
def head_object(ctx: Context, request: HeadObjectRequest) -> HeadObjectResponse:
    """The same without the bytes."""
    _, _, answer = _read(ctx, request)
    return cast("HeadObjectResponse", answer)


def _read(ctx: Context, request: GetObjectRequest | HeadObjectRequest) -> tuple[S3Object, Range, dict[str, Any]]:
    check_features(request)
    row = _existing(ctx, request["Key"], request.get("VersionId"))
    check_read(request, row)
    wanted = wanted_range(request, row)
    whole = wanted.length == row.size
    answer = described(row, checksums=request.get("ChecksumMode") == "ENABLED" and whole)
    if "PartNumber" in request and row.parts is not None:
        answer["PartsCount"] = len(parts_of(row))
    answer["ContentLength"] = wanted.length
    if wanted.partial:
        answer["ContentRange"] = wanted.content_range(row.size)
    _override(ctx, request, answer)
    if row.tags and _may_read_tags(ctx, request["Key"], row):
        answer["TagCount"] = len(row.tags)
    return row, wanted, answer


def _existing(ctx: Context, key: str, version: str | None) -> S3Object:
    row = object_in(ctx.http)
    if row is None:
        raise missing_key(ctx, found_in(ctx.http), key)
    check_version(version, key)
    return row


def _override(ctx: Context, request: GetObjectRequest | HeadObjectRequest, answer: dict[str, Any]) -> None:
    """`response-content-type` and its kin, which an anonymous caller may not choose."""
    for member, target in _OVERRIDES:
        value = cast("dict[str, Any]", request).get(member)
        if value is None:
            continue
        if not ctx.caller.account:
            raise errors.invalid_request("Request specific response headers cannot be used for anonymous GET requests.")
        answer[target] = value


def _may_read_tags(ctx: Context, key: str, row: S3Object) -> bool:
    check = found_in(ctx.http).object_check("s3:GetObjectTagging", key, existing_tags(row.tags))
    return is_allowed(ctx, check)


@service.operation
def get_object_attributes(ctx: Context, request: GetObjectAttributesRequest) -> GetObjectAttributesResponse:
    """Those attributes of an object that the request names."""
    row = _existing(ctx, request["Key"], request.get("VersionId"))
    wanted = set(request["ObjectAttributes"])
    if not wanted:
        raise AwsError("InvalidRequest", "Missing required header for this request: x-amz-object-attributes")
    answer: dict[str, Any] = {"LastModified": whole_seconds(row.modified_at)}
    checksum = checksum_values(row)
    values = {
        "ETag": row.etag,
        "Checksum": checksum or None,
        "ObjectParts": _object_parts(request, row),
        "StorageClass": described(row, checksums=False).get("StorageClass", "STANDARD"),
        "ObjectSize": row.size,
    }
    answer.update({name: value for name, value in values.items() if name in wanted and value is not None})
    return cast("GetObjectAttributesResponse", answer)


def _object_parts(request: GetObjectAttributesRequest, row: S3Object) -> dict[str, Any] | None:
    """A page of the parts: what they are is told only where each has a checksum that was asked for."""
    parts = parts_of(row)
    if not parts:
        return None
    if any(checksum is None for _, _, checksum in parts):
        return {"TotalPartsCount": len(parts)}
    limit, marker = request.get("MaxParts", QUOTAS.list_page), int(request.get("PartNumberMarker") or 0)
    if limit < 0 or marker < 0:
        raise errors.invalid_argument("max-parts and part-number-marker must not be negative", "max-parts", str(limit))
    limit = min(limit, QUOTAS.list_page)
    rest = [part for part in parts if part[0] > marker]
    shown = rest[:limit]
    member = next(name for name in checksum_values(row) if name != "ChecksumType")
    return {
        "TotalPartsCount": len(parts),
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1][0] if shown else 0,
        "MaxParts": limit,
        "IsTruncated": len(rest) > limit,
        "Parts": [
            {"PartNumber": number, "Size": size, member: b64encode(bytes.fromhex(checksum or "")).decode()}
            for number, size, checksum in shown
        ],
    }
