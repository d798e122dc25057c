"""Uploads in parts: which one is meant, what it asks of its parts, and what they add up to.

S3 User Guide, "Uploading and copying objects using multipart upload", "Checking object integrity"; the messages are
those of S3's answers as public test suites record them.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from iamd.kernel.body_crc import COMBINABLE, combined
from iamd.kernel.body_plan import DEFAULT_CHECKSUM
from iamd.kernel.digests import CHECKSUM_SIZES, new_digest
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.names import QUOTAS, key_bytes
from iamd.services.s3.stored import COMPOSITE, FULL_OBJECT, forget_blobs, use_blobs
from iamd.stores.ports.buckets import Bucket, Upload, UploadPart
from iamd.stores.ports.state import State

_ONLY_FULL: Final = frozenset({"crc64nvme"})
_ALGORITHMS: Final = "CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128"


def find_upload(state: State, bucket: Bucket, key: str, upload_id: str) -> Upload:
    """INVARIANT: an id opens nothing but the upload of that very bucket and key. Raises NoSuchUpload."""
    upload = state.uploads.get(bucket.id, key_bytes(key), upload_id)
    if upload is None:
        raise no_such_upload(upload_id)
    return upload


def no_such_upload(upload_id: str) -> AwsError:
    return AwsError(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
        "completed.",
        404,
        members={"UploadId": upload_id},
    )


def check_part_number(number: int) -> None:
    if not 1 <= number <= QUOTAS.upload_parts:
        raise errors.invalid_argument(
            f"Part number must be an integer between 1 and {QUOTAS.upload_parts}, inclusive", "partNumber", str(number)
        )


def wanted_checksum(algorithm: str | None, kind: str | None) -> tuple[str, str]:
    """The algorithm (lower case) and COMPOSITE or FULL_OBJECT, as the request that begins an upload names them."""
    if algorithm is None:
        if kind is not None:
            raise errors.invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        return DEFAULT_CHECKSUM, FULL_OBJECT
    name = algorithm.lower()
    if name not in CHECKSUM_SIZES:
        raise errors.invalid_request(
            f"Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{_ALGORITHMS}]"
        )
    default = FULL_OBJECT if name in _ONLY_FULL else COMPOSITE
    kind = kind or default
    if (kind == FULL_OBJECT and name not in COMBINABLE) or (kind == COMPOSITE and name in _ONLY_FULL):
        raise errors.invalid_request(f"The {kind} checksum type cannot be used with the {name} checksum algorithm.")
    return name, kind


def put_part(state: State, part: UploadPart) -> None:
    """Store a part in place of what was uploaded under its number."""
    old = state.upload_parts.get(part.upload_id, part.number)
    if old is not None:
        _forget_blobs(state, old)
    state.upload_parts.put(part)
    use_blobs(state, part.extents, part.upload_id, _number_key(part.number))


def delete_upload(state: State, upload: Upload) -> None:
    """The upload and its parts. Their bytes stay until they are collected, unless an object uses them."""
    for part in state.upload_parts.page("key", upload.id):
        _forget_blobs(state, part)
        state.upload_parts.delete(part.upload_id, part.number)
    state.uploads.delete(upload.bucket_id, upload.key, upload.id)


def delete_uploads_of(state: State, bucket: Bucket) -> None:
    """Of a bucket that goes."""
    for upload in state.uploads.page("key", bucket.id):
        delete_upload(state, upload)
    for done in state.completed_uploads.page("key", bucket.id):
        state.completed_uploads.delete(done.bucket_id, done.key, done.id)


def _forget_blobs(state: State, part: UploadPart) -> None:
    forget_blobs(state, part.extents, part.upload_id, _number_key(part.number))


def _number_key(number: int) -> bytes:
    return str(number).encode("ascii")


def part_digest(part: UploadPart, algorithm: str) -> bytes:
    return bytes.fromhex(orjson.loads(part.checksums)[algorithm])


def part_checksum(upload: Upload, part: UploadPart) -> dict[str, str]:
    """The response member of a part's checksum, where the upload asked for one."""
    if not upload.checksum_named:
        return {}
    return {member_of(upload.checksum): b64encode(part_digest(part, upload.checksum)).decode()}


def named_checksum(upload: Upload) -> dict[str, str]:
    """`ChecksumAlgorithm` and `ChecksumType` of an upload that asked for one."""
    if not upload.checksum_named:
        return {}
    return {"ChecksumAlgorithm": upload.checksum.upper(), "ChecksumType": upload.checksum_type}


def member_of(algorithm: str) -> str:
    return f"Checksum{algorithm.upper()}"


def given_checksums(request: Mapping[str, Any]) -> dict[str, str]:
    """The checksums that a request or a part of it states: base64 by algorithm."""
    return {name: request[member_of(name)] for name in CHECKSUM_SIZES if member_of(name) in request}


def etag_of(parts: Sequence[UploadPart]) -> str:
    digest = new_digest("md5")
    digest.update(b"".join(bytes.fromhex(part.etag) for part in parts))
    return f"{digest.digest().hex()}-{len(parts)}"


def checksum_of(upload: Upload, parts: Iterable[UploadPart]) -> bytes:
    """The object's: the parts' own ones combined, or a digest of their digests."""
    if upload.checksum_type == FULL_OBJECT:
        return combined(upload.checksum, ((part_digest(part, upload.checksum), part.size) for part in parts))
    digest = new_digest(upload.checksum)
    digest.update(b"".join(part_digest(part, upload.checksum) for part in parts))
    return digest.digest()
