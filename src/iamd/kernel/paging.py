"""Pages of long answers: `MaxItems`, `Marker`, `IsTruncated` (IAM API Reference, "Common parameters" of each List*)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NotRequired, TypedDict, TypeVar

import orjson

from iamd.model.errors import AwsError, validation_error

R = TypeVar("R")
Place = tuple[str | int, ...]
"""Where a record stands in the order that is paged: the column values after the equal ones."""

DEFAULT_PAGE: Final = 100
NAME_PREFIX: Final = "NamePrefix"
"""Of no model: the console's pages narrow a list by it. Whoever may walk the list learns nothing new."""
_LARGEST: Final = 2**63 - 1


class PageMembers(TypedDict):
    IsTruncated: bool
    Marker: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """`place` is where the last record stands, None on the last page."""

    records: list[R]
    place: Place | None

    @property
    def members(self) -> PageMembers:
        """`IsTruncated`, and `Marker` where there is more."""
        if self.place is None:
            return {"IsTruncated": False}
        return {"IsTruncated": True, "Marker": marker_of(self.place)}


def read_page(
    request: Mapping[str, Any],
    fetch: Callable[[Place | None, int], list[R]],
    place_of: Callable[[R], Place],
    places: tuple[type, ...] = (str,),
) -> Page[R]:
    """The page that `Marker` and `MaxItems` of `request` ask for.

    `fetch(after, limit)` reads records in order; `place_of` gives a record's place, which is made of types `places`.
    Raises ValidationError for a marker that no answer of this kind can have given.
    """
    limit: int = request.get("MaxItems") or DEFAULT_PAGE
    marker: str | None = request.get("Marker")
    after = None if marker is None else place_of_marker(marker, places)
    records = fetch(after, limit + 1)
    if len(records) <= limit:
        return Page(records, None)
    return Page(records[:limit], place_of(records[limit - 1]))


def slice_page(request: Mapping[str, Any], records: Sequence[R], place_of: Callable[[R], Place]) -> Page[R]:
    """The same over a short sequence that is already in order and in memory (tags, names of policies)."""

    def fetch(after: Place | None, limit: int) -> list[R]:
        return [record for record in records if after is None or place_of(record) > after][:limit]

    return read_page(request, fetch, place_of)


def marker_of(place: Place) -> str:
    """An opaque marker: URL-safe base64 without padding."""
    return urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode("ascii")


def place_of_marker(marker: str, places: tuple[type, ...]) -> Place:
    """Raises ValidationError."""
    try:
        values = orjson.loads(urlsafe_b64decode(marker.encode("ascii") + b"=" * (-len(marker) % 4)))
    except ValueError:
        raise _invalid_marker() from None
    if not isinstance(values, list) or [type(value) for value in values] != list(places):
        raise _invalid_marker()
    if any(isinstance(value, int) and abs(value) > _LARGEST for value in values):
        raise _invalid_marker()
    return tuple(values)


def _invalid_marker() -> AwsError:
    return validation_error("Invalid Marker.")
