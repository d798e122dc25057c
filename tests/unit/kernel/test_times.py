from datetime import UTC, datetime

from iamd.kernel.times import whole_seconds


def test_fractions_of_a_second_are_cut_off() -> None:
    assert whole_seconds(1_700_000_000_999) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
