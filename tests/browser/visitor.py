"""A person with a browser, who finds things by what they are called."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.clients.server import Iamd

ROOT_EMAIL: Final = "root@localhost"
_REPORTS: Final = """
window.__reports = [];
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass
class Visitor:
    """One browser context at the console of one server; `faults` are the console's errors and reports of the CSP."""

    iamd: Iamd
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    @classmethod
    def enter(cls, iamd: Iamd, context: BrowserContext) -> "Visitor":
        context.add_init_script(_REPORTS)
        page = context.new_page()
        page.set_default_timeout(20_000)
        visitor = cls(iamd, context, page)
        page.on("console", visitor._hear)
        page.on("pageerror", lambda error: visitor.faults.append(f"uncaught: {error}"))
        page.goto(iamd.console)
        return visitor

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser itself logs every answer that is no success; those of the API are looked at by the page.
        answered = message.text.startswith("Failed to load resource") and "/console/" in message.location["url"]
        if message.type in ("error", "warning") and not answered:
            self.faults.append(f"{message.type}: {message.text}")

    # -- signing in

    def sign_in_as_root(self) -> None:
        self.page.get_by_role("tab", name="Root user").click()
        self.page.get_by_label("Root user email address").fill(ROOT_EMAIL)
        self.page.get_by_label("Password", exact=True).fill(self.iamd.root_password)
        self.press("Sign in")
        self.heading("IAM Dashboard")

    def sign_in(self, name: str, password: str) -> None:
        """As an IAM user; what comes next depends on the user."""
        self.page.get_by_role("tab", name="IAM user").click()
        self.page.get_by_label("Account ID or account alias").fill(self.iamd.account)
        self.page.get_by_label("IAM user name").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")

    def sign_out(self) -> None:
        self.page.get_by_role("button", name=re.compile(self.iamd.account)).click()
        self.page.get_by_role("menuitem", name="Sign out").click()
        self.heading("Sign in to iamd")

    # -- finding

    def go(self, path: str, heading: str) -> None:
        """By the address bar."""
        self.page.goto(self.iamd.console.rstrip("/") + path)
        self.heading(heading)

    def visit(self, path: str, heading: str) -> None:
        """Without loading the console anew, as by a link."""
        self.page.evaluate(
            "(path) => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path
        )
        self.heading(heading)

    def follow(self, name: str, heading: str) -> None:
        """By the side navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()
        self.heading(heading)

    def heading(self, name: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()

    @property
    def here(self) -> Locator:
        """The dialog, where one is open: it is all that can be reached then."""
        dialog = self.page.get_by_role("dialog")
        return dialog if dialog.count() else self.page.locator("body")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.here.get_by_role("button", name=name, exact=True)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.button(name).first.click()

    def fill(self, label: str, text: str) -> None:
        self.here.get_by_label(label, exact=True).first.fill(text)

    def tick(self, name: str) -> None:
        self.page.get_by_role("checkbox", name=re.compile(f"^{re.escape(name)}")).check(force=True)

    def choose(self, name: str) -> None:
        """A radio button or a tile."""
        self.page.get_by_role("radio", name=re.compile(f"^{re.escape(name)}")).check(force=True)

    def search_and_tick(self, label: str, name: str) -> None:
        """Finds a line of a list and selects it."""
        self.here.get_by_label(label, exact=True).fill(name)
        self.here.get_by_role("checkbox", name=f"Select {name}", exact=True).check(force=True)

    def pick(self, name: str) -> None:
        """Selects the one line of a list."""
        self.page.get_by_role("radio", name=f"Select {name}", exact=True).check(force=True)

    def menu(self, button: str, item: str) -> None:
        self.button(button).first.click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def told(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def write_policy(self, label: str, text: str) -> None:
        """Into the JSON editor, as somebody pastes it."""
        editor = self.here.get_by_role("textbox", name=label, exact=True)
        editor.click()
        editor.press("Control+a")
        self.page.keyboard.insert_text(text)

    def confirm(self, word: str, button: str) -> None:
        """Types the name that a destructive act asks for."""
        expect(self.button(button)).to_be_disabled()
        self.page.get_by_role("dialog").get_by_role("textbox").fill(word)
        self.press(button)
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def secret(self, name: str) -> str:
        """Something that is shown on demand."""
        self.button(f"Show {name}").click()
        return self.page.locator(f'[data-secret="{name}"]').inner_text()

    def saved(self, button: str) -> str:
        """The text of the file that a button saves."""
        with self.page.expect_download() as waiting:
            self.press(button)
        path = waiting.value.path()
        return Path(path).read_text(encoding="utf-8")
