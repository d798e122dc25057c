"""References to stored bytes. Operations hold these and never the bytes' stream."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of bytes: `inline` holds them (small objects, kept in the row), or `blob_id` names a stored blob."""

    size: int
    blob_id: str | None = None
    inline: bytes | None = None


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Bytes read once and stored durably; `digests` are raw digests by lower-case algorithm (md5, sha256 …)."""

    size: int
    extents: tuple[Extent, ...]
    digests: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class BlobSlice:
    """`length` bytes of a blob from byte `start`: what an operation answers with and the door streams."""

    blob: BlobRef
    start: int
    length: int
