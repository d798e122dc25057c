"""Objects read: all of them, a range, or what is known of them."""

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
from iamd.services.s3.names import check_version
from iamd.services.s3.service import service
from iamd.services.s3.stored import checksum_values, described, stored_bytes
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
    wanted = wanted_range(request, row.size)
    answer = described(row, checksums=request.get("ChecksumMode") == "ENABLED" and wanted.length == row.size)
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
        "StorageClass": described(row, checksums=False).get("StorageClass", "STANDARD"),
        "ObjectSize": row.size,
    }
    answer.update({name: value for name, value in values.items() if name in wanted and value is not None})
    return cast("GetObjectAttributesResponse", answer)
