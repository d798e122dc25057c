"""A planted fault of each kind is found: the checks of the other files can fail."""

import pytest

from tests.browser import totp
from tests.browser.axe import violations
from tests.browser.test_pages import too_wide
from tests.browser.test_safety import ATTACK
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-a")


def test_axe_finds_a_picture_without_a_name_and_grey_on_grey(visitor: Visitor) -> None:
    visitor.heading("Sign in to iamd")
    assert violations(visitor.page) == []
    visitor.page.evaluate(
        """() => {
          const main = document.querySelector("main");
          main.appendChild(document.createElement("img")).src = "data:image/png;base64,AAAA";
          const text = main.appendChild(document.createElement("p"));
          text.textContent = "grey on grey";
          text.style.color = "#777";
          text.style.background = "#888";
        }"""
    )
    assert {each.split(":")[0] for each in violations(visitor.page)} >= {"image-alt", "color-contrast"}


def test_an_inline_script_is_blocked_and_reported(visitor: Visitor) -> None:
    with visitor.page.expect_console_message(lambda message: "CSP: script-src" in message.text):
        visitor.page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "document.title = 'pwned'";
              document.body.appendChild(script);
            }"""
        )
    assert visitor.page.title() != "pwned"
    assert any("CSP: script-src" in fault for fault in visitor.faults)
    visitor.faults.clear()


def test_markup_that_a_page_lets_through_is_seen_and_still_runs_nothing(visitor: Visitor) -> None:
    visitor.heading("Sign in to iamd")
    with visitor.page.expect_console_message(lambda message: "CSP: script-src-attr" in message.text):
        visitor.page.evaluate("(text) => { document.querySelector('main').innerHTML += text }", ATTACK)
    assert visitor.page.locator("img[src=x]").count() == 1
    assert visitor.page.title() != "pwned"
    visitor.faults.clear()


def test_an_error_on_the_console_is_heard(visitor: Visitor) -> None:
    visitor.page.evaluate("() => console.error('planted')")
    with visitor.page.expect_event("pageerror"):
        visitor.page.evaluate("() => { setTimeout(() => { throw new Error('planted too') }) }")
    assert [fault for fault in visitor.faults if "planted" in fault] == ["error: planted", "uncaught: planted too"]
    visitor.faults.clear()


def test_a_page_that_is_wider_than_a_phone_is_seen(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.heading("Sign in to iamd")
    assert not too_wide(visitor)
    visitor.page.evaluate("() => { document.querySelector('main').style.minWidth = '500px' }")
    assert too_wide(visitor)


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    # Appendix B, its first line, cut to six digits: 1970-01-01 00:00:59.
    assert totp.code_at(secret, 59 // 30) == "287082"
