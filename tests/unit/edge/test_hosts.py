"""What a Host names: a bucket in front of an own name, and whether an unsigned call may come by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamd.edge import hosts
from iamd.edge.hosts import Host, Hosts, is_loopback

HOSTS = Hosts(["iamd.example.org"])


@pytest.mark.parametrize(
    ("header", "bucket"),
    [
        ("bucket.localhost:4566", "bucket"),
        ("bucket.localhost", "bucket"),
        ("my.dotted.bucket.localhost:4566", "my.dotted.bucket"),
        ("bucket.s3.localhost:4566", "bucket"),
        ("bucket.s3.eu-west-1.localhost:4566", "bucket"),
        ("bucket.s3-eu-west-1.localhost", "bucket"),
        ("BUCKET.localhost", "bucket"),
        ("bucket.localhost.:4566", "bucket"),
        ("bucket.iamd.example.org", "bucket"),
        ("bucket.s3.iamd.example.org", "bucket"),
        ("localhost:4566", None),
        ("s3.localhost:4566", None),
        ("s3.us-east-1.localhost", None),
        ("iamd.example.org", None),
        ("ab.localhost", None),
        ("-bad-.localhost", None),
    ],
)
def test_own_names_are_trusted_and_may_have_a_bucket_in_front(header: str, bucket: str | None) -> None:
    host = HOSTS.read(header)
    assert (host.bucket, host.trusted) == (bucket, True)


@pytest.mark.parametrize("header", ["127.0.0.1", "127.0.0.1:4566", "[::1]:4566", "[::1]", "10.1.2.3:80"])
def test_addresses_are_trusted_and_name_no_bucket(header: str) -> None:
    host = HOSTS.read(header)
    assert (host.bucket, host.trusted) == (None, True)


@pytest.mark.parametrize(
    ("header", "bucket"),
    [
        ("evil.example.com", None),
        ("localhost.evil.com", None),
        ("notlocalhost", None),
        ("bucket.s3.amazonaws.com", "bucket"),
        ("bucket.s3.evil.com:4566", "bucket"),
        ("127.0.0.1.evil.com", None),
        ("127.0.0.1.nip.io", None),
        ("", None),
        ("iamd.example.org.evil.com", None),
    ],
)
def test_foreign_names_are_not_trusted(header: str, bucket: str | None) -> None:
    host = HOSTS.read(header)
    assert (host.bucket, host.trusted) == (bucket, False)


def test_a_name_is_lower_case_without_port_and_dot() -> None:
    assert HOSTS.read("LocalHost.:4566") == Host("localhost", None, trusted=True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("::", False),
     ("0.0.0.0", False),  # noqa: S104  # no listener
     ("10.0.0.1", False), ("example.org", False), ("127.0.0.1.nip.io", False)],
)  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_name_is_read_alike_again_and_however_long() -> None:
    known = Hosts(["iamd.example.org"])
    for header in ("b.iamd.example.org:4566", "evil.example", f"{'a.' * 200}iamd.example.org"):
        assert known.read(header) == known.read(header) == Hosts(["iamd.example.org"]).read(header)
    assert known.read("b.iamd.example.org") is known.read("b.iamd.example.org")


@pytest.mark.parametrize("front", ["s3", "b.s3", "b.s3.x.s3"])
@pytest.mark.parametrize("tail", ["-" * 200, "-a" * 100, ".-" * 100, "-" * 200 + "_.example.org"])
def test_no_name_takes_long_to_read(front: str, tail: str) -> None:
    """One expression that could match in many ways took two to the power of the dashes."""
    host = Hosts(["iamd.example.org"]).read(front + tail)
    assert (host.trusted, host.bucket) in ((False, None), (False, "b"), (False, "b.s3.x"))


@given(st.text("s3.-ab", max_size=14))
def test_the_label_is_found_where_the_slow_expression_found_it(name: str) -> None:
    slow = re.search(r"(?:^|\.)s3(?:[.-][a-z0-9-]+)*?\.", name)
    found = hosts._S3_LABEL.search(name)
    assert (slow and slow.span()) == (found and found.span())
