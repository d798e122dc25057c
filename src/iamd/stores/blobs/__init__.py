"""Where object bytes are kept."""

from iamd.stores.blobs.local import LocalBlobs

__all__ = ["LocalBlobs"]
