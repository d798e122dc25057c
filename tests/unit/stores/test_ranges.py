import pytest

from iamd.stores.sql.ranges import successor


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("a", "b"),
        ("ab", "ac"),
        ("a\U0010ffff", "b"),
        ("\U0010ffff", None),
        ("\ud7ff", "\ue000"),
        ("\uffff", "\U00010000"),
        (b"a", b"b"),
        (b"a\xff\xff", b"b"),
        (b"\xff", None),
        (b"\x00", b"\x01"),
    ],
)
def test_the_successor_is_the_least_value_above_all_that_begin_so(
    prefix: str | bytes, expected: str | bytes | None
) -> None:
    assert successor(prefix) == expected
