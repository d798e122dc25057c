"""Blobs as files: `<directory>/<first two characters of the id>/<id>`.

Bytes are written to a temporary file, made durable, and renamed to their name, so that a name always has all its bytes.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from iamd.stores.ports.blobs import BlobMissing
from iamd.stores.ports.store import StoreUnavailable

CHUNK = 1 << 20
_TEMPORARY = "tmp"
_ID = re.compile(r"[0-9A-Za-z_-]{4,64}", re.ASCII)


class LocalBlobs:
    """`new_id` makes names of four to 64 letters, digits, `_` and `-`, never the same twice.

    Where `durable` is false nothing waits for the disk: for state that need not outlive the process.
    """

    def __init__(self, directory: Path, new_id: Callable[[], str], *, durable: bool = True) -> None:
        self._directory = directory
        self._new_id = new_id
        self._durable = durable
        directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (directory, directory / _TEMPORARY):
            folder.mkdir(mode=0o700, exist_ok=True)
        if durable:
            _sync_directory(directory)
            _sync_directory(directory.parent)

    def create(self) -> "LocalBlobWriter":
        blob_id = self._new_id()
        return LocalBlobWriter(self._directory / _TEMPORARY / blob_id, self._path(blob_id), durable=self._durable)

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        """See the port. BlobMissing comes at once; while reading, if the file ends early."""
        path = self._path(blob_id)
        if not path.is_file():
            raise BlobMissing(blob_id)
        return _chunks(path, start, length)

    def delete(self, blob_id: str) -> None:
        self._path(blob_id).unlink(missing_ok=True)

    def older_than(self, at: float) -> Iterator[str]:
        """Ids of blobs written before `at` (seconds): those of them that no row refers to are orphans."""
        for folder in self._folders():
            for entry in os.scandir(folder):
                if entry.stat().st_mtime < at:
                    yield entry.name

    def sweep_unfinished(self, at: float) -> int:
        """Remove what was begun before `at` (seconds) and never committed: its writer has died. Returns how many."""
        removed = 0
        for entry in os.scandir(self._directory / _TEMPORARY):
            if entry.stat().st_mtime < at:
                Path(entry.path).unlink(missing_ok=True)
                removed += 1
        return removed

    def every(self) -> list[str]:
        """Ids of all blobs that are there now."""
        return [entry.name for folder in self._folders() for entry in os.scandir(folder)]

    def delete_many(self, blob_ids: Iterable[str]) -> None:
        """Delete blobs, and their folders where nothing else is left in them."""
        paths = [self._path(blob_id) for blob_id in blob_ids]
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _folders(self) -> Iterator[Path]:
        return (path for path in self._directory.iterdir() if path.name != _TEMPORARY)

    def _path(self, blob_id: str) -> Path:
        # An id is never a path: not even one that somebody has written into the database.
        if not _ID.fullmatch(blob_id):
            raise BlobMissing(blob_id)
        return self._directory / blob_id[:2] / blob_id


class LocalBlobWriter:
    def __init__(self, temporary: Path, final: Path, *, durable: bool) -> None:
        self._temporary = temporary
        self._final = final
        self._durable = durable
        try:
            self._file: int | None = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error

    def write(self, chunk: bytes) -> None:
        """Raises StoreUnavailable when the disk is full or broken; the blob is then gone."""
        if self._file is None:
            raise StoreUnavailable("the blob has ended")
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self.abort()
            raise StoreUnavailable(str(error)) from error

    def commit(self) -> str:
        """See the port. Raises StoreUnavailable; the blob is then gone."""
        if self._file is None:
            raise StoreUnavailable("the blob has ended")
        try:
            if self._durable:
                os.fsync(self._file)
            os.close(self._file)
            self._file = None
            self._publish()
        except OSError as error:
            self.abort()
            raise StoreUnavailable(str(error)) from error
        return self._final.name

    def abort(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._temporary.unlink(missing_ok=True)

    def _publish(self) -> None:
        folder = self._final.parent
        while True:
            if not folder.is_dir():
                # Two writers may be first at once.
                with contextlib.suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
                if self._durable:
                    _sync_directory(folder.parent)
            try:
                self._temporary.rename(self._final)
            except FileNotFoundError:
                # `delete_many` has come between.
                if not self._temporary.exists():
                    raise
            else:
                break
        if self._durable:
            _sync_directory(folder)


def _chunks(path: Path, start: int, length: int) -> Iterator[bytes]:
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:
        raise BlobMissing(path.name) from None
    with file:
        file.seek(start)
        while length:
            chunk = file.read(min(length, CHUNK))
            if not chunk:
                raise BlobMissing(f"{path.name} ends {length} bytes early")
            length -= len(chunk)
            yield chunk


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
