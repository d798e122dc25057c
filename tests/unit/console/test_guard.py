"""Which origins the console takes requests from, directly and behind a proxy."""

import pytest

from iamd.console.guard import check_host, check_origin
from iamd.edge.hosts import Hosts
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest

URL = "https://console.example.com"


def passes(method: str, **headers: str) -> bool:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    request = HttpRequest(method, b"/console/api/signin", headers=named)
    try:
        check_host(Hosts(["console.example.com"]), request)
        check_origin(request, URL)
    except AwsError:
        return False
    return True


@pytest.mark.parametrize(
    ("host", "origin", "passed"),
    [
        ("console.example.com", "https://console.example.com", True),
        # A proxy that says where it forwards to, as nginx does unless told otherwise.
        ("127.0.0.1:4567", "https://console.example.com", True),
        ("localhost:4567", "http://localhost:4567", True),
        ("localhost:4567", "http://localhost:4566", False),
        ("localhost:4567", "https://console.example.com.evil.example", False),
        ("localhost:4567", "https://evil.example/console.example.com", False),
        ("localhost:4567", "null", False),
        ("localhost:4567", "", False),
        ("evil.example", "http://evil.example", False),
    ],
)
def test_a_post_comes_from_the_consoles_own_pages(host: str, origin: str, passed: bool) -> None:
    assert passes("POST", host=host, origin=origin) is passed


@pytest.mark.parametrize(
    ("site", "passed"), [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)]
)
def test_a_browser_that_says_whose_page_asks_is_believed(site: str, passed: bool) -> None:
    assert passes("GET", host="localhost", sec_fetch_site=site) is passed
    assert passes("POST", host="localhost", origin="http://localhost", sec_fetch_site=site) is passed


def test_a_client_that_is_no_browser_names_no_origin() -> None:
    assert passes("POST", host="localhost")
