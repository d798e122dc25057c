"""Room on the disk: a file that is given up when the disk is full, so that what takes away can still be written."""

import errno
import logging
import os
import time
from pathlib import Path
from typing import Final

from iamd.stores.ports.store import DiskFull, StoreUnavailable

_LOG: Final = logging.getLogger(__name__)
RESERVE: Final = "reserve"
RESERVE_BYTES: Final = 16 << 20
"""Some five hundred small changes with their records, if the log cannot even be cut meanwhile; thousands if it can."""
MARGIN_BYTES: Final = 4 << 20
"""Beyond its own size, what must be free before the reserve grows again, so that it is not given up at once."""
_STARTING_BYTES: Final = 1 << 20
_APART_SECONDS: Final = 1.0
_SEEN_SECONDS: Final = 0.02
"""How long what was there is taken to be there: every change asks, and what others write meanwhile is little."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def refused(error: OSError) -> StoreUnavailable:
    """What a failure to write is called."""
    return DiskFull(str(error)) if error.errno in _FULL else StoreUnavailable(str(error))


class Reserve:
    """A file whose only use is its size. While it is missing the disk is full, for all who use the directory.

    Whoever asks whether it is there tries now and then to grow it again.
    """

    def __init__(self, directory: Path, size: int = RESERVE_BYTES) -> None:
        """Nothing is written yet. With `size` 0 there is no reserve, and the disk is never known to be full."""
        self._path = directory / RESERVE
        self._size = size
        self._next = 0.0
        self._there_until = 0.0

    def prepare(self) -> None:
        """At a start: grow it, or give it up where there is not even room to open a database."""
        if self._size == 0:
            return
        if self._path.exists():
            if free_bytes(self._path.parent) < _STARTING_BYTES:
                self.give_up()
        else:
            self._grow()

    def is_given_up(self) -> bool:
        """Whether only what takes away may be written now."""
        now = time.monotonic()
        if self._size == 0 or now < self._there_until:
            return False
        if self._path.exists():
            self._there_until = now + _SEEN_SECONDS
            return False
        if now < self._next:
            return True
        self._next = now + _APART_SECONDS
        return not self._grow()

    def give_up(self) -> None:
        self._there_until = 0.0
        try:
            self._path.unlink()
        except OSError:
            # Another process has been first, or nothing can be changed here.
            return
        _LOG.error("the disk is full: what would store more is refused until there is space")

    def require(self, size: int = 0) -> None:
        """Raises DiskFull while the reserve is given up, and where `size` bytes would not fit."""
        if self.is_given_up():
            raise DiskFull("the disk is full, and its reserve is for what takes away")
        if size and free_bytes(self._path.parent) < size:
            raise DiskFull(f"the disk has no room for {size} bytes")

    def _grow(self) -> bool:
        draft = self._path.with_name(f"{RESERVE}.{os.getpid()}")
        try:
            if free_bytes(self._path.parent) < self._size + MARGIN_BYTES:
                return False
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(file, 0, self._size)
            finally:
                os.close(file)
            draft.replace(self._path)
        except OSError:
            draft.unlink(missing_ok=True)
            return False
        _LOG.info("there is space on the disk")
        return True


def free_bytes(directory: Path) -> int:
    """For whoever is not root."""
    space = os.statvfs(directory)
    return space.f_bavail * space.f_frsize
