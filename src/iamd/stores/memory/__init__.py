"""Fakes of the stores, for unit tests."""

from iamd.stores.memory.blobs import MemoryBlobs
from iamd.stores.memory.store import MemoryStore

__all__ = ["MemoryBlobs", "MemoryStore"]
