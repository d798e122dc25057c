"""Listing keys: prefix, delimiter, pages.

S3 API Reference, ListObjects and ListObjectsV2. A common prefix costs one step, however many keys lie under it: the
store is asked for what follows the prefix, never for what lies in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus

from iamd.services.s3.tokens import read_token, write_token
from iamd.stores.ports.buckets import S3Object
from iamd.stores.ports.records import Records

_FIRST_READ: Final = 50
_MOST_READ: Final = 1001
"""One more than a page has at most: whether there is another page is known by the same read."""
_AFTER: Final = b"a"
_SINCE: Final = b"s"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listing goes on: behind a key (`after`), or at the first key not less than `key`."""

    key: bytes
    after: bool


START: Final = Place(b"", after=False)


@dataclass(slots=True)
class Listing:
    """`entries` are objects (without their bytes) and common prefixes in order; `next` is None at the end."""

    entries: list[S3Object | bytes] = field(default_factory=list)
    next: Place | None = None

    @property
    def objects(self) -> list[S3Object]:
        return [entry for entry in self.entries if isinstance(entry, S3Object)]

    @property
    def prefixes(self) -> list[bytes]:
        return [entry for entry in self.entries if isinstance(entry, bytes)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`start_after` filters common prefixes too: one that is not greater is left out."""

    bucket_id: str
    prefix: bytes
    delimiter: bytes
    limit: int
    place: Place
    start_after: bytes = b""


def list_keys(objects: Records[S3Object], wanted: Wanted) -> Listing:
    """A page. Reads at most one more row than it needs, plus a short read for each common prefix."""
    listing = Listing()
    place: Place | None = wanted.place
    size = min(_MOST_READ, wanted.limit + 1) if not wanted.delimiter else _FIRST_READ
    while wanted.limit and place is not None:
        bounds = {"after" if place.after else "since": (place.key,)} if place.key else {}
        rows = objects.page(
            "key",
            wanted.bucket_id,
            starts=wanted.prefix,
            limit=size,
            **bounds,
        )
        ended = len(rows) < size
        place, skipped = _take(listing, wanted, rows)
        if listing.next is not None:
            break
        if place is None or (ended and not skipped):
            break
        size = _FIRST_READ if skipped else min(_MOST_READ, size * 2, wanted.limit + 1 - len(listing.entries))
    return listing


def _take(listing: Listing, wanted: Wanted, rows: list[S3Object]) -> tuple[Place | None, bool]:
    """Adds rows to the page until it is full.

    Gives where to read on (None: the end), and whether that lies behind a common prefix that the last row is under.
    """
    under: bytes | None = None
    for row in rows:
        if under is not None and row.key.startswith(under):
            continue
        under = _common_prefix(row.key, wanted)
        if under is not None and under <= wanted.start_after:
            continue
        if len(listing.entries) == wanted.limit:
            listing.next = _behind(listing.entries[-1])
            return listing.next, False
        listing.entries.append(row if under is None else under)
    if not rows:
        return None, False
    if under is not None:
        return _successor(under), True
    return Place(rows[-1].key, after=True), False


def _common_prefix(key: bytes, wanted: Wanted) -> bytes | None:
    if not wanted.delimiter:
        return None
    end = key.find(wanted.delimiter, len(wanted.prefix))
    return None if end < 0 else key[: end + len(wanted.delimiter)]


def _behind(entry: S3Object | bytes) -> Place | None:
    return Place(entry.key, after=True) if isinstance(entry, S3Object) else _successor(entry)


def _successor(prefix: bytes) -> Place | None:
    beyond = successor(prefix)
    return None if beyond is None else Place(beyond, after=False)


def successor(prefix: bytes) -> bytes | None:
    """The least key behind all that begin with the prefix; None if there is none (all bytes are 0xFF)."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None


def token_of(place: Place) -> str:
    return write_token((_AFTER if place.after else _SINCE) + place.key)


def place_of_token(token: str) -> Place:
    """Raises InvalidArgument."""
    raw = read_token(token)
    return Place(raw[1:], after=raw[:1] == _AFTER)


def url_encoded(text: bytes) -> str:
    """`encoding-type=url`: as in a form, with `/` and `*` left as they are."""
    return quote_plus(text, safe="/*")


def encoder(request: Mapping[str, Any]) -> Callable[[bytes], str]:
    """How a listing writes keys, by the request's `encoding-type`."""
    return url_encoded if request.get("EncodingType") == "url" else lambda text: text.decode("utf-8", "replace")
