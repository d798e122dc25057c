"""X-Forwarded-* count from configured proxies alone, and of them only what a proxy itself has added."""

import pytest

from iamd.edge.proxies import Proxies

PROXIES = Proxies(["10.0.0.0/8", "2001:db8::/32"])


def forwarded(*hops: str, proto: str | None = None) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-forwarded-for", hop.encode()) for hop in hops]
    return headers if proto is None else [*headers, (b"x-forwarded-proto", proto.encode())]


@pytest.mark.parametrize("peer", ["192.0.2.9", "127.0.0.1", "::1"])
def test_a_peer_that_is_no_proxy_is_not_believed(peer: str) -> None:
    assert PROXIES.origin(peer, "http", forwarded("203.0.113.5", proto="https")) == (peer, "http")


def test_without_proxies_nobody_is_believed() -> None:
    assert Proxies().origin("10.0.0.1", "http", forwarded("203.0.113.5", proto="https")) == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("hops", "client"),
    [
        (["203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1", "203.0.113.5, 10.1.1.1"], "203.0.113.5"),
        (["203.0.113.5, 10.1.1.1, 10.2.2.2"], "203.0.113.5"),
        (["10.3.3.3, 10.2.2.2"], "10.3.3.3"),
        (["203.0.113.5:61234"], "203.0.113.5"),
        (["[2001:db8:1::5]:443, 10.0.0.2"], "2001:db8:1::5"),
        (["2a00::1"], "2a00::1"),
        (["::ffff:203.0.113.5"], "203.0.113.5"),
        (["198.51.100.1, unknown"], "10.0.0.1"),
        (["198.51.100.1, unknown, 10.2.2.2"], "10.2.2.2"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_the_client_is_the_right_most_address_that_is_no_proxy(hops: list[str], client: str) -> None:
    assert PROXIES.origin("10.0.0.1", "http", forwarded(*hops))[0] == client


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [("https", "https"), ("HTTPS", "https"), ("http, https", "https"), ("https, http", "http"),
     ("gopher", "http"), ("", "http")],
)  # fmt: skip
def test_the_scheme_is_the_last_proxys_word(proto: str, scheme: str) -> None:
    assert PROXIES.origin("10.0.0.1", "http", forwarded("203.0.113.5", proto=proto))[1] == scheme


def test_a_mapped_peer_is_the_proxy_that_it_is() -> None:
    assert PROXIES.origin("::ffff:10.0.0.1", "http", forwarded("203.0.113.5"))[0] == "203.0.113.5"
