"""Lists of any length, the keyboard all the way, sessions, the event history's filters."""

import gzip
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Locator, Page, Response, Route, expect

from tests.browser.test_pages import settled
from tests.browser.visitor import ROOT_EMAIL, Visitor

pytestmark = pytest.mark.xdist_group("browser-c")
FIRST_LOAD: Final = 300 * 1024
"""Bytes of JavaScript, compressed."""


def test_a_long_list_is_paged_by_the_server_and_searched_on_it(root: Visitor) -> None:
    iam = root.iamd.client("iam")
    for number in range(60):
        iam.create_user(UserName=f"user-{number:03}")
    asked: list[str] = []
    root.page.on(
        "request", lambda request: asked.append(request.post_data or "") if "ListUsers" in request.url else None
    )
    root.follow("Users", "Users")
    expect(root.page.get_by_role("link", name="user-000", exact=True)).to_be_visible()
    expect(root.page.get_by_role("link", name="user-050", exact=True)).to_have_count(0)
    assert all('"MaxItems":25' in each for each in asked)
    root.press("Next page")
    root.press("Next page")
    expect(root.page.get_by_role("link", name="user-050", exact=True)).to_be_visible()
    root.press("Previous page")
    expect(root.page.get_by_role("link", name="user-030", exact=True)).to_be_visible()
    root.page.get_by_label("Search users", exact=True).fill("USER-059")
    expect(root.page.get_by_role("link", name="user-059", exact=True)).to_be_visible()
    expect(root.page.get_by_role("link", name="user-030", exact=True)).to_have_count(0)


def test_what_was_chosen_before_a_search_stays_chosen(root: Visitor) -> None:
    root.go("/iam/groups/create", "Create user group")
    for name in ("AmazonS3ReadOnlyAccess", "AmazonEC2FullAccess"):
        root.search_and_tick("Search policies", name)
    root.page.get_by_label("Search policies", exact=True).fill("AmazonS3ReadOnlyAccess")
    expect(root.page.get_by_role("checkbox", name="Select AmazonS3ReadOnlyAccess")).to_be_checked()


def test_a_user_is_made_by_keyboard_alone(visitor: Visitor) -> None:
    keyboard = visitor.page.keyboard

    def tab_to(name: str) -> None:
        for _ in range(60):
            keyboard.press("Tab")
            focused = visitor.page.locator(":focus")
            if focused.count() and name in (focused.get_attribute("aria-label") or focused.inner_text()):
                return
        pytest.fail(f"{name} cannot be reached by the Tab key")

    visitor.heading("Sign in to iamd")
    visitor.page.get_by_label("Root user email address").focus()
    keyboard.type(ROOT_EMAIL)
    keyboard.press("Tab")
    keyboard.type(visitor.iamd.root_password)
    keyboard.press("Enter")
    visitor.heading("IAM Dashboard")
    tab_to("Users")
    keyboard.press("Enter")
    visitor.heading("Users")
    tab_to("Create user")
    keyboard.press("Enter")
    visitor.heading("Create user")
    expect(visitor.page.get_by_label("User name", exact=True)).to_be_focused()
    keyboard.type("alice")
    for button in ("Next", "Next", "Create user"):
        tab_to(button)
        keyboard.press("Enter")
    visitor.heading("User created successfully")
    assert visitor.iamd.client("iam").get_user(UserName="alice")["User"]["UserName"] == "alice"


def test_the_keyboard_goes_past_the_navigation_and_through_the_editor(root: Visitor) -> None:
    page = root.page
    root.go("/iam/policies/create", "Create policy")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Policy editor")
    _tab_until(page, editor)
    page.keyboard.press("Control+a")
    page.keyboard.type('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}')
    root.told("No errors")
    _tab_until(page, page.get_by_role("button", name="Next", exact=True))
    page.keyboard.press("Enter")
    _tab_until(page, page.get_by_label("Policy name", exact=True))
    page.keyboard.type("ByHand")
    _tab_until(page, page.get_by_role("button", name="Create policy", exact=True))
    page.keyboard.press("Enter")
    root.told("Policy ByHand created.")
    expect(page.locator("#content")).to_be_focused()
    _tab_until(page, page.get_by_role("radio", name="Select ByHand", exact=True))
    page.keyboard.press("Space")
    _tab_until(page, page.get_by_role("button", name="Delete", exact=True), back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("ByHand")
    page.keyboard.press("Enter")
    root.told("Policy ByHand deleted.")
    assert root.iamd.client("iam").list_policies(Scope="Local")["Policies"] == []


def _tab_until(page: Page, wanted: Locator, *, back: bool = False) -> None:
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.count() and wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} cannot be reached by the Tab key")


