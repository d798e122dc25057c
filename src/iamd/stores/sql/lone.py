"""Where a commit runs for which nobody waits but who is in it: waking a thread costs as much as a quick disk."""

import time
from typing import Final

QUICK_SECONDS: Final = 0.0005
"""What commits may take on an average for a lone one to keep those waiting who read meanwhile."""
BEARABLE_SECONDS: Final = 0.001
"""The same where nobody is served who is not in it: it can only keep somebody waiting who comes meanwhile."""
_SHARE: Final = 1 / 16
STALL_SECONDS: Final = 0.01
REST_SECONDS: Final = 60.0
"""A disk that stalled once may do so again: it is left to the thread for so long."""
RESTS: Final = 100
"""The same, in times the stall, where nobody is served who is not in it: few can then come in the midst of one."""
MOST_ROWS: Final = 16
"""Of a lone change."""
MOST_TOGETHER: Final = 64
"""Of all changes of a commit. Events of reads are one change too, of hundreds of rows, and take milliseconds."""


class LoneCommits:
    """Whether a commit stays on the event loop: it is small, and the disk is quick."""

    def __init__(self) -> None:
        self._average = 0.0
        self._rested = 0.0
        self._rested_alone = 0.0

    def may_stay(self, jobs: int, rows: int, calls: int) -> bool:
        """`calls`: how many are being served, those that wait for this commit among them."""
        if calls <= jobs:
            is_quick, rested = rows <= MOST_TOGETHER and self._average <= BEARABLE_SECONDS, self._rested_alone
        else:
            is_quick, rested = jobs == 1 and rows <= MOST_ROWS and self._average <= QUICK_SECONDS, self._rested
        return is_quick and time.monotonic() >= rested

    def took(self, seconds: float, rows: int) -> None:
        """Told of every commit, wherever it ran. A large one takes its time on any disk, and says nothing of this."""
        if rows > MOST_TOGETHER:
            return
        self._average += (seconds - self._average) * _SHARE
        if seconds > STALL_SECONDS:
            now = time.monotonic()
            self._rested = now + REST_SECONDS
            self._rested_alone = now + RESTS * seconds
