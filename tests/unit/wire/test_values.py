"""Scalars: text to value and back, and text that is none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from iamd.wire import values
from iamd.wire.values import BadValueError

MOMENT = datetime(2026, 1, 2, 0, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T00:04:05Z",
        "2026-01-02T00:04:05",
        "2026-01-02T01:04:05+01:00",
        "2026-01-02t00:04:05.000z",
        "1767312245",
    ],
)
def test_a_moment_has_several_spellings(text: str) -> None:
    assert values.read_iso8601(text) == MOMENT
    assert values.read_iso8601(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.read_iso8601, "yesterday"),
        (values.read_iso8601, "2026-13-01T00:00:00Z"),
        (values.read_iso8601, "0001-01-01T00:00:00+23:59"),
        (values.read_iso8601, "٢٠٢٦-01-01"),
        (values.read_iso8601, "999999999999"),
        (values.read_iso8601, ""),
        (values.read_http_date, "Sun, 06 Foo 1994 08:49:37 GMT"),
        (values.read_http_date, "Sun, 31 Feb 1994 08:49:37 GMT"),
        (values.read_http_date, "Sun, 06 Nov 1994 08:49:37 +9999"),
        (values.read_http_date, ""),
        (values.read_boolean, "1"),
        (values.read_float, "1_0"),
        (values.read_float, "0x1"),
        (values.read_long, "9223372036854775808"),
        (values.read_integer, "-2147483649"),
        (values.read_blob, "é"),
        (values.read_blob, "abc"),
    ],
)
def test_what_is_no_value_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadValueError):
        read(text)


def test_numbers_and_booleans() -> None:
    assert values.read_float("-.5e1") == -5
    assert values.read_float("Infinity") == float("inf")
    assert values.read_boolean("True") is True
    assert values.read_integer("-07") == -7
    assert [values.write_float(n) for n in (1, 0.5, float("-inf"), float("nan"))] == ["1.0", "0.5", "-Infinity", "NaN"]


def test_moments_are_written_in_utc_whatever_their_zone() -> None:
    there = MOMENT.astimezone(timezone(timedelta(hours=-8)))
    assert values.write_iso8601(there) == "2026-01-02T00:04:05Z"
    assert values.write_iso8601_millis(there) == "2026-01-02T00:04:05.000Z"
    assert values.write_http_date(there) == "Fri, 02 Jan 2026 00:04:05 GMT"
    assert values.write_trail_date(there) == "Jan 2, 2026, 12:04:05 AM"
    assert values.write_epoch(there) == "1767312245"
