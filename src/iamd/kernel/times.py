"""Between the store's milliseconds and the times that AWS answers with."""

from datetime import UTC, datetime


def whole_seconds(millis: int) -> datetime:
    """The moment in UTC, without its fraction of a second: IAM, STS and S3 state whole seconds."""
    return datetime.fromtimestamp(millis // 1000, UTC)
