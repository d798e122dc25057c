"""Objects written and deleted."""

from typing import Any, Final, cast

from iamd.kernel.body_plan import DEFAULT_CHECKSUM, checksum_algorithm
from iamd.kernel.context import Context
from iamd.model.blob import BlobRef
from iamd.model.errors import AwsError
from iamd.model.tags import Tags
from iamd.services.s3 import errors
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.api import (
    DeletedObject,
    DeleteObjectRequest,
    DeleteObjectResponse,
    DeleteObjectsRequest,
    DeleteObjectsResponse,
    Error,
    ObjectIdentifier,
    PutObjectRequest,
    PutObjectResponse,
)
from iamd.services.s3.bodies import check_digests
from iamd.services.s3.conditions import check_delete, check_write
from iamd.services.s3.headers import check_features, object_members
from iamd.services.s3.names import NULL_VERSION, check_version, key_bytes
from iamd.services.s3.service import service
from iamd.services.s3.stored import (
    ENCRYPTION,
    checksum_values,
    checksums_json,
    columns_of,
    delete_row,
    metadata_json,
    put_row,
    quoted,
)
from iamd.services.s3.tagging import header_tags
from iamd.stores.ports.buckets import Bucket, S3Object

_CONDITIONS_OF_DIRECTORY_BUCKETS: Final = ("ETag", "LastModifiedTime", "Size")


@service.operation
def put_object(ctx: Context, request: PutObjectRequest) -> PutObjectResponse:
    """Store an object in one piece; whatever was under its key is replaced."""
    check_features(request)
    bucket, key = the_bucket(ctx), request["Key"]
    raw_key = key_bytes(key)
    old = ctx.state.objects.get(bucket.id, raw_key)
    check_write(request, key, old)
    row = _new_row(ctx, bucket, raw_key, request)
    put_row(ctx.state, row, old)
    return cast(
        "PutObjectResponse",
        {"ETag": quoted(row.etag), "ServerSideEncryption": ENCRYPTION, **checksum_values(row)},
    )


def _new_row(ctx: Context, bucket: Bucket, key: bytes, request: PutObjectRequest) -> S3Object:
    blob: BlobRef = request["Body"]
    algorithm = checksum_algorithm(ctx.http) or DEFAULT_CHECKSUM
    extents, data = columns_of(blob.extents)
    tags: Tags = header_tags(request.get("Tagging"))
    return S3Object(
        bucket_id=bucket.id,
        key=key,
        etag=blob.digests["md5"].hex(),
        size=blob.size,
        modified_at=ctx.now_ms,
        metadata=metadata_json(object_members(request, ctx.http)),
        checksums=checksums_json(algorithm, blob.digests[algorithm]),
        tags=tags,
        extents=extents,
        data=data,
    )


@service.operation
def delete_object(ctx: Context, request: DeleteObjectRequest) -> DeleteObjectResponse:
    """Delete an object. One that is not there counts as deleted."""
    bucket, key = the_bucket(ctx), request["Key"]
    for member in ("IfMatchLastModifiedTime", "IfMatchSize"):
        if member in request:
            raise errors.not_implemented("x-amz-if-match-last-modified-time, x-amz-if-match-size")
    raw_key = key_bytes(key)
    check_version(request.get("VersionId"), key)
    old = ctx.state.objects.get(bucket.id, raw_key)
    check_delete(request.get("IfMatch"), old)
    if old is not None:
        delete_row(ctx.state, old)
    return {"VersionId": NULL_VERSION} if "VersionId" in request else {}


@service.operation(itemwise=True)
def delete_objects(ctx: Context, request: DeleteObjectsRequest) -> DeleteObjectsResponse:
    """Delete up to a thousand objects, each decided and answered on its own."""
    check_digests(ctx.http, required=True)
    items = request["Delete"]["Objects"]
    bucket = the_bucket(ctx)
    deleted: list[DeletedObject] = []
    failed: list[Error] = []
    # The table asks one question for each item, or the same number more for each.
    questions = len(ctx.verdicts) // len(items)
    for number, item in enumerate(items):
        verdicts = ctx.verdicts[number * questions : (number + 1) * questions]
        error = _delete_one(ctx, bucket, item, verdicts)
        named: dict[str, Any] = {"Key": item["Key"]}
        if "VersionId" in item:
            named["VersionId"] = item["VersionId"]
        if error is None:
            deleted.append(cast("DeletedObject", named))
        else:
            failed.append(cast("Error", {**named, "Code": error.code, "Message": error.message}))
    answer: DeleteObjectsResponse = {}
    if deleted and not request["Delete"].get("Quiet"):
        answer["Deleted"] = deleted
    if failed:
        answer["Errors"] = failed
    return answer


def _delete_one(
    ctx: Context, bucket: Bucket, item: ObjectIdentifier, verdicts: tuple[AwsError | None, ...]
) -> AwsError | None:
    """INVARIANT: nothing is deleted without a verdict that allows it."""
    if not verdicts:
        return AwsError("AccessDenied", "Access Denied", 403)
    denial = next((verdict for verdict in verdicts if verdict is not None), None)
    if denial is not None:
        return denial
    if any(name in item for name in _CONDITIONS_OF_DIRECTORY_BUCKETS):
        return errors.not_implemented("ETag, LastModifiedTime, Size")
    try:
        raw_key = key_bytes(item["Key"])
        check_version(item.get("VersionId"), item["Key"])
    except AwsError as error:
        return error
    old = ctx.state.objects.get(bucket.id, raw_key)
    if old is not None:
        delete_row(ctx.state, old)
    return None
