"""Monthly reports in a bucket: an application like any other, which knows nothing of tests."""

from typing import Any

BUCKET = "reports"


def publish(s3: Any, month: str, text: str) -> str:
    """Store a report; its key."""
    key = f"monthly/{month}.txt"
    s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
    return key


def read(s3: Any, month: str) -> str:
    body: bytes = s3.get_object(Bucket=BUCKET, Key=f"monthly/{month}.txt")["Body"].read()
    return body.decode()
