"""A value compares by its fields, has no room for others, and is made and copied as a dataclass is."""

from dataclasses import field, replace

import pytest

from iamd.model.values import value


@value
class Point:
    x: int
    y: int = 0
    secret: str = field(default="", repr=False)


def test_it_is_a_dataclass_with_slots() -> None:
    point = Point(1, secret="hush")
    assert (point, repr(point)) == (Point(1, 0, "hush"), "Point(x=1, y=0)")
    assert replace(point, y=2) == Point(1, 2, "hush")
    with pytest.raises(AttributeError):
        point.z = 3  # type: ignore[attr-defined]  # there is no such field
