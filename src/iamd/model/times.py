"""Times as text."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)
def iso_seconds(seconds: int) -> str:
    """Seconds since 1970 as `2026-11-25T04:19:00Z`. Remembered: every request of a second says the same."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
