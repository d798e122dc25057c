"""Authors publish, readers read, and nobody does more."""

from collections.abc import Callable
from typing import Any

import pytest
import reports
from botocore.exceptions import ClientError

from iamd.testing.server import Iamd

Person = Callable[[str], Any]
REPORT = "arn:aws:s3:::reports/monthly/2026-01.txt"


def test_what_an_author_publishes_a_reader_reads(s3_of: Person) -> None:
    author, reader = s3_of("author"), s3_of("reader")
    reports.publish(author, "2026-01", "all is well")
    assert reports.read(reader, "2026-01") == "all is well"


def test_a_reader_does_not_publish(iamd: Iamd, s3_of: Person) -> None:
    with pytest.raises(ClientError) as denied:
        reports.publish(s3_of("reader"), "2026-01", "all is lost")
    assert "s3:PutObject" in str(iamd.explain(denied.value))


def test_a_reader_reads_from_inside_alone(
    s3_of: Person, assert_allowed: Callable[..., None], assert_denied: Callable[..., None]
) -> None:
    s3_of("reader")
    assert_allowed("user/reader", "s3:GetObject", REPORT, **{"aws:SourceIp": "10.1.2.3"})
    assert_denied("user/reader", "s3:GetObject", REPORT, **{"aws:SourceIp": "203.0.113.9"})


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:PutBucketPolicy", "iam:CreateUser"])
def test_nobody_does_more(s3_of: Person, assert_denied: Callable[..., None], action: str) -> None:
    for name in ("author", "reader"):
        s3_of(name)
        assert_denied(f"user/{name}", action, REPORT if action == "s3:DeleteObject" else "*")
