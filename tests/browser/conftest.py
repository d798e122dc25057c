"""A real browser at a real server."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visitor import Visitor
from tests.clients.server import Iamd

# A machine that runs other tests beside may take its time.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of a module, not of the session: while it lives, its event loop occupies the thread."""
    path = shutil.which("chromium")
    assert path is not None, "the browser tests need Debian's chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visitor(iamd: Iamd, chromium: Browser) -> Iterator[Visitor]:
    """Somebody at the sign-in page. Afterwards: no error on the console, no report of the CSP."""
    context = chromium.new_context(locale="en", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    someone = Visitor.enter(iamd, context)
    yield someone
    context.close()
    assert someone.faults == []


@pytest.fixture
def root(visitor: Visitor) -> Visitor:
    visitor.sign_in_as_root()
    return visitor
