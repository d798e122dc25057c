"""Uploads in parts, begun, listed and given up."""

from typing import Any, cast

from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.errors import access_denied
from iamd.services.s3 import errors
from iamd.services.s3.acting import canonical_id, the_bucket
from iamd.services.s3.api import (
    AbortMultipartUploadRequest,
    AbortMultipartUploadResponse,
    CreateMultipartUploadRequest,
    CreateMultipartUploadResponse,
    ListMultipartUploadsRequest,
    ListMultipartUploadsResponse,
)
from iamd.services.s3.headers import check_features, object_members
from iamd.services.s3.listing import encoder
from iamd.services.s3.names import QUOTAS, key_bytes
from iamd.services.s3.service import service
from iamd.services.s3.stored import ENCRYPTION, metadata_json
from iamd.services.s3.tagging import header_tags
from iamd.services.s3.upload_listing import WantedUploads, list_uploads, shown_upload
from iamd.services.s3.uploads import delete_upload, find_upload, named_checksum, wanted_checksum
from iamd.stores.ports.buckets import Upload


@service.operation
def create_multipart_upload(ctx: Context, request: CreateMultipartUploadRequest) -> CreateMultipartUploadResponse:
    """Begin an upload. What its headers say is the object's once it is complete."""
    if not ctx.caller.account:
        raise access_denied("Anonymous users cannot initiate multipart uploads. Please authenticate.")
    check_features(request)
    bucket = the_bucket(ctx)
    named = request.get("ChecksumAlgorithm")
    checksum, checksum_type = wanted_checksum(named, request.get("ChecksumType"))
    upload = Upload(
        bucket_id=bucket.id,
        key=key_bytes(request["Key"]),
        id=f"{ctx.now_ms:012x}{ctx.tools.ids.internal_id()}",
        initiated_at=ctx.now_ms,
        initiator=ctx.caller.principal.arn or "",
        metadata=metadata_json(object_members(request, ctx.http)),
        checksum=checksum,
        checksum_type=checksum_type,
        checksum_named=named is not None,
        tags=header_tags(request.get("Tagging")),
    )
    ctx.state.uploads.insert(upload)
    answer = {
        "Bucket": bucket.name,
        "Key": request["Key"],
        "UploadId": upload.id,
        "ServerSideEncryption": ENCRYPTION,
        **named_checksum(upload),
    }
    return cast("CreateMultipartUploadResponse", answer)


@service.operation
def abort_multipart_upload(ctx: Context, request: AbortMultipartUploadRequest) -> AbortMultipartUploadResponse:
    """Give an upload up, with all of its parts."""
    if "IfMatchInitiatedTime" in request:
        raise errors.not_implemented("x-amz-if-match-initiated-time")
    delete_upload(ctx.state, find_upload(ctx.state, the_bucket(ctx), request["Key"], request["UploadId"]))
    return {}


@service.operation
def list_multipart_uploads(ctx: Context, request: ListMultipartUploadsRequest) -> ListMultipartUploadsResponse:
    """The open uploads of a bucket, by key and then by the time when they began."""
    bucket = the_bucket(ctx)
    wanted = _wanted(bucket.id, request)
    listing = list_uploads(ctx.state.uploads, wanted)
    encode = encoder(request)
    owner = canonical_id(ctx.state, bucket.account)
    answer: dict[str, Any] = {
        "Bucket": bucket.name,
        "KeyMarker": encode(wanted.key_marker),
        "UploadIdMarker": wanted.id_marker,
        "Prefix": encode(wanted.prefix),
        "MaxUploads": wanted.limit,
        "IsTruncated": listing.next is not None,
        "Uploads": [
            {
                "Key": encode(upload.key),
                "UploadId": upload.id,
                "Initiated": whole_seconds(upload.initiated_at),
                "Owner": {"ID": owner},
                **shown_upload(upload),
            }
            for upload in listing.uploads
        ],
        "CommonPrefixes": [{"Prefix": encode(prefix)} for prefix in listing.prefixes],
    }
    if wanted.delimiter:
        answer["Delimiter"] = encode(wanted.delimiter)
    if "EncodingType" in request:
        answer["EncodingType"] = request["EncodingType"]
    if listing.next is not None:
        answer["NextKeyMarker"], answer["NextUploadIdMarker"] = encode(listing.next[0]), listing.next[1]
    return cast("ListMultipartUploadsResponse", answer)


def _wanted(bucket_id: str, request: ListMultipartUploadsRequest) -> WantedUploads:
    number = request.get("MaxUploads", QUOTAS.list_page)
    if number < 0:
        message = "Argument max-uploads must be an integer between 0 and 2147483647"
        raise errors.invalid_argument(message, "max-uploads", str(number))
    key_marker = (request.get("KeyMarker") or "").encode()
    return WantedUploads(
        bucket_id=bucket_id,
        prefix=(request.get("Prefix") or "").encode(),
        delimiter=(request.get("Delimiter") or "").encode(),
        limit=min(number, QUOTAS.list_page),
        key_marker=key_marker,
        # Without a key it means nothing.
        id_marker=request.get("UploadIdMarker") or "" if key_marker else "",
    )
