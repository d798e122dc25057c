"""Bytes of objects above the size that is kept in the row."""

from collections.abc import Iterator
from typing import Protocol


class BlobWriter(Protocol):
    """One blob being written; invisible until `commit`, gone after `abort`. Called off the event loop or on it."""

    def write(self, chunk: bytes) -> None: ...

    def commit(self) -> str:
        """Make the bytes durable and return the blob's id."""

    def abort(self) -> None: ...


class BlobStore(Protocol):
    """Immutable blobs under generated names."""

    def create(self) -> BlobWriter: ...

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes in chunks of at most 1 MiB; raises BlobMissing."""

    def delete(self, blob_id: str) -> None:
        """Remove a blob; nothing happens if it is gone."""


class BlobMissing(Exception):  # noqa: N818  # the state of the blob
    """A row refers to bytes that are not there."""
