"""Every page, light and dark, wide and on a phone: no violation of axe-core's rules, and a picture to look at."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.seeded import POLICY, seed
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-c")
PICTURES: Final = Path(__file__).parents[2] / "build" / "screenshots"
PAGES: Final = {
    "/iam": "IAM Dashboard",
    "/iam/users": "Users",
    "/iam/users/create": "Create user",
    "/iam/users/alice": "alice",
    "/iam/users/alice?tab=groups": "alice",
    "/iam/users/alice?tab=tags": "alice",
    "/iam/users/alice?tab=credentials": "alice",
    "/iam/groups": "User groups",
    "/iam/groups/create": "Create user group",
    "/iam/groups/Developers": "Developers",
    "/iam/policies": "Policies",
    "/iam/policies/create": "Create policy",
    "/iam/policies/detail?arn={policy}": "ReadS3",
    "/iam/roles": "Roles",
    "/iam/roles/create": "Create role",
    "/iam/roles/WebServer": "WebServer",
    "/iam/account-settings": "Account settings",
    "/iam/security-credentials": "My security credentials",
    "/iam/unused-keys": "Unused access keys",
    "/sessions": "Sessions",
    "/s3/buckets": "Buckets",
    "/s3/buckets/create": "Create bucket",
    "/s3/buckets/photos": "photos",
    "/s3/buckets/photos?tab=permissions": "photos",
    "/events": "Event history",
    "/later/access-analyzer": "Access Analyzer",
    "/later/cloudshell": "CloudShell",
    "/no/such/page": "There is no such page",
}


def settled(visitor: Visitor) -> None:
    """Nothing is loading any more."""
    expect(visitor.page.get_by_text(re.compile("^Loading"))).to_have_count(0)
    expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)


def pages(visitor: Visitor) -> Iterator[str]:
    """Visits each page; gives its name when it is there."""
    known = {name: quote(text) for name, text in seed(visitor.iamd).items()}
    visitor.page.reload()  # the dashboard was read before there was anything
    for path, heading in PAGES.items():
        visitor.visit(path.format(**known), heading)
        settled(visitor)
        yield path.split("{", maxsplit=1)[0].strip("/").replace("/", "-").replace("?", "-").replace("=", "-")


def picture(visitor: Visitor, name: str, *, whole: bool = False) -> None:
    """Of the `whole` page, or of what the window shows."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


def too_wide(visitor: Visitor) -> bool:
    wide: bool = visitor.page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
    return wide


def looked_at(visitor: Visitor, name: str) -> list[str]:
    """A picture in each mode, and what axe-core finds; from one mode to the other nothing changes but colours."""
    picture(visitor, f"light-{name}")
    found = [f"light {name}: {each}" for each in violations(visitor.page)]
    visitor.page.evaluate("() => document.body.classList.add('awsui-dark-mode')")
    picture(visitor, f"dark-{name}")
    found += [f"dark {name}: {each}" for each in violations(visitor.page, colours=True)]
    visitor.page.evaluate("() => document.body.classList.remove('awsui-dark-mode')")
    return found


def test_every_page_is_accessible(root: Visitor) -> None:
    assert [each for name in pages(root) for each in looked_at(root, name)] == []


def test_every_dialog_is_accessible(root: Visitor) -> None:
    seed(root.iamd)
    found: list[str] = []

    def look(name: str) -> None:
        root.page.get_by_role("dialog").wait_for()
        settled(root)
        found.extend(looked_at(root, f"dialog-{name}"))

    root.go("/iam/users/alice?tab=credentials", "alice")
    root.press("Create access key")
    look("new-key")
    root.press("Done")
    root.press("Manage console access")
    look("password")
    root.press("Cancel")
    root.press("Delete")
    look("delete-user")
    root.press("Cancel")
    root.go("/iam/users/alice", "alice")
    root.menu("Add permissions", "Attach policies")
    look("attach")
    root.press("Cancel")
    root.menu("Add permissions", "Create inline policy")
    look("inline-policy")
    root.press("Cancel")
    root.go("/s3/buckets/photos", "photos")
    root.press("Upload")
    look("upload")
    root.press("Cancel")
    root.go("/events", "Event history")
    root.page.get_by_role("button", name="CreateUser").first.click()
    look("event")
    assert found == []


def test_every_step_of_a_wizard_is_accessible(root: Visitor) -> None:
    found: list[str] = []

    def look(name: str) -> None:
        settled(root)
        found.extend(looked_at(root, f"step-{name}"))

    root.go("/iam/users/create", "Create user")
    root.fill("User name", "carol")
    root.tick("Provide user access to the console")
    root.tick("Access key")
    look("user-details")
    root.press("Next")
    look("user-groups")
    root.choose("Copy permissions")
    look("user-copy")
    root.choose("Attach policies directly")
    root.page.get_by_label("Search policies", exact=True).fill("S3")
    root.told("matches")
    look("user-policies")
    root.press("Next")
    root.press("Add new tag")
    root.press("Show as CLI / boto3")
    look("user-review")
    root.press("Remove")
    root.press("Create user")
    root.heading("Retrieve password")
    look("user-created")
    password = root.secret("Console password")
    root.go("/iam/policies/create", "Create policy")
    root.told("1 error")
    root.press("Next")
    root.told("Mend what is named below the editor")
    look("policy-errors")
    root.write_policy("Policy editor", POLICY)
    root.told("No errors")
    root.press("Next")
    look("policy-review")
    root.go("/iam/roles/create", "Create role")
    root.choose("AWS account")
    root.choose("Another AWS account")
    root.press("Next")
    root.told("An account ID has twelve digits.")
    look("role-account")
    root.choose("AWS service")
    root.press("Next")
    look("role-policies")
    root.press("Next")
    look("role-review")
    root.sign_out()
    root.sign_in("carol", password)
    root.heading("You must change your password to continue")
    look("new-password")
    assert found == []


def test_the_sign_in_page_is_accessible(visitor: Visitor) -> None:
    visitor.heading("Sign in to iamd")
    found = looked_at(visitor, "sign-in")
    visitor.page.get_by_role("tab", name="IAM user").click()
    assert [*found, *looked_at(visitor, "sign-in-user")] == []


@pytest.fixture
def phone(visitor: Visitor, chromium: Browser) -> Iterator[Visitor]:
    context = chromium.new_context(locale="en", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    someone = Visitor.enter(visitor.iamd, context)
    someone.sign_in_as_root()
    yield someone
    context.close()
    assert someone.faults == []


def test_no_page_is_wider_than_a_phone(phone: Visitor) -> None:
    wider = []
    for name in pages(phone):
        picture(phone, f"phone-{name}", whole=True)
        if too_wide(phone):
            wider.append(name)
    assert wider == []
