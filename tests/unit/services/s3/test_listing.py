"""Listings: every page of every shape holds what the keys say, and common prefixes are stepped over, not read."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamd.services.s3.listing import START, Place, Wanted, list_keys, place_of_token, token_of, url_encoded
from iamd.stores.memory import MemoryStore
from iamd.stores.ports.buckets import S3Object
from tests.unit.services.s3.s3_lab import S3Lab


def rows(keys: list[bytes]) -> MemoryStore:
    store = MemoryStore()

    def work(transaction: Any) -> None:
        for key in keys:
            transaction.state.objects.insert(S3Object("id", key, "e", 0, 0, "{}", "{}"))

    store.write_now(work)
    return store


class Counting:
    """Counts the rows that a listing reads."""

    def __init__(self, store: MemoryStore) -> None:
        self.read = 0
        self._objects = store.state.objects

    def page(self, *args: Any, **more: Any) -> list[S3Object]:
        found = self._objects.page(*args, **more)
        self.read += len(found)
        return found


def expected(keys: list[bytes], prefix: bytes, delimiter: bytes, start_after: bytes) -> list[bytes]:
    """The meaning, written naively."""
    entries: dict[bytes, None] = {}
    for key in sorted(keys):
        if not key.startswith(prefix):
            continue
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        entry = key if cut < 0 else key[: cut + len(delimiter)]
        if entry > start_after:
            entries[entry] = None
    return list(entries)


def walk(store: Any, prefix: bytes, delimiter: bytes, start_after: bytes, limit: int) -> list[bytes]:
    """All pages, by their tokens."""
    place = Place(start_after, after=True) if start_after else START
    found: list[bytes] = []
    for _ in range(1000):
        listing = list_keys(store, Wanted("id", prefix, delimiter, limit, place, start_after))
        assert len(listing.entries) <= limit
        found += [entry.key if isinstance(entry, S3Object) else entry for entry in listing.entries]
        if listing.next is None:
            return found
        place = place_of_token(token_of(listing.next))
    raise AssertionError("a listing without end")


PIECES = st.sampled_from([b"a", b"b", b"/", b"//", b"-", "ü".encode(), b"\x00", b"\x7f"])
KEY = st.lists(PIECES, min_size=1, max_size=6).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(
    keys=st.lists(KEY, max_size=40, unique=True),
    prefix=st.one_of(st.just(b""), KEY),
    delimiter=st.sampled_from([b"", b"/", b"//", b"a/", b"-"]),
    start_after=st.one_of(st.just(b""), KEY),
    limit=st.integers(1, 5),
)
def test_all_pages_together_are_the_listing(
    keys: list[bytes], prefix: bytes, delimiter: bytes, start_after: bytes, limit: int
) -> None:
    store = rows(keys)
    assert walk(store.state.objects, prefix, delimiter, start_after, limit) == expected(
        keys, prefix, delimiter, start_after
    )


def test_a_page_of_common_prefixes_does_not_read_what_lies_under_them() -> None:
    store = rows([b"%d/%04d" % (folder, number) for folder in range(5) for number in range(1000)])
    objects: Any = Counting(store)
    listing = list_keys(objects, Wanted("id", b"", b"/", 1000, START))
    assert listing.prefixes == [b"0/", b"1/", b"2/", b"3/", b"4/"]
    assert objects.read <= 5 * 50


@pytest.mark.parametrize("limit", [1, 100, 1000])
def test_a_page_reads_one_row_more_than_it_shows(limit: int) -> None:
    store = rows([b"%04d" % number for number in range(2500)])
    objects: Any = Counting(store)
    assert len(list_keys(objects, Wanted("id", b"", b"", limit, START)).objects) == limit
    assert objects.read == limit + 1


def test_version_2(bucket: S3Lab) -> None:
    for key in ("a", "b/1", "b/2", "c/1", "d"):
        bucket.put(key)
    page = bucket("GET", "/bucket", "list-type=2&delimiter=/&max-keys=2")
    assert (page.all("Key"), page.all("Prefix")[-1:]) == (["a"], ["b/"])
    assert (page.all("KeyCount"), page.all("IsTruncated"), page.all("MaxKeys")) == (["2"], ["true"], ["2"])
    (token,) = page.all("NextContinuationToken")
    rest = bucket("GET", "/bucket", {"list-type": "2", "delimiter": "/", "continuation-token": token})
    assert (rest.all("Key"), rest.all("KeyCount"), rest.all("ContinuationToken")) == (["d"], ["2"], [token])
    after = bucket("GET", "/bucket", "list-type=2&start-after=b/1&fetch-owner=true")
    assert (after.all("Key"), len(after.all("Owner"))) == (["b/2", "c/1", "d"], 3)
    assert after.all("StartAfter") == ["b/1"]
    assert bucket("GET", "/bucket", "list-type=2").all("Owner") == []


def test_version_1(bucket: S3Lab) -> None:
    for key in ("a", "b/1", "b/2", "c"):
        bucket.put(key)
    page = bucket("GET", "/bucket", "delimiter=/&max-keys=2")
    assert (page.all("NextMarker"), page.all("Marker")) == (["b/"], [""])
    rest = bucket("GET", "/bucket", "delimiter=/&marker=b/")
    assert (rest.all("Key"), rest.all("Prefix"), rest.all("IsTruncated")) == (["c"], [""], ["false"])
    plain = bucket("GET", "/bucket", "max-keys=1")
    assert (plain.all("NextMarker"), plain.all("IsTruncated"), len(plain.all("Owner"))) == ([], ["true"], 1)


def test_limits(bucket: S3Lab) -> None:
    bucket.put("a")
    none = bucket("GET", "/bucket", "list-type=2&max-keys=0")
    assert (none.all("Key"), none.all("IsTruncated")) == ([], ["false"])
    assert bucket("GET", "/bucket", "max-keys=5000").all("MaxKeys") == ["1000"]
    assert bucket("GET", "/bucket", "max-keys=-1").fault == "InvalidArgument"
    assert bucket("GET", "/bucket", "max-keys=x").fault == "InvalidArgument"


@pytest.mark.parametrize("token", ["", "x", "YWJj", "ä"])
def test_a_token_that_was_never_given_out(bucket: S3Lab, token: str) -> None:
    answer = bucket("GET", "/bucket", {"list-type": "2", "continuation-token": token})
    assert (answer.fault, answer.told) == ("InvalidArgument", "The continuation token provided is incorrect")


def test_url_encoding(bucket: S3Lab) -> None:
    bucket.put("a b/ü(3)+\x01")
    page = bucket("GET", "/bucket", "list-type=2&encoding-type=url&prefix=a%20b/")
    assert page.all("Key") == ["a+b/%C3%BC%283%29%2B%01"]
    assert page.all("Prefix") == ["a+b/"]
    assert url_encoded(b"-_.*/~") == "-_.*/~"
