"""The guide's third section by hand and eye: access keys."""

import csv
import datetime as dt
import io
import re

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser-b")


def identity(visitor: Visitor, key: dict[str, str]) -> str:
    arn: str = visitor.iamd.client("sts", key).get_caller_identity()["Arn"]
    return arn.rpartition("/")[2]


def as_key(saved: str) -> dict[str, str]:
    row = next(csv.DictReader(io.StringIO(saved)))
    return {"AccessKeyId": row["Access key ID"], "SecretAccessKey": row["Secret access key"].removeprefix("'")}


def test_g3_1_a_key_is_created_rotated_deactivated_and_deleted(root: Visitor) -> None:
    iam = root.iamd.client("iam")
    iam.create_user(UserName="alice")
    root.go("/iam/users/alice?tab=credentials", "alice")
    root.press("Create access key")
    old = as_key(root.saved("Download .csv file"))
    root.press("Done")
    assert identity(root, old) == "alice"

    root.menu(f"Actions: {old['AccessKeyId']}", "Rotate")
    root.press("Create access key")
    new = as_key(root.saved("Download .csv file"))
    assert (identity(root, old), identity(root, new)) == ("alice", "alice"), "both, while programs switch"
    root.press(f"Deactivate {old['AccessKeyId']}")
    root.told(f"Access key {old['AccessKeyId']} is deactivated.")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        identity(root, old)

    root.menu(f"Actions: {old['AccessKeyId']}", "Delete")
    root.confirm(old["AccessKeyId"], "Delete")
    root.told(f"Access key {old['AccessKeyId']} is deleted.")
    left = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    assert [each["AccessKeyId"] for each in left] == [new["AccessKeyId"]]
    assert identity(root, new) == "alice"


def test_g3_2_unused_keys_are_found_and_disabled_in_one_click(root: Visitor) -> None:
    keys = [root.iamd.user(name) for name in ("alice", "bob")]
    own = root.iamd.key.access_key
    # A hundred days from now, for whoever looks.
    root.page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=100))
    root.go("/iam/unused-keys", "Unused access keys")
    for key in keys:
        root.page.get_by_role("checkbox", name=f"Select {key.access_key}").check(force=True)
    expect(root.page.get_by_role("checkbox", name=f"Select {own}")).to_be_visible()
    root.press("Deactivate 2 keys")
    root.told("2 access keys are deactivated.")
    iam = root.iamd.client("iam")
    for name in ("alice", "bob"):
        assert [each["Status"] for each in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]] == ["Inactive"]


def test_g3_3_a_secret_is_shown_once_and_is_on_no_page_afterwards(root: Visitor) -> None:
    root.iamd.client("iam").create_user(UserName="alice")
    root.go("/iam/users/alice?tab=credentials", "alice")
    root.press("Create access key")
    secret = root.secret("Secret access key")
    assert re.fullmatch(r"[A-Za-z0-9/+]{40}", secret)
    root.press("Done")
    expect(root.page.get_by_text("Active", exact=True).first).to_be_visible()
    assert secret not in root.page.content()
    root.go("/events", "Event history")
    root.page.get_by_role("button", name="CreateAccessKey").first.click()
    root.told("requestParameters")
    assert secret not in root.page.content()
