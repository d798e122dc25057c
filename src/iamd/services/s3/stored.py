"""Between an object's row and what S3 says of it."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson

from iamd.kernel.digests import CHECKSUM_SIZES
from iamd.kernel.times import whole_seconds
from iamd.model.blob import BlobRef, BlobSlice, Extent
from iamd.stores.ports.buckets import BlobUse, S3Object
from iamd.stores.ports.state import State

FULL_OBJECT: Final = "FULL_OBJECT"
ENCRYPTION: Final = "AES256"
"""Every object is said to be encrypted by S3 itself (SSE-S3), as at AWS since 2023."""

_TYPE: Final = "type"


def extents_json(blob: BlobRef) -> str:
    return orjson.dumps([{"size": extent.size, "blob": extent.blob_id} for extent in blob.extents]).decode()


def blob_ids(row: S3Object) -> set[str]:
    return {extent["blob"] for extent in orjson.loads(row.extents)} if row.extents else set()


def stored_bytes(row: S3Object, start: int, length: int) -> bytes | BlobSlice:
    """A range of the object. The row must have been read whole: pages leave `data` out."""
    if row.extents is None:
        return (row.data or b"")[start : start + length]
    extents = tuple(Extent(extent["size"], blob_id=extent["blob"]) for extent in orjson.loads(row.extents))
    return BlobSlice(BlobRef(row.size, extents, {}), start, length)


def checksums_json(algorithm: str, digest: bytes) -> str:
    return orjson.dumps({algorithm: digest.hex(), _TYPE: FULL_OBJECT}).decode()


def checksum_values(row: S3Object) -> dict[str, Any]:
    """`ChecksumCRC32` and its kin in base64, and `ChecksumType`."""
    kept = orjson.loads(row.checksums)
    values = {
        f"Checksum{name.upper()}": b64encode(bytes.fromhex(kept[name])).decode()
        for name in CHECKSUM_SIZES
        if name in kept
    }
    return {**values, "ChecksumType": kept[_TYPE]} if values else {}


def checksum_names(row: S3Object) -> dict[str, Any]:
    """`ChecksumAlgorithm` and `ChecksumType`, as listings show them."""
    kept = orjson.loads(row.checksums)
    names = [name.upper() for name in CHECKSUM_SIZES if name in kept]
    return {"ChecksumAlgorithm": names, "ChecksumType": kept[_TYPE]} if names else {}


def described(row: S3Object, *, checksums: bool) -> dict[str, Any]:
    """What GetObject and HeadObject say of an object, whatever part of it is read."""
    members: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": whole_seconds(row.modified_at),
        "ETag": quoted(row.etag),
        "ServerSideEncryption": ENCRYPTION,
        **orjson.loads(row.metadata),
    }
    if checksums:
        members.update(checksum_values(row))
    return members


def quoted(etag: str) -> str:
    return f'"{etag}"'


def metadata_json(members: Mapping[str, Any]) -> str:
    """Response members that an object carries: `ContentType`, `CacheControl`, …, `Metadata`."""
    return orjson.dumps(members).decode()


def put_row(state: State, row: S3Object, old: S3Object | None) -> None:
    """Store an object in place of `old`, what its key held, and that it uses its blobs."""
    if old is not None:
        _forget_blobs(state, old)
    state.objects.put(row)
    for blob_id in blob_ids(row):
        state.blob_uses.put(BlobUse(blob_id, row.bucket_id, row.key))


def delete_row(state: State, old: S3Object) -> None:
    """The bytes stay until they are collected: somebody may be reading them."""
    _forget_blobs(state, old)
    state.objects.delete(old.bucket_id, old.key)


def _forget_blobs(state: State, old: S3Object) -> None:
    for blob_id in blob_ids(old):
        state.blob_uses.delete(blob_id, old.bucket_id, old.key)
