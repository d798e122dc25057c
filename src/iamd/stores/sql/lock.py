"""One server per data directory."""

import fcntl
import os
from pathlib import Path

_FILE = "lock"


class DirectoryInUse(Exception):  # noqa: N818  # names what was found
    """Another server holds this data directory; `process` is its id where it could be read."""

    def __init__(self, directory: Path, process: int | None) -> None:
        holder = f"process {process}" if process else "another process"
        super().__init__(f"{directory} is in use by {holder}")
        self.process = process


class DirectoryLock:
    """Held until `release` or until the last process that inherited it has ended, however it ended.

    Commands that only open the store take none: the database has its own locks.
    """

    def __init__(self, directory: Path) -> None:
        """Raises DirectoryInUse."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file stays when the lock is released: removing it would let two servers lock two files of one name.
        self._file = os.open(directory / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 32).strip()
            os.close(self._file)
            raise DirectoryInUse(directory, int(holder) if holder.isdigit() else None) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, b"%d\n" % os.getpid())

    def fileno(self) -> int:
        """To be inherited by whoever must hold the directory as well."""
        return self._file

    def release(self) -> None:
        os.close(self._file)
