"""Blobs in memory."""

from collections.abc import Callable, Iterable, Iterator

from iamd.stores.ports.blobs import BlobMissing
from iamd.stores.ports.identities import Millis

_CHUNK = 1 << 20


class MemoryBlobs:
    """`blobs` has what was committed, `held` what somebody holds."""

    def __init__(self, new_id: Callable[[], str], clock: Callable[[], Millis] = lambda: 0) -> None:
        self.blobs: dict[str, bytes] = {}
        self.held: set[str] = set()
        self._written: dict[str, Millis] = {}
        self._new_id = new_id
        self._clock = clock

    def require_room(self, size: int) -> None:
        """There is always some."""

    def create(self) -> "MemoryBlobWriter":
        return MemoryBlobWriter(self._new_id(), self._take)

    def _take(self, blob_id: str, content: bytes) -> None:
        self.blobs[blob_id] = content
        self._written[blob_id] = self._clock()
        self.held.add(blob_id)

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        if blob_id not in self.blobs:
            raise BlobMissing(blob_id)
        return _chunks(blob_id, self.blobs[blob_id][start : start + length], length)

    def delete(self, blob_id: str) -> None:
        self.blobs.pop(blob_id, None)
        self._written.pop(blob_id, None)
        self.release(blob_id)

    def release(self, blob_id: str) -> None:
        self.held.discard(blob_id)

    def seize(self, blob_id: str) -> bool:
        if blob_id in self.held:
            return False
        self.held.add(blob_id)
        return True

    def written(self) -> Iterator[tuple[str, Millis]]:
        return iter(tuple(self._written.items()))

    def sweep_unfinished(self, at: Millis) -> int:
        """What a writer that died has begun died with it."""
        del at
        return 0

    def every(self) -> list[str]:
        return list(self.blobs)

    def delete_many(self, blob_ids: Iterable[str]) -> None:
        for blob_id in blob_ids:
            self.delete(blob_id)


class MemoryBlobWriter:
    def __init__(self, blob_id: str, take: Callable[[str, bytes], None]) -> None:
        self._id = blob_id
        self._take = take
        self._content = bytearray()

    def write(self, chunk: bytes) -> None:
        self._content += chunk

    def commit(self) -> str:
        self._take(self._id, bytes(self._content))
        return self._id

    def abort(self) -> None:
        self._content.clear()


def _chunks(blob_id: str, content: bytes, length: int) -> Iterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
    if len(content) < length:
        raise BlobMissing(f"{blob_id} ends {length - len(content)} bytes early")
