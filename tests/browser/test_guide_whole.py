"""The guide's first three sections in one go, from an empty account, by hand and eye alone."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.browser import totp
from tests.browser.test_guide_users import GUIDES_POLICY, READ_S3
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-a")
PASSWORD = "Second-2-Password"


def saved_row(visitor: Visitor) -> dict[str, str]:
    row: dict[str, Any] = next(csv.DictReader(io.StringIO(visitor.saved("Download .csv file"))))
    return {name: value.removeprefix("'") for name, value in row.items()}


def create_group_and_policy(root: Visitor) -> None:
    root.follow("User groups", "User groups")
    root.told("No user groups")
    root.press("Create group")
    root.fill("User group name", "Developers")
    for name in (READ_S3, "AmazonEC2FullAccess"):
        root.search_and_tick("Search policies", name)
    root.press("Create user group")
    root.heading("Developers")
    root.follow("Policies", "Policies")
    root.press("Create policy")
    root.write_policy("Policy editor", GUIDES_POLICY)
    root.told("No errors")
    root.press("Next")
    root.fill("Policy name", "AllOfS3")
    root.press("Create policy")
    root.told("Policy AllOfS3 created.")


def create_user(root: Visitor) -> dict[str, str]:
    """In the group; the policy is attached from the policy's page. Gives the saved credentials."""
    root.follow("Users", "Users")
    root.press("Create user")
    root.fill("User name", "alice")
    root.tick("Provide user access to the console")
    root.tick("Access key")
    root.press("Next")
    root.search_and_tick("Search user groups", "Developers")
    root.press("Next")
    root.press("Create user")
    root.heading("Retrieve password")
    row = saved_row(root)
    root.follow("Policies", "Policies")
    root.page.get_by_role("link", name="AllOfS3", exact=True).click()
    root.heading("AllOfS3")
    root.tab("Entities attached")
    root.press("Attach")
    root.search_and_tick("Search", "alice")
    root.press("Attach")
    root.page.get_by_role("link", name="alice", exact=True).wait_for()
    return row


def sign_in_first(visitor: Visitor, password: str) -> None:
    visitor.sign_in("alice", password)
    visitor.heading("You must change your password to continue")
    visitor.fill("Old password", password)
    visitor.fill("New password", PASSWORD)
    visitor.fill("Retype new password", PASSWORD)
    visitor.press("Confirm password change")
    visitor.heading("IAM Dashboard")
    visitor.follow("Buckets", "Buckets")
    visitor.press("Create bucket")
    visitor.fill("Bucket name", "of-alice")
    visitor.press("Create bucket")
    visitor.told("Bucket of-alice created.")


def assign_device(root: Visitor) -> str:
    root.follow("Users", "Users")
    root.page.get_by_role("link", name="alice", exact=True).click()
    root.heading("alice")
    root.tab("Security credentials")
    root.press("Assign MFA device")
    root.press("Next")
    secret = totp.secret_of(root.page.get_by_role("img", name="QR code for the authenticator app").screenshot())
    for label, code in zip(("MFA code 1", "MFA code 2"), totp.two_codes(secret), strict=True):
        root.fill(label, code)
    root.press("Add MFA")
    root.told("MFA device alice assigned.")
    return secret


def rotate_key(root: Visitor, old: str) -> dict[str, str]:
    root.menu(f"Actions: {old}", "Rotate")
    root.press("Create access key")
    row = saved_row(root)
    root.press(f"Deactivate {old}")
    root.told(f"Access key {old} is deactivated.")
    root.menu(f"Actions: {old}", "Delete")
    root.confirm(old, "Delete")
    root.told(f"Access key {old} is deleted.")
    return {"AccessKeyId": row["Access key ID"], "SecretAccessKey": row["Secret access key"]}


def test_the_guide_is_walked_from_an_empty_account_without_a_call_beside_it(root: Visitor) -> None:
    create_group_and_policy(root)
    row = create_user(root)
    first = {"AccessKeyId": row["Access key"], "SecretAccessKey": row["Secret access key"]}
    root.sign_out()
    sign_in_first(root, row["Console password"])
    root.sign_out()
    root.sign_in_as_root()
    secret = assign_device(root)
    second = rotate_key(root, first["AccessKeyId"])
    root.sign_out()
    root.sign_in("alice", PASSWORD)
    root.heading("Additional verification required")
    root.fill("MFA code", totp.code(secret, 1))
    root.press("Submit")
    root.heading("IAM Dashboard")
    root.sign_out()

    s3 = root.iamd.client("s3", second)
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["of-alice"]
    s3.put_object(Bucket="of-alice", Key="a.txt", Body=b"a")
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        root.iamd.client("s3", first).list_buckets()

    root.sign_in_as_root()
    # A hundred days from now, for whoever looks.
    root.page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=100))
    root.follow("Unused access keys", "Unused access keys")
    root.page.get_by_role("checkbox", name=f"Select {second['AccessKeyId']}").check(force=True)
    root.press("Deactivate 1 key")
    root.told("1 access key is deactivated.")
    expect(root.page.get_by_text(re.compile(second["AccessKeyId"]))).to_have_count(0)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        s3.list_buckets()
