"""A user without rights reads why, and finds no broken page; a denial leads to what would help."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seeded import seed
from tests.browser.test_pages import PAGES
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-b")
PASSWORD = "Correct-1-Horse"


def sign_in_as_bob(visitor: Visitor, *statements: dict[str, Any]) -> None:
    iam = visitor.iamd.client("iam")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password=PASSWORD)
    if statements:
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_user_policy(UserName="bob", PolicyName="some", PolicyDocument=document)
    visitor.sign_in("bob", PASSWORD)
    visitor.heading("IAM Dashboard")


def test_every_page_says_what_is_denied(visitor: Visitor) -> None:
    seed(visitor.iamd)
    sign_in_as_bob(visitor)
    visitor.told("Access denied")
    for path, heading in PAGES.items():
        if "{" in path or "create" in path or path.startswith(("/later", "/no", "/sessions")):
            continue
        visitor.visit(path, heading)
        expect(visitor.page.get_by_text("Access denied").first, path).to_be_visible()


def test_a_control_names_the_permission_that_is_missing(visitor: Visitor) -> None:
    sign_in_as_bob(visitor, {"Effect": "Allow", "Action": "iam:List*", "Resource": "*"})
    visitor.follow("Users", "Users")
    create = visitor.page.get_by_role("button", name="Create user").first
    expect(create).to_have_accessible_description("You need the permission iam:CreateUser")
    create.hover()
    visitor.told("You need the permission iam:CreateUser")


def test_an_entry_of_a_menu_names_the_permission_that_is_missing(visitor: Visitor) -> None:
    sign_in_as_bob(visitor, {"Effect": "Allow", "Action": ["iam:List*", "iam:Get*"], "Resource": "*"})
    visitor.go("/iam/users/bob", "bob")
    visitor.press("Add permissions")
    entry = visitor.page.get_by_role("menuitem", name="Attach policies")
    expect(entry).to_be_disabled()
    entry.hover()
    visitor.told("You need the permission iam:AttachUserPolicy")


def test_a_denial_says_why_and_what_would_help(visitor: Visitor) -> None:
    # Not for this name: that shows only when it is tried.
    other = f"arn:aws:iam::{visitor.iamd.account}:user/other"
    sign_in_as_bob(
        visitor,
        {"Effect": "Allow", "Action": "iam:List*", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:CreateUser", "Resource": other},
    )
    visitor.follow("Users", "Users")
    visitor.press("Create user")
    visitor.fill("User name", "mallory")
    visitor.press("Next")
    visitor.press("Next")
    visitor.press("Create user")
    visitor.told("Access denied")
    visitor.press("Why denied?")
    visitor.told(f"user/mallory, written {other}")
    fix = json.loads(visitor.page.get_by_label("The smallest statement that allows it").inner_text())
    assert fix["Action"] == "iam:CreateUser"

    iam = visitor.iamd.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": fix})
    iam.put_user_policy(UserName="bob", PolicyName="fix", PolicyDocument=document)
    visitor.press("Try the rest again" if visitor.button("Try the rest again").count() else "Create user")
    visitor.heading("User created successfully")
    assert iam.get_user(UserName="mallory")["User"]["UserName"] == "mallory"


def test_the_event_history_explains_a_denial_of_the_api(root: Visitor) -> None:
    key = root.iamd.user("bob")
    root.go("/events", "Event history")
    with pytest.raises(Exception, match="AccessDenied"):
        root.iamd.client("s3", key).create_bucket(Bucket="of-bob")
    # It arrives by itself.
    root.page.get_by_role("button", name="CreateBucket").click()
    root.told("AccessDenied")
    root.told("Identity-based policies")
    root.told("No statement names this action.")


def test_a_session_that_is_revoked_is_over(visitor: Visitor) -> None:
    sign_in_as_bob(visitor, {"Effect": "Allow", "Action": "*", "Resource": "*"})
    visitor.follow("Users", "Users")
    visitor.iamd.client("iam").delete_login_profile(UserName="bob")
    visitor.page.get_by_role("button", name="Refresh: Users").click()
    visitor.heading("Sign in to iamd")
    expect(visitor.page.get_by_text("You are signed out.")).to_be_visible()
