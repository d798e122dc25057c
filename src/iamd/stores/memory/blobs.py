"""Blobs in memory."""

from collections.abc import Callable, Iterable, Iterator

from iamd.stores.ports.blobs import BlobMissing

_CHUNK = 1 << 20


class MemoryBlobs:
    """`blobs` holds what was committed."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.blobs: dict[str, bytes] = {}
        self._new_id = new_id

    def create(self) -> "MemoryBlobWriter":
        return MemoryBlobWriter(self.blobs, self._new_id())

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        if blob_id not in self.blobs:
            raise BlobMissing(blob_id)
        return _chunks(blob_id, self.blobs[blob_id][start : start + length], length)

    def delete(self, blob_id: str) -> None:
        self.blobs.pop(blob_id, None)

    def every(self) -> list[str]:
        return list(self.blobs)

    def delete_many(self, blob_ids: Iterable[str]) -> None:
        for blob_id in blob_ids:
            self.delete(blob_id)


class MemoryBlobWriter:
    def __init__(self, blobs: dict[str, bytes], blob_id: str) -> None:
        self._blobs = blobs
        self._id = blob_id
        self._content = bytearray()

    def write(self, chunk: bytes) -> None:
        self._content += chunk

    def commit(self) -> str:
        self._blobs[self._id] = bytes(self._content)
        return self._id

    def abort(self) -> None:
        self._content.clear()


def _chunks(blob_id: str, content: bytes, length: int) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
    if len(content) < length:
        raise BlobMissing(f"{blob_id} ends {length - len(content)} bytes early")
