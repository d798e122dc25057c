"""Blobs as files: `<directory>/<first two characters of the id>/<id>`.

Bytes are written to a temporary file, made durable, and renamed to their name, so that a name always has all its bytes.
Whoever holds a blob has a lock on its file, which the kernel takes away when the process dies, however it dies.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from iamd.stores.ports.blobs import BlobMissing
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.store import DiskFull, StoreUnavailable
from iamd.stores.space import Reserve, refused

CHUNK = 1 << 20
_TEMPORARY = "tmp"
_ID = re.compile(r"[0-9A-Za-z_-]{4,64}", re.ASCII)


class LocalBlobs:
    """`new_id` makes names of four to 64 letters, digits, `_` and `-`, never the same twice.

    Where `durable` is false nothing waits for the disk: for state that need not outlive the process. While `reserve` is
    given up no bytes are taken.
    """

    def __init__(
        self, directory: Path, new_id: Callable[[], str], *, durable: bool = True, reserve: Reserve | None = None
    ) -> None:
        self._directory = directory
        self._new_id = new_id
        self._durable = durable
        self._reserve = reserve or Reserve(directory.parent, 0)
        self._held: dict[str, int] = {}
        directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (directory, directory / _TEMPORARY):
            folder.mkdir(mode=0o700, exist_ok=True)
        if durable:
            _sync_directory(directory)
            _sync_directory(directory.parent)

    def require_room(self, size: int) -> None:
        self._reserve.require(size)

    def create(self) -> "LocalBlobWriter":
        blob_id = self._new_id()
        temporary = self._directory / _TEMPORARY / blob_id
        return LocalBlobWriter(
            temporary, self._path(blob_id), self._held, durable=self._durable, require_room=self._reserve.require
        )

    def read(self, blob_id: str, start: int, length: int) -> Iterator[bytes]:
        """See the port. BlobMissing comes at once; while reading, if the file ends early."""
        path = self._path(blob_id)
        if not path.is_file():
            raise BlobMissing(blob_id)
        return _chunks(path, start, length)

    def delete(self, blob_id: str) -> None:
        self._path(blob_id).unlink(missing_ok=True)
        self.release(blob_id)

    def release(self, blob_id: str) -> None:
        file = self._held.pop(blob_id, None)
        if file is not None:
            os.close(file)

    def seize(self, blob_id: str) -> bool:
        file = _lock_old(self._path(blob_id))
        if file is not None:
            self._held[blob_id] = file
        return file is not None or not self._path(blob_id).exists()

    def written(self) -> Iterator[tuple[str, Millis]]:
        for folder in self._folders():
            # What somebody else has put there is no blob.
            yield from (entry for entry in _entries(folder) if _ID.fullmatch(entry[0]))

    def sweep_unfinished(self, at: Millis) -> int:
        removed = 0
        folder = self._directory / _TEMPORARY
        for name, begun_at in _entries(folder):
            file = _lock_old(folder / name) if begun_at < at else None
            if file is not None:
                (folder / name).unlink(missing_ok=True)
                os.close(file)
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
            self.release(path.name)
        for folder in {path.parent for path in paths}:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _folders(self) -> Iterator[Path]:
        return (path for path in self._directory.iterdir() if path.name != _TEMPORARY and path.is_dir())

    def _path(self, blob_id: str) -> Path:
        # An id is never a path: not even one that somebody has written into the database.
        if not _ID.fullmatch(blob_id):
            raise BlobMissing(blob_id)
        return self._directory / blob_id[:2] / blob_id


class LocalBlobWriter:
    def __init__(
        self,
        temporary: Path,
        final: Path,
        held: dict[str, int],
        *,
        durable: bool,
        require_room: Callable[[], None],
    ) -> None:
        self._temporary = temporary
        self._final = final
        self._held = held
        self._durable = durable
        self._require_room = require_room
        self._file: int | None = None
        require_room()
        try:
            self._file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            # INVARIANT: locked before it has its name, under which alone it is looked for.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.abort()
            raise refused(error) from error

    def write(self, chunk: bytes) -> None:
        """Raises StoreUnavailable when the disk is full or broken; the blob is then gone."""
        if self._file is None:
            raise StoreUnavailable("the blob has ended")
        rest = memoryview(chunk)
        try:
            self._require_room()
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except DiskFull:
            self.abort()
            raise
        except OSError as error:
            self.abort()
            raise refused(error) from error

    def commit(self) -> str:
        """See the port. Raises StoreUnavailable; the blob is then gone."""
        if self._file is None:
            raise StoreUnavailable("the blob has ended")
        try:
            if self._durable:
                os.fsync(self._file)
            self._publish()
        except OSError as error:
            self.abort()
            raise refused(error) from error
        self._held[self._final.name], self._file = self._file, None
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


def _entries(folder: Path) -> Iterator[tuple[str, Millis]]:
    """Names of files, and when they were written last; what goes meanwhile is left out."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                yield entry.name, entry.stat().st_mtime_ns // 1_000_000


def _lock_old(path: Path) -> int | None:
    """The file, open and locked; None if it is gone or somebody has locked it."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
