"""Where a change that shares its commit with nobody is committed: waking a thread costs as much as a quick disk."""

import time
from typing import Final

QUICK_SECONDS: Final = 0.0005
"""What commits may take on an average for one to keep those waiting who read meanwhile."""
_SHARE: Final = 1 / 16
STALL_SECONDS: Final = 0.01
REST_SECONDS: Final = 60.0
"""A disk that stalled once may do so again: it is left to the thread for so long."""
MOST_ROWS: Final = 16
"""Of a change. Events of reads are one change too, of hundreds of rows, and take milliseconds to commit."""


class LoneCommits:
    """Whether a commit stays on the event loop: it carries one small change alone, and the disk is quick."""

    def __init__(self) -> None:
        self._average = 0.0
        self._not_before = 0.0

    def may_stay(self, jobs: int, rows: int) -> bool:
        is_small = jobs == 1 and rows <= MOST_ROWS
        return is_small and self._average <= QUICK_SECONDS and time.monotonic() >= self._not_before

    def took(self, seconds: float, rows: int) -> None:
        """Told of every commit, wherever it ran. A large one takes its time on any disk, and says nothing of this."""
        if rows > MOST_ROWS:
            return
        self._average += (seconds - self._average) * _SHARE
        if seconds > STALL_SECONDS:
            self._not_before = time.monotonic() + REST_SECONDS
