"""Whose turn it is to write, among the processes that share a database.

SQLite's write lock goes to whoever asks first after it is free, and a busy writer always does. So a process that wants
to write first becomes the next in line, by a lock on a file of its own, and gives that place up once it has the write
lock: the busy one finds it taken and has to stand behind.
"""

import fcntl
import os
from pathlib import Path


class Turn:
    """The place at the head of the queue; never waits."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._taken = False

    def take(self) -> bool:
        """Whether this process is the next to write, now or since earlier."""
        if not self._taken:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._taken = True
        return True

    def leave(self) -> None:
        if self._taken:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._taken = False

    def close(self) -> None:
        os.close(self._file)