def test_other_sessions_are_listed_and_ended(root: Visitor) -> None:
    other = Visitor.enter(root.iamd, root.context.browser.new_context(locale="en"))  # type: ignore[union-attr]
    other.sign_in_as_root()
    root.go("/sessions", "Sessions")
    expect(root.page.get_by_text("This session")).to_have_count(1)
    root.press("End session")
    root.told("The session is ended.")
    other.page.get_by_role("navigation").get_by_role("link", name="Users", exact=True).first.click()
    other.heading("Sign in to iamd")
    other.context.close()
    assert other.faults == []


def test_events_are_filtered_and_a_denial_is_found_by_its_request(root: Visitor) -> None:
    key = root.iamd.user("bob")
    with pytest.raises(ClientError) as refused:
        root.iamd.client("iam", key).create_user(UserName="mallory")
    root.go("/events", "Event history")
    root.fill("User name or ARN", "bob")
    root.page.get_by_label("Result", exact=True).click()
    root.page.get_by_role("option", name="Denied").click()
    expect(root.page.get_by_role("button", name="CreateUser", exact=True)).to_have_count(1)
    expect(root.page.get_by_role("button", name="CreateAccessKey", exact=True)).to_have_count(0)

    request = refused.value.response["ResponseMetadata"]["RequestId"]
    root.page.goto(f"{root.iamd.console.rstrip('/')}/events?request={request}")
    root.told("iam:CreateUser")
    root.told("Identity-based policies")


def test_older_events_are_looked_through_until_one_fits(root: Visitor) -> None:
    # As after many thousand events, of which one answer looks at some thousand.
    row: dict[str, Any] = {
        "id": "1-a",
        "time": "2026-01-01T00:00:00.000Z",
        "name": "FoundAtLast",
        "outcome": "ok",
        "error_code": "",
    }
    row |= {"user": "bob", "service": "iam", "resources": [], "actions": [], "principal": "", "request_id": ""}
    answers = {
        None: {"events": [], "next": "9-a"},
        "9-a": {"events": [], "next": "5-a"},
        "5-a": {"events": [row], "next": None},
    }

    def answer(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        route.fulfill(json={"events": []} if "after" in asked else answers[asked.get("next", [None])[0]])

    root.page.route("**/console/api/events?*", answer)
    root.go("/events", "Event history")
    root.told("load older events to look further back")
    root.press("Load older events")
    expect(root.page.get_by_role("button", name="FoundAtLast", exact=True)).to_be_visible()
    expect(root.button("Load older events")).to_have_count(0)


def test_dark_and_light_are_remembered(root: Visitor) -> None:
    root.press("Dark mode")
    root.page.reload()
    expect(root.button("Light mode")).to_be_visible()
    assert root.page.evaluate("() => document.body.classList.contains('awsui-dark-mode')")


def test_what_was_told_goes_with_the_page_and_with_whoever_was_told(root: Visitor) -> None:
    def create(name: str) -> None:
        root.follow("Buckets", "Buckets")
        root.press("Create bucket")
        root.fill("Bucket name", name)
        root.press("Create bucket")
        root.told(f"Bucket {name} created.")

    create("first")
    root.follow("Users", "Users")
    expect(root.page.get_by_text("Bucket first created.")).to_have_count(0)
    create("second")
    root.sign_out()
    root.sign_in_as_root()
    expect(root.page.get_by_text("Bucket second created.")).to_have_count(0)


NAMES: Final = {
    "Add user": "Users",
    "Programmatic access": "Users",
    "Create new group": "User groups",
    "Create policy": "Policies",
    "Create role": "Roles",
    "Manage MFA device": "Security credentials",
    "Activate MFA": "Security credentials",
    "Create access key": "Security credentials",
    "Trusted Advisor": "Trusted Advisor",
    "Access Analyzer": "Access Analyzer",
    "SSO": "IAM Identity Center",
    "CloudShell": "CloudShell",
    "CloudTrail": "Event history",
    "Config": "AWS Config",
}
"""What the guide says, and the page that it means."""


def test_the_search_knows_what_the_guide_calls_a_page(root: Visitor) -> None:
    root.page.get_by_role("searchbox", name="Search services and pages").click()
    search = root.page.get_by_role("combobox", name="Search services and pages")
    for words, page in NAMES.items():
        search.fill(words)
        expect(root.page.get_by_role("option", name=re.compile(f"^{page}")), words).to_have_count(1)


def test_what_is_loaded_until_the_dashboard_is_small_and_each_page_brings_its_own(visitor: Visitor) -> None:
    scripts: dict[str, Response] = {}

    def hear(response: Response) -> None:
        if response.url.endswith(".js"):
            scripts[response.url] = response

    visitor.page.on("response", hear)
    visitor.page.reload()
    visitor.sign_in_as_root()
    settled(visitor)
    first = dict(scripts)
    assert 0 < sum(len(gzip.compress(each.body(), 9)) for each in first.values()) <= FIRST_LOAD
    assert not [url for url in first if "codemirror" in url]
    visitor.follow("Policies", "Policies")
    visitor.press("Create policy")
    visitor.page.get_by_role("textbox", name="Policy editor").wait_for()
    assert [url for url in scripts if "codemirror" in url]
