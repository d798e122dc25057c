"""Bytes of objects above the size that is kept in the row."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from iamd.stores.ports.identities import Millis


class BlobWriter(Protocol):
    """One blob being written; invisible until `commit`, gone after `abort`. Called off the event loop or on it."""

    def write(self, chunk: bytes) -> None: ...

    def commit(self) -> str:
        """Make the bytes durable and return the blob's id. The blob is held until `release` or `delete`."""

    def abort(self) -> None: ...


class BlobStore(Protocol):
    """Immutable blobs under generated names.

    A blob is held, from its first byte on, by whoever writes it and means to commit a row that refers to it; a hold
    dies with its process. INVARIANT: one that nobody holds and no row refers to gets no row any more.
    """

    def require_room(self, size: int) -> None:
        """Raises DiskFull where a blob of `size` bytes would not fit."""

    def create(self) -> BlobWriter:
        """Raises StoreUnavailable."""

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes in chunks of at most 1 MiB; raises BlobMissing."""

    def delete(self, blob_id: str) -> None:
        """Remove a blob; nothing happens if it is gone."""

    def delete_many(self, blob_ids: Iterable[str]) -> None:
        """Remove blobs, and what was kept only for them."""

    def release(self, blob_id: str) -> None:
        """Hold a blob no longer: its row is committed, or never will be."""

    def seize(self, blob_id: str) -> bool:
        """Hold what nobody holds; False if somebody does. What is gone is nobody's."""

    def written(self) -> Iterator[tuple[str, Millis]]:
        """Every blob, and when it was written; one that comes or goes meanwhile may be missed. Slow."""

    def sweep_unfinished(self, at: Millis) -> int:
        """Remove what was begun before `at` by a writer that has died. Returns how many."""


class BlobMissing(Exception):  # noqa: N818  # the state of the blob
    """A row refers to bytes that are not there."""
