"""Where a blob lies in a directory of blobs, for commands beside a running server."""

import re
from pathlib import Path
from typing import Final

from iamd.stores.ports.blobs import BlobMissing

_ID: Final = re.compile(r"[0-9A-Za-z_-]{4,64}", re.ASCII)


def blob_path(directory: Path, blob_id: str) -> Path:
    """Raises BlobMissing for what is no blob's id: an id is never a path."""
    if not _ID.fullmatch(blob_id):
        raise BlobMissing(blob_id)
    return directory / blob_id[:2] / blob_id
