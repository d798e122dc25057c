"""How many jobs one commit carries: it costs the same for one as for sixty-four."""

from typing import Final

QUIET_TURNS: Final = 30
"""Turns of the event loop in which nobody new came: about a tenth of a millisecond, less than a commit."""


class Gathering:
    """Whether to wait a moment for as many as wrote together last time. Somebody who writes alone never waits."""

    def __init__(self) -> None:
        self._expected = 1
        self._seen = 0
        self._quiet = 0

    @property
    def is_over(self) -> bool:
        """Whether one alone need not wait."""
        return self._expected <= 1

    def wants_more(self, waiting: int) -> bool:
        """Asked once a turn with the number of jobs that wait."""
        if waiting >= self._expected:
            return False
        self._quiet = 0 if waiting > self._seen else self._quiet + 1
        self._seen = waiting
        return self._quiet < QUIET_TURNS

    def took(self, number: int) -> None:
        """So many are in the transaction that begins now."""
        self._expected = number
        self._seen = self._quiet = 0
