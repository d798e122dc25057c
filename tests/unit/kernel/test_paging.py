import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamd.kernel.paging import Page, marker_of, place_of_marker, read_page, slice_page
from iamd.model.errors import AwsError


def pages(records: list[str], size: int) -> list[list[str]]:
    found: list[list[str]] = []
    request: dict[str, object] = {"MaxItems": size}
    while True:
        page = slice_page(request, records, lambda record: (record,))
        found.append(page.records)
        if not page.members["IsTruncated"]:
            return found
        request["Marker"] = page.members["Marker"]


@given(st.sets(st.text(min_size=1)), st.integers(1, 5))
def test_pages_give_every_record_once_and_in_order(names: set[str], size: int) -> None:
    ordered = sorted(names)
    found = pages(ordered, size)
    assert [name for page in found for name in page] == ordered
    assert all(len(page) == size for page in found[:-1])
    assert found[-1] or not ordered


def test_a_full_last_page_is_not_truncated() -> None:
    assert pages(["a", "b"], 2) == [["a", "b"]]


def test_a_page_holds_a_hundred_records_unless_told_otherwise() -> None:
    names = [f"{number:03}" for number in range(101)]
    page = slice_page({}, names, lambda name: (name,))
    assert (len(page.records), page.place) == (100, ("099",))


@given(st.tuples(st.text(), st.integers(-(2**62), 2**62)))
def test_a_marker_comes_back_as_its_place(place: tuple[str, int]) -> None:
    assert place_of_marker(marker_of(place), (str, int)) == place


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), min_size=1))
def test_any_text_is_a_marker_or_a_validation_error(marker: str) -> None:
    outcome: object
    try:
        outcome = type(place_of_marker(marker, (str,))[0])
    except AwsError as error:
        outcome = str(error)
    assert outcome in (str, "ValidationError: Invalid Marker.")


@pytest.mark.parametrize(
    ("place", "types"),
    [(("a",), (str, str)), ((1,), (str,)), (("a",), (int,)), ((True,), (int,)), ((2**63,), (int,)), ((), (str,))],
)
def test_a_marker_of_another_list_is_refused(place: tuple[str | int, ...], types: tuple[type, ...]) -> None:
    with pytest.raises(AwsError, match="Invalid Marker"):
        place_of_marker(marker_of(place), types)


def test_the_fetch_is_asked_for_one_record_more() -> None:
    asked: list[object] = []

    def fetch(after: object, limit: int) -> list[str]:
        asked.append((after, limit))
        return ["x"]

    page = read_page({"Marker": marker_of(("w",)), "MaxItems": 7}, fetch, lambda record: (record,))
    assert asked == [(("w",), 8)]
    assert page == Page(["x"], None)
