"""Parts of an upload: sent, copied, listed."""

import re
from typing import Any, Final, cast

import orjson

from iamd.kernel.body_copy import Copied, CopyOrder
from iamd.kernel.body_plan import checksum_algorithm
from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.blob import BlobRef
from iamd.model.http import HttpRequest
from iamd.services.s3 import errors
from iamd.services.s3.acting import canonical_id, current, missing_key, the_bucket
from iamd.services.s3.api import (
    ListPartsRequest,
    ListPartsResponse,
    UploadPartCopyRequest,
    UploadPartCopyResponse,
    UploadPartRequest,
    UploadPartResponse,
)
from iamd.services.s3.authorization.objects import source_in
from iamd.services.s3.authorization.uploads import part_digests
from iamd.services.s3.conditions import check_copy
from iamd.services.s3.headers import check_features
from iamd.services.s3.names import QUOTAS, check_version
from iamd.services.s3.service import service
from iamd.services.s3.stored import COMPOSITE, ENCRYPTION, columns_of, quoted, stored_slice
from iamd.services.s3.upload_listing import shown_upload
from iamd.services.s3.uploads import check_part_number, find_upload, part_checksum, put_part
from iamd.stores.ports.buckets import S3Object, Upload, UploadPart

_RANGE: Final = re.compile(r"bytes=([0-9]{1,19})-([0-9]{1,19})")
_RANGE_NAME: Final = "x-amz-copy-source-range"


@service.operation
def upload_part(ctx: Context, request: UploadPartRequest) -> UploadPartResponse:
    """Store a part; whatever was uploaded under its number is replaced."""
    check_features(request)
    check_part_number(request["PartNumber"])
    upload = find_upload(ctx.state, the_bucket(ctx), request["Key"], request["UploadId"])
    _check_algorithm(upload, checksum_algorithm(ctx.http))
    part = _part(ctx, upload, request["PartNumber"], request["Body"])
    put_part(ctx.state, part)
    answer = {"ETag": quoted(part.etag), "ServerSideEncryption": ENCRYPTION, **part_checksum(upload, part)}
    return cast("UploadPartResponse", answer)


def _check_algorithm(upload: Upload, brought: str | None) -> None:
    """A named algorithm is the only one; where the whole object's can be combined, S3 computes what is not sent."""
    if not upload.checksum_named or brought == upload.checksum:
        return
    if brought is not None or upload.checksum_type == COMPOSITE:
        raise errors.invalid_request(
            f"Checksum Type mismatch occurred, expected checksum Type: {upload.checksum}, actual checksum Type: "
            f"{brought or 'null'}"
        )


def _part(ctx: Context, upload: Upload, number: int, blob: BlobRef) -> UploadPart:
    if upload.checksum not in blob.digests:
        # The upload is not the one that was there when the bytes were read.
        raise errors.operation_aborted()
    extents, data = columns_of(blob.extents)
    return UploadPart(
        upload_id=upload.id,
        number=number,
        etag=blob.digests["md5"].hex(),
        size=blob.size,
        modified_at=ctx.now_ms,
        checksums=orjson.dumps({upload.checksum: blob.digests[upload.checksum].hex()}).decode(),
        extents=extents,
        data=data,
    )


def _what_to_copy(http: HttpRequest, request: UploadPartCopyRequest) -> CopyOrder | None:
    """None where the operation will refuse the request anyway."""
    row, digests = source_in(http).row, part_digests(http)
    if row is None or not digests:
        return None
    check_part_number(request["PartNumber"])
    check_copy(request, row)
    start, length = _copied_range(request.get("CopySourceRange"), row)
    return CopyOrder(stored_slice(row, start, length), ("md5", *digests))


def _copied_range(text: str | None, row: S3Object) -> tuple[int, int]:
    start, end = 0, row.size - 1
    if text is not None:
        match = _RANGE.fullmatch(text)
        if match is None or int(match[2]) < int(match[1]):
            raise errors.invalid_argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                "zero-based offsets of the first and last bytes to copy",
                _RANGE_NAME,
                text,
            )
        start, end = int(match[1]), int(match[2])
        if end >= row.size:
            message = f"Range specified is not valid for source object of size: {row.size}"
            raise errors.invalid_argument(message, _RANGE_NAME, text)
    if end + 1 - start > QUOTAS.copy_object_size:
        raise errors.invalid_request(
            "The specified copy source is larger than the maximum allowable size for a copy source: "
            f"{QUOTAS.copy_object_size}"
        )
    return start, end + 1 - start


@service.operation(copies=_what_to_copy)
def upload_part_copy(ctx: Context, request: UploadPartCopyRequest) -> UploadPartCopyResponse:
    """Store bytes of an object as a part. They are those of the object whose tags were decided on."""
    check_features(request)
    check_part_number(request["PartNumber"])
    upload = find_upload(ctx.state, the_bucket(ctx), request["Key"], request["UploadId"])
    authorized = source_in(ctx.http)
    bucket = current(ctx.state, authorized.found)
    key, read = authorized.source.key, authorized.row
    if read is None:
        raise missing_key(ctx, authorized.found, key)
    check_version(authorized.source.version, key)
    copied: Copied | None = ctx.prepared
    if copied is None:
        raise errors.operation_aborted()
    if not copied.is_new:
        _check_unchanged(ctx, bucket.id, read)
    part = _part(ctx, upload, request["PartNumber"], copied.blob)
    put_part(ctx.state, part)
    result = {"ETag": quoted(part.etag), "LastModified": whole_seconds(part.modified_at), **part_checksum(upload, part)}
    return cast("UploadPartCopyResponse", {"CopyPartResult": result, "ServerSideEncryption": ENCRYPTION})


def _check_unchanged(ctx: Context, bucket_id: str, read: S3Object) -> None:
    """INVARIANT: a blob gets a further user only while it has one, so that it cannot be collected under it."""
    now = ctx.state.objects.get(bucket_id, read.key)
    if now is None or now.extents != read.extents:
        raise errors.operation_aborted()


@service.operation
def list_parts(ctx: Context, request: ListPartsRequest) -> ListPartsResponse:
    """The parts of an open upload, by number."""
    bucket = the_bucket(ctx)
    upload = find_upload(ctx.state, bucket, request["Key"], request["UploadId"])
    limit = _argument("max-parts", request.get("MaxParts", QUOTAS.list_page))
    limit = min(limit, QUOTAS.list_page)
    marker = _argument("part-number-marker", int(request.get("PartNumberMarker") or 0))
    found = ctx.state.upload_parts.page("key", upload.id, after=(marker,), limit=limit + 1)
    parts = found[:limit]
    answer: dict[str, Any] = {
        "Bucket": bucket.name,
        "Key": request["Key"],
        "UploadId": upload.id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": parts[-1].number if parts else 0,
        "MaxParts": limit,
        "IsTruncated": len(found) > limit,
        "Parts": [_shown(upload, part) for part in parts],
        "Owner": {"ID": canonical_id(ctx.state, bucket.account)},
        **shown_upload(upload),
    }
    return cast("ListPartsResponse", answer)


def _argument(name: str, number: int) -> int:
    if not 0 <= number < 1 << 31:
        message = f"Argument {name} must be an integer between 0 and 2147483647"
        raise errors.invalid_argument(message, name, str(number))
    return number


def _shown(upload: Upload, part: UploadPart) -> dict[str, Any]:
    return {
        "PartNumber": part.number,
        "LastModified": whole_seconds(part.modified_at),
        "ETag": quoted(part.etag),
        "Size": part.size,
        **part_checksum(upload, part),
    }
