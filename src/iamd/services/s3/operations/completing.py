"""Uploads completed: the object is a row that lists its parts' bytes, and none of them is read or copied."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, cast

import orjson

from iamd.kernel.context import Context
from iamd.model.blob import Extent
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.api import CompletedPart, CompleteMultipartUploadRequest, CompleteMultipartUploadResponse
from iamd.services.s3.conditions import check_write
from iamd.services.s3.headers import check_features
from iamd.services.s3.names import QUOTAS, key_bytes
from iamd.services.s3.service import service
from iamd.services.s3.stored import (
    COMPOSITE,
    ENCRYPTION,
    checksum_values,
    checksums_json,
    columns_of,
    extents_of,
    put_row,
    quoted,
)
from iamd.services.s3.uploads import (
    checksum_of,
    delete_upload,
    etag_of,
    find_upload,
    given_checksums,
    member_of,
    part_digest,
)
from iamd.stores.ports.buckets import Bucket, CompletedUpload, S3Object, Upload, UploadPart

_MISSING: Final = (
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
    "entity tag may not match the part's entity tag."
)


@service.operation
def complete_multipart_upload(ctx: Context, request: CompleteMultipartUploadRequest) -> CompleteMultipartUploadResponse:
    """Make the object of the named parts. Who lost the answer and asks again gets it again, for a day."""
    check_features(request)
    bucket, key = the_bucket(ctx), request["Key"]
    named = _named_parts(request)
    done = ctx.state.completed_uploads.get(bucket.id, key_bytes(key), request["UploadId"])
    if done is not None and done.request == _digest(named):
        return cast("CompleteMultipartUploadResponse", orjson.loads(done.answer))
    upload = find_upload(ctx.state, bucket, key, request["UploadId"])
    old = ctx.state.objects.get(bucket.id, upload.key)
    check_write(request, key, old)
    parts = _parts(ctx, upload, named)
    row = _object(ctx, upload, parts)
    _check_whole(request, upload, row)
    put_row(ctx.state, row, old)
    delete_upload(ctx.state, upload)
    answer = _answer(ctx, bucket, key, row)
    ctx.state.completed_uploads.put(
        CompletedUpload(
            bucket.id, upload.key, upload.id, ctx.now_ms, _digest(named), orjson.dumps(answer).decode("utf-8")
        )
    )
    return cast("CompleteMultipartUploadResponse", answer)


def _named_parts(request: CompleteMultipartUploadRequest) -> list[CompletedPart]:
    """The request's parts, in ascending order and each named once."""
    document = request.get("MultipartUpload")
    if document is None:
        raise errors.invalid_request("You must specify at least one part")
    parts = list(document.get("Parts", ()))
    if not 1 <= len(parts) <= QUOTAS.upload_parts or not all("PartNumber" in part and "ETag" in part for part in parts):
        raise errors.malformed_xml()
    numbers = [part["PartNumber"] for part in parts]
    if any(following <= number for number, following in pairwise(numbers)):
        raise AwsError(
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
            members={"UploadId": request["UploadId"]},
        )
    return parts


def _digest(named: Sequence[CompletedPart]) -> str:
    text = orjson.dumps([[part["PartNumber"], _bare(part["ETag"])] for part in named])
    return hashlib.sha256(text).hexdigest()


def _bare(etag: str) -> str:
    return etag.strip().strip('"')


def _parts(ctx: Context, upload: Upload, named: Sequence[CompletedPart]) -> list[UploadPart]:
    """What was uploaded under the named numbers, whole rows. Raises InvalidPart, EntityTooSmall, InvalidRequest."""
    parts = []
    for wanted in named:
        part = ctx.state.upload_parts.get(upload.id, wanted["PartNumber"])
        if part is None or part.etag != _bare(wanted["ETag"]):
            raise _invalid_part(upload, wanted)
        _check_part(upload, part, wanted)
        parts.append(part)
    least = QUOTAS.upload_part_size[0]
    for part in parts[:-1]:
        if part.size < least:
            raise AwsError(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                members={
                    "ProposedSize": str(part.size),
                    "MinSizeAllowed": str(least),
                    "PartNumber": str(part.number),
                    "ETag": part.etag,
                },
            )
    return parts


def _check_part(upload: Upload, part: UploadPart, wanted: CompletedPart) -> None:
    given = given_checksums(wanted)
    expected = b64encode(part_digest(part, upload.checksum)).decode()
    for algorithm, text in given.items():
        if algorithm == upload.checksum:
            if text != expected:
                raise _invalid_part(upload, wanted)
        elif upload.checksum_named:
            message = f"The {algorithm} you specified for part {part.number} did not match what we received."
            raise AwsError("BadDigest", message)
    if upload.checksum_named and upload.checksum_type == COMPOSITE and upload.checksum not in given:
        raise errors.invalid_request(
            f"The upload was created using a {upload.checksum} checksum. The complete request must include the "
            f"checksum for each part. It was missing for part {part.number} in the request."
        )


def _invalid_part(upload: Upload, wanted: CompletedPart) -> AwsError:
    return AwsError(
        "InvalidPart",
        _MISSING,
        members={"UploadId": upload.id, "PartNumber": str(wanted["PartNumber"]), "ETag": _bare(wanted["ETag"])},
    )


def _object(ctx: Context, upload: Upload, parts: Sequence[UploadPart]) -> S3Object:
    runs: list[Extent] = [extent for part in parts for extent in extents_of(part)]
    extents, data = columns_of(runs)
    composite_of = len(parts) if upload.checksum_type == COMPOSITE else None
    shown = [
        [part.number, part.size, part_digest(part, upload.checksum).hex() if upload.checksum_named else None]
        for part in parts
    ]
    return S3Object(
        bucket_id=upload.bucket_id,
        key=upload.key,
        etag=etag_of(parts),
        size=sum(part.size for part in parts),
        modified_at=ctx.now_ms,
        metadata=upload.metadata,
        checksums=checksums_json(upload.checksum, checksum_of(upload, parts), composite_of=composite_of),
        tags=upload.tags,
        extents=extents,
        data=data,
        parts=orjson.dumps(shown).decode(),
    )


def _check_whole(request: CompleteMultipartUploadRequest, upload: Upload, row: S3Object) -> None:
    """What the request says of the whole object: its size, its checksum, and how that was made."""
    kind = request.get("ChecksumType")
    if kind is not None and kind != upload.checksum_type:
        raise errors.invalid_request(
            f"The upload was created using the {upload.checksum_type} checksum mode. The complete request must use the "
            "same checksum mode."
        )
    size = request.get("MpuObjectSize")
    if size is not None and int(size) != row.size:
        raise errors.invalid_request("The provided 'x-amz-mp-object-size' header does not match what was computed")
    computed = checksum_values(row)
    for algorithm, text in given_checksums(request).items():
        value = computed.get(member_of(algorithm), "")
        # A composite checksum is sent with or without the number of parts.
        if text != value and text != value.partition("-")[0]:
            raise AwsError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def _answer(ctx: Context, bucket: Bucket, key: str, row: S3Object) -> dict[str, Any]:
    host = ctx.http.header(b"host") or ""
    return {
        "Location": f"{ctx.http.scheme}://{host}{ctx.http.raw_path.decode('latin-1')}",
        "Bucket": bucket.name,
        "Key": key,
        "ETag": quoted(row.etag),
        "ServerSideEncryption": ENCRYPTION,
        **checksum_values(row),
    }
