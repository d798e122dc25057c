"""Between an object's row and what S3 says of it."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

import orjson

from iamd.kernel.digests import CHECKSUM_SIZES
from iamd.kernel.times import whole_seconds
from iamd.model.blob import BlobRef, BlobSlice, Extent
from iamd.stores.ports.buckets import BlobUse, S3Object
from iamd.stores.ports.state import State

FULL_OBJECT: Final = "FULL_OBJECT"
COMPOSITE: Final = "COMPOSITE"
ENCRYPTION: Final = "AES256"
"""Every object is said to be encrypted by S3 itself (SSE-S3), as at AWS since 2023."""

_TYPE: Final = "type"
_COUNT: Final = "parts"


class HasBytes(Protocol):
    """An object's or a part's row."""

    @property
    def size(self) -> int: ...
    @property
    def extents(self) -> str | None: ...
    @property
    def data(self) -> bytes | None: ...


def columns_of(extents: Iterable[Extent]) -> tuple[str | None, bytes | None]:
    """The columns `extents` and `data`."""
    runs = tuple(extents)
    data = b"".join(extent.inline or b"" for extent in runs)
    if all(extent.blob_id is None for extent in runs):
        return None, data
    return orjson.dumps([{"size": extent.size, "blob": extent.blob_id} for extent in runs]).decode(), data or None


def extents_of(row: HasBytes) -> tuple[Extent, ...]:
    """The row must have been read whole: pages leave `data` out."""
    data = row.data or b""
    if row.extents is None:
        return (Extent(row.size, inline=data),) if data else ()
    extents, at = [], 0
    for run in orjson.loads(row.extents):
        size, blob_id = run["size"], run["blob"]
        extents.append(Extent(size, blob_id, None if blob_id is not None else data[at : at + size]))
        at += size if blob_id is None else 0
    return tuple(extents)


def extent_blobs(extents: str | None) -> set[str]:
    """Ids of the blobs in a column `extents`."""
    return {run["blob"] for run in orjson.loads(extents) if run["blob"] is not None} if extents else set()


def stored_slice(row: HasBytes, start: int, length: int) -> BlobSlice:
    return BlobSlice(BlobRef(row.size, extents_of(row), {}), start, length)


def stored_bytes(row: HasBytes, start: int, length: int) -> bytes | BlobSlice:
    """A range of the object."""
    if row.extents is None:
        return (row.data or b"")[start : start + length]
    return stored_slice(row, start, length)


def checksums_json(algorithm: str, digest: bytes, *, composite_of: int | None = None) -> str:
    """`composite_of`: the number of parts whose digests were digested."""
    kept: dict[str, Any] = {algorithm: digest.hex(), _TYPE: FULL_OBJECT}
    if composite_of is not None:
        kept |= {_TYPE: COMPOSITE, _COUNT: composite_of}
    return orjson.dumps(kept).decode()


def checksum_values(row: S3Object) -> dict[str, Any]:
    """`ChecksumCRC32` and its kin in base64, and `ChecksumType`."""
    kept = orjson.loads(row.checksums)
    count = f"-{kept[_COUNT]}" if _COUNT in kept else ""
    values = {
        f"Checksum{name.upper()}": b64encode(bytes.fromhex(kept[name])).decode() + count
        for name in CHECKSUM_SIZES
        if name in kept
    }
    return {**values, "ChecksumType": kept[_TYPE]} if values else {}


def checksum_names(row: S3Object) -> dict[str, Any]:
    """`ChecksumAlgorithm` and `ChecksumType`, as listings show them."""
    kept = orjson.loads(row.checksums)
    names = [name.upper() for name in CHECKSUM_SIZES if name in kept]
    return {"ChecksumAlgorithm": names, "ChecksumType": kept[_TYPE]} if names else {}


def parts_of(row: S3Object) -> list[tuple[int, int, str | None]]:
    """Number, size and checksum in hex of each part; none of an object that was uploaded in one piece."""
    return [(number, size, checksum) for number, size, checksum in orjson.loads(row.parts)] if row.parts else []


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
        forget_blobs(state, old.extents, old.bucket_id, old.key)
    state.objects.put(row)
    use_blobs(state, row.extents, row.bucket_id, row.key)


def delete_row(state: State, old: S3Object) -> None:
    """The bytes stay until they are collected: somebody may be reading them."""
    forget_blobs(state, old.extents, old.bucket_id, old.key)
    state.objects.delete(old.bucket_id, old.key)


def use_blobs(state: State, extents: str | None, owner: str, key: bytes) -> None:
    """The blobs of a column `extents` are used by what `BlobUse` calls `bucket_id` and `key`, and no orphans."""
    for blob_id in extent_blobs(extents):
        state.blob_uses.put(BlobUse(blob_id, owner, key))
        state.orphans.delete(blob_id)


def forget_blobs(state: State, extents: str | None, owner: str, key: bytes) -> None:
    for blob_id in extent_blobs(extents):
        state.blob_uses.delete(blob_id, owner, key)
