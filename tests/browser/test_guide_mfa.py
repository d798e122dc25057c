"""The guide's second section by hand and eye: an authenticator app that scans the QR code."""

import re

import pytest

from tests.browser import totp
from tests.browser.test_pages import looked_at
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-b")
PASSWORD = "Correct-1-Horse"


@pytest.fixture
def alice(visitor: Visitor) -> Visitor:
    """Signed in as a user who may do everything, with a password alone."""
    iam = visitor.iamd.client("iam")
    iam.create_user(UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.create_login_profile(UserName="alice", Password=PASSWORD)
    visitor.sign_in("alice", PASSWORD)
    visitor.heading("IAM Dashboard")
    return visitor


def show_two_codes(visitor: Visitor, secret: str) -> None:
    for label, code in zip(("MFA code 1", "MFA code 2"), totp.two_codes(secret), strict=True):
        visitor.fill(label, code)


def assign(visitor: Visitor) -> str:
    """Walks through *Assign MFA device*; gives the app's secret."""
    visitor.go("/iam/users/alice?tab=credentials", "alice")
    visitor.press("Assign MFA device")
    visitor.fill("Device name", "phone")
    visitor.press("Next")
    picture = visitor.page.get_by_role("img", name="QR code for the authenticator app")
    secret = totp.secret_of(picture.screenshot())
    assert visitor.secret("Secret key") == secret, "it may be typed too"
    show_two_codes(visitor, secret)
    visitor.press("Add MFA")
    visitor.told("MFA device phone assigned.")
    return secret


def test_g2_1_an_app_scans_the_code_and_proves_it_twice(alice: Visitor) -> None:
    assign(alice)
    devices = alice.iamd.client("iam").list_mfa_devices(UserName="alice")["MFADevices"]
    assert [each["SerialNumber"] for each in devices] == [f"arn:aws:iam::{alice.iamd.account}:mfa/phone"]


def test_g2_1_a_cancelled_device_leaves_nothing_behind(alice: Visitor) -> None:
    alice.go("/iam/users/alice?tab=credentials", "alice")
    alice.press("Assign MFA device")
    alice.press("Next")
    alice.page.get_by_role("img", name="QR code for the authenticator app").wait_for()
    alice.press("Cancel")
    alice.page.get_by_role("dialog").wait_for(state="detached")
    assert alice.iamd.client("iam").list_virtual_mfa_devices()["VirtualMFADevices"] == []


def test_g2_1_root_assigns_a_device_where_the_dashboard_leads(root: Visitor) -> None:
    root.page.get_by_role("link", name="Go there: Add MFA for root user").click()
    root.heading("My security credentials")
    root.press("Assign MFA device")
    root.press("Next")
    picture_of_code = root.page.get_by_role("img", name="QR code for the authenticator app")
    secret = totp.secret_of(picture_of_code.screenshot())
    show_two_codes(root, secret)
    root.press("Add MFA")
    root.told("MFA device root-account assigned.")
    root.follow("Dashboard", "IAM Dashboard")
    root.told("Root user has MFA")
    assert root.iamd.client("iam").get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 1


def test_its_dialogs_are_accessible(alice: Visitor) -> None:
    alice.go("/iam/users/alice?tab=credentials", "alice")
    alice.press("Assign MFA device")
    alice.page.get_by_role("dialog").wait_for()
    found = looked_at(alice, "dialog-mfa-name")
    alice.press("Next")
    alice.page.get_by_role("img", name="QR code for the authenticator app").wait_for()
    assert [*found, *looked_at(alice, "dialog-mfa-codes")] == []


def test_g2_4_the_code_is_asked_for_and_a_password_alone_lets_nobody_in(alice: Visitor) -> None:
    secret = assign(alice)
    alice.sign_out()
    alice.sign_in("alice", PASSWORD)
    alice.heading("Additional verification required")
    alice.fill("MFA code", "000000" if totp.code(secret, 1) != "000000" else "000001")
    alice.press("Submit")
    alice.told("Sign-in failed")
    alice.fill("MFA code", totp.code(secret, 1))
    alice.press("Submit")
    alice.heading("IAM Dashboard")

    alice.go("/iam/users/alice?tab=credentials", "alice")
    alice.pick("phone")
    alice.press("Remove")
    alice.confirm("phone", "Remove")
    alice.told("MFA device phone removed.")
    assert alice.iamd.client("iam").list_virtual_mfa_devices()["VirtualMFADevices"] == []
    alice.sign_out()
    alice.sign_in("alice", PASSWORD)
    alice.page.get_by_role("heading", level=1, name=re.compile("Dashboard")).wait_for()
