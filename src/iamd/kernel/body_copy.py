"""Bytes that are stored already, read again for another object: shared where they can be, written anew where not."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from iamd.kernel.body import INLINE_LIMIT
from iamd.kernel.digests import Digest, new_digests
from iamd.model.blob import BlobRef, BlobSlice, Extent
from iamd.stores.ports.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What to read, and the digests to compute on the way."""

    source: BlobSlice
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """`is_new`: the blob was written for this copy. Otherwise it is the source's, which may be gone by now."""

    blob: BlobRef
    is_new: bool


def copy_bytes(order: CopyOrder, blobs: BlobStore) -> Copied:
    """Reads the slice once, a mebibyte at a time; blocks. Raises BlobMissing, StoreUnavailable."""
    source, digests = order.source, new_digests(order.digests)
    size = source.length
    extents: tuple[Extent, ...] | None
    if size <= INLINE_LIMIT:
        data = b"".join(_read(source, blobs, digests))
        extents, is_new = ((Extent(size, inline=data),) if data else ()), False
    else:
        extents, is_new = _shared(source), False
        if extents is not None:
            for _ in _read(source, blobs, digests):
                pass
        else:
            extents, is_new = (Extent(size, blob_id=_write(source, blobs, digests)),), True
    return Copied(BlobRef(size, extents, {name: digest.digest() for name, digest in digests.items()}), is_new)


def pieces(part: BlobSlice, blobs: BlobStore) -> Generator[bytes, None, None]:
    """The bytes of a slice, extent by extent."""
    start, left = part.start, part.length
    for extent in part.blob.extents:
        if left <= 0:
            return
        if start >= extent.size:
            start -= extent.size
            continue
        length = min(left, extent.size - start)
        if extent.inline is not None:
            yield extent.inline[start : start + length]
        elif extent.blob_id is not None:
            yield from blobs.read(extent.blob_id, start, length)
        left -= length
        start = 0


def _shared(source: BlobSlice) -> tuple[Extent, ...] | None:
    """The slice's extents if it begins and ends where extents do, and all of them are blobs."""
    at, end = 0, source.start + source.length
    taken: list[Extent] = []
    for extent in source.blob.extents:
        if source.start <= at and at + extent.size <= end and extent.blob_id is not None:
            taken.append(extent)
        at += extent.size
    return tuple(taken) if sum(extent.size for extent in taken) == source.length else None


def _read(source: BlobSlice, blobs: BlobStore, digests: dict[str, Digest]) -> Iterator[bytes]:
    for piece in pieces(source, blobs):
        for digest in digests.values():
            digest.update(piece)
        yield piece


def _write(source: BlobSlice, blobs: BlobStore, digests: dict[str, Digest]) -> str:
    writer = blobs.create()
    try:
        for piece in _read(source, blobs, digests):
            writer.write(piece)
        return writer.commit()
    except BaseException:
        writer.abort()
        raise
