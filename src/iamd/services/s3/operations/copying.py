"""Objects copied: the copy has the same immutable bytes, which are read only where a digest of them is wanted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

import orjson

from iamd.kernel.body_copy import Copied, CopyOrder
from iamd.kernel.context import Context
from iamd.kernel.digests import CHECKSUM_SIZES
from iamd.kernel.times import whole_seconds
from iamd.model.http import HttpRequest
from iamd.services.s3 import errors
from iamd.services.s3.acting import check_decided, current, missing_key, the_bucket
from iamd.services.s3.api import CopyObjectRequest, CopyObjectResponse
from iamd.services.s3.authorization.objects import source_in
from iamd.services.s3.conditions import check_copy, check_write
from iamd.services.s3.headers import check_features, object_members
from iamd.services.s3.names import QUOTAS, check_version, key_bytes
from iamd.services.s3.service import service
from iamd.services.s3.stored import (
    ENCRYPTION,
    checksum_values,
    checksums_json,
    columns_of,
    metadata_json,
    put_row,
    quoted,
    stored_slice,
)
from iamd.services.s3.tagging import header_tags
from iamd.stores.ports.buckets import S3Object

_REPLACE: Final = "REPLACE"
_CHANGES: Final = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption")
"""What makes a copy of an object to itself legal, beside new metadata."""


def _what_to_copy(http: HttpRequest, request: CopyObjectRequest) -> CopyOrder | None:
    """All of an object that was uploaded in parts, or whose checksum is to be another one: the copy is in one piece."""
    row = source_in(http).row
    if row is None or row.size > QUOTAS.copy_object_size:
        return None
    kept = orjson.loads(row.checksums)
    wanted = (request.get("ChecksumAlgorithm") or "").lower() or next(name for name in CHECKSUM_SIZES if name in kept)
    if (row.parts is None and wanted in kept) or wanted not in CHECKSUM_SIZES:
        return None
    return CopyOrder(stored_slice(row, 0, row.size), ("md5", wanted))


@service.operation(copies=_what_to_copy)
def copy_object(ctx: Context, request: CopyObjectRequest) -> CopyObjectResponse:
    """Copy an object, within the server, in one piece."""
    check_features(request)
    bucket, key = the_bucket(ctx), request["Key"]
    raw_key = key_bytes(key)
    row = _source_row(ctx, request)
    replaces = request.get("MetadataDirective") == _REPLACE
    if (row.bucket_id, row.key) == (bucket.id, raw_key) and not (
        replaces or any(member in request for member in _CHANGES)
    ):
        raise errors.invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the "
            "object's metadata, storage class, website redirect location or encryption attributes."
        )
    old = ctx.state.objects.get(bucket.id, raw_key)
    check_write(request, key, old)
    tags = header_tags(request.get("Tagging")) if request.get("TaggingDirective") == _REPLACE else row.tags
    copy = replace(
        row,
        bucket_id=bucket.id,
        key=raw_key,
        modified_at=ctx.now_ms,
        metadata=_metadata(ctx, request, row, replaces=replaces),
        tags=tags,
        **_as_one_piece(ctx, request, row),
    )
    put_row(ctx.state, copy, old)
    result: dict[str, Any] = {
        "ETag": quoted(copy.etag),
        "LastModified": whole_seconds(copy.modified_at),
        **checksum_values(copy),
    }
    return cast("CopyObjectResponse", {"CopyObjectResult": result, "ServerSideEncryption": ENCRYPTION})


def _source_row(ctx: Context, request: CopyObjectRequest) -> S3Object:
    authorized = source_in(ctx.http)
    source = authorized.source
    bucket = current(ctx.state, authorized.found)
    row = ctx.state.objects.get(bucket.id, key_bytes(source.key))
    if row is None:
        raise missing_key(ctx, authorized.found, source.key)
    check_decided(row, authorized.row)
    check_version(source.version, source.key)
    check_copy(request, row)
    if row.size > QUOTAS.copy_object_size:
        raise errors.invalid_request(
            "The specified copy source is larger than the maximum allowable size for a copy source: "
            f"{QUOTAS.copy_object_size}"
        )
    return row


def _metadata(ctx: Context, request: CopyObjectRequest, row: S3Object, *, replaces: bool) -> str:
    """The storage class and the redirect are the request's alone, whatever the directive says."""
    if replaces:
        return metadata_json(object_members(cast("Mapping[str, Any]", request), ctx.http))
    members = orjson.loads(row.metadata)
    for name in ("StorageClass", "WebsiteRedirectLocation"):
        members.pop(name, None)
        if request.get(name, "STANDARD") != "STANDARD":
            members[name] = request.get(name)
    return metadata_json(members)


def _as_one_piece(ctx: Context, request: CopyObjectRequest, row: S3Object) -> dict[str, Any]:
    """What the bytes of the copy are: those of the row as they are kept, or as they were read."""
    copied: Copied | None = ctx.prepared
    if copied is None:
        wanted = (request.get("ChecksumAlgorithm") or "").lower()
        if wanted and wanted not in CHECKSUM_SIZES:
            raise errors.not_implemented("x-amz-checksum-algorithm")
        if row.parts is not None or (wanted and wanted not in orjson.loads(row.checksums)):
            # It is not the object that was there when the call was authorized.
            raise errors.operation_aborted()
        return {}
    read = source_in(ctx.http).row
    if read is None or (read.extents, read.etag, read.modified_at) != (row.extents, row.etag, row.modified_at):
        raise errors.operation_aborted()
    digests = dict(copied.blob.digests)
    etag = digests.pop("md5").hex() if len(digests) > 1 else digests["md5"].hex()
    ((algorithm, digest),) = digests.items()
    extents, data = columns_of(copied.blob.extents)
    return {
        "etag": etag,
        "checksums": checksums_json(algorithm, digest),
        "extents": extents,
        "data": data,
        "parts": None,
    }
