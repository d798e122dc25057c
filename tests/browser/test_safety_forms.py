"""Whatever people type into any form of the console is kept as text or refused with words that say why."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser import totp
from tests.browser.seeded import POLICY, seed
from tests.browser.test_safety import ATTACK, KEY
from tests.browser.visitor import ROOT_EMAIL, Visitor

pytestmark = pytest.mark.xdist_group("browser-a")
WEB: Final = Path(__file__).parents[2] / "web" / "src"
FIELDS: Final = re.compile(r"<(Input|Textarea|PolicyField|TagsEditor|TextFilter|Autosuggest|FileInput|TwoCodes)\b")
TEXT: Final = "input:not([type=checkbox], [type=radio], [type=file], [type=number]), textarea"
PASSWORD: Final = f"{ATTACK}A1"
DOCUMENT: Final = json.dumps({**json.loads(POLICY), "Id": ATTACK})
TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Id": ATTACK,
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": ATTACK}},
        },
    }
)


def place(visitor: Visitor) -> Locator:
    """The dialog, or the page without the search above it."""
    dialog = visitor.page.get_by_role("dialog")
    return dialog if dialog.count() else visitor.page.locator("main")


def type_everywhere(visitor: Visitor, text: str = ATTACK) -> int:
    """Into every text field that there is; gives how many."""
    fields = [field for field in place(visitor).locator(TEXT).all() if field.is_visible() and field.is_editable()]
    for field in fields:
        field.fill(text)
    return len(fields)


def harmless(visitor: Visitor) -> None:
    assert "pwned" not in visitor.page.title()
    assert visitor.page.locator("img[src=x]").count() == 0


@dataclass(frozen=True)
class Form:
    """`fields` are text fields; `then` submits the form, or `press` does, and the page tells `told`."""

    sources: tuple[str, ...]
    path: str
    heading: str
    fields: int
    told: str
    opens: Callable[[Visitor], Any] = lambda _: None
    press: str = ""
    then: Callable[[Visitor], Any] = lambda _: None
    text: str = ATTACK


def _do(*steps: tuple[str, ...]) -> Callable[[Visitor], None]:
    """What the visitor does in turn: its method and what that takes."""

    def all_of_them(visitor: Visitor) -> None:
        for method, *words in steps:
            getattr(visitor, method)(*words)

    return all_of_them


def _documents(label: str, text: str = DOCUMENT) -> Callable[[Visitor], None]:
    def write(visitor: Visitor) -> None:
        visitor.write_policy(label, ATTACK)
        visitor.told("Not valid JSON yet")
        visitor.write_policy(label, text)
        harmless(visitor)

    return write


def _in_turn(*steps: Callable[[Visitor], Any]) -> Callable[[Visitor], None]:
    def all_of_them(visitor: Visitor) -> None:
        for step in steps:
            step(visitor)

    return all_of_them


def _chosen_file(visitor: Visitor) -> None:
    visitor.press("Upload")
    file = FilePayload(name=KEY, mimeType="text/html", buffer=ATTACK.encode())
    visitor.page.locator("input[type=file]").set_input_files(file)


def _device(visitor: Visitor, name: str = "tablet") -> None:
    visitor.press("Assign MFA device")
    visitor.fill("Device name", name)
    visitor.press("Next")
    visitor.page.get_by_role("img", name="QR code for the authenticator app").wait_for()


def _assigned(visitor: Visitor) -> None:
    _device(visitor, "phone")
    secret = visitor.secret("Secret key")
    for label, code in zip(("MFA code 1", "MFA code 2"), totp.two_codes(secret), strict=True):
        visitor.fill(label, code)
    visitor.press("Add MFA")
    visitor.told("MFA device phone assigned.")
    visitor.pick("phone")
    visitor.press("Resync")


FORMS: Final = {
    "user name": Form(
        ("iam/create-user-steps.tsx",), "/iam/users/create", "Create user", 1, "Only A-Z, a-z, 0-9", press="Next"
    ),
    "tags of a new user": Form(
        ("common/tags.tsx",),
        "/iam/users/create",
        "Create user",
        2,
        "ValidationError",
        _do(("fill", "User name", "mallory"), ("press", "Next"), ("press", "Next"), ("press", "Add new tag")),
        press="Create user",
    ),
    "password of a new user": Form(
        ("iam/create-user-steps.tsx",),
        "/iam/users/create",
        "Create user",
        2,
        "User created successfully",
        _do(("tick", "Provide user access to the console"), ("choose", "Custom password")),
        then=_do(
            ("fill", "User name", "mallory"),
            ("press", "Next"),
            ("press", "Next"),
            ("press", "Create user"),
            ("secret", "Console password"),
        ),
        text=PASSWORD,
    ),
    "tags": Form(
        ("iam/user-tags.tsx", "common/tags.tsx"),
        "/iam/users/alice?tab=tags",
        "alice",
        4,
        "ValidationError",
        _do(("press", "Manage tags"), ("press", "Add new tag")),
        press="Save changes",
    ),
    "group": Form(
        ("iam/create-group.tsx",),
        "/iam/groups/create",
        "Create user group",
        3,
        "ValidationError",
        press="Create user group",
    ),
    "policy": Form(
        ("iam/create-policy.tsx",),
        "/iam/policies/create",
        "Create policy",
        2,
        "ValidationError",
        _in_turn(_documents("Policy editor"), _do(("press", "Next"))),
        press="Create policy",
    ),
    "description of a policy": Form(
        ("iam/create-policy.tsx",),
        "/iam/policies/create",
        "Create policy",
        2,
        "Policy p created.",
        _in_turn(_documents("Policy editor"), _do(("press", "Next"))),
        then=_do(("fill", "Policy name", "p"), ("press", "Create policy")),
    ),
    "version of a policy": Form(
        ("iam/policy-permissions.tsx",),
        "/iam/policies/detail?arn={policy}",
        "ReadS3",
        0,
        "A new version of ReadS3 is the default.",
        _in_turn(_do(("press", "Edit")), _documents("Policy editor")),
        press="Save changes",
    ),
    "inline policy": Form(
        ("iam/inline-policy.tsx",),
        "/iam/users/alice",
        "alice",
        1,
        "ValidationError",
        _in_turn(_do(("menu", "Add permissions", "Create inline policy")), _documents("Policy editor")),
        press="Save changes",
    ),
    "role": Form(
        ("iam/create-role.tsx",),
        "/iam/roles/create",
        "Create role",
        2,
        "ValidationError",
        _do(("press", "Next"), ("press", "Next")),
        press="Create role",
    ),
    "account and external ID of a role": Form(
        ("iam/trusted-entity.tsx",),
        "/iam/roles/create",
        "Create role",
        2,
        "An account ID has twelve digits.",
        _do(("choose", "AWS account"), ("choose", "Another AWS account"), ("tick", "Require external ID")),
        press="Next",
    ),
    "trust of a new role": Form(
        ("iam/trusted-entity.tsx",),
        "/iam/roles/create",
        "Create role",
        0,
        "Role r created.",
        _in_turn(_do(("choose", "Custom trust policy")), _documents("Custom trust policy", TRUST)),
        then=_do(("press", "Next"), ("press", "Next"), ("fill", "Role name", "r"), ("press", "Create role")),
    ),
    "trust": Form(
        ("iam/role.tsx",),
        "/iam/roles/WebServer",
        "WebServer",
        0,
        "The trust policy is updated.",
        _in_turn(
            _do(("tab", "Trust relationships"), ("press", "Edit trust policy")), _documents("Trust policy", TRUST)
        ),
        press="Update policy",
    ),
    "password": Form(
        ("iam/set-password.tsx",),
        "/iam/users/alice?tab=credentials",
        "alice",
        1,
        "Console access of alice is set.",
        _do(("press", "Manage console access"), ("choose", "Custom password")),
        press="Apply",
        text=PASSWORD,
    ),
    "password that is too simple": Form(
        ("iam/set-password.tsx",),
        "/iam/users/alice?tab=credentials",
        "alice",
        1,
        "upper case, lower case, digits, symbols",
        _do(("press", "Manage console access"), ("choose", "Custom password")),
        press="Apply",
    ),
    "MFA device": Form(
        ("iam/assign-mfa.tsx",),
        "/iam/users/alice?tab=credentials",
        "alice",
        1,
        "ValidationError",
        _do(("press", "Assign MFA device")),
        press="Next",
    ),
    "MFA codes": Form(
        ("iam/two-codes.tsx",),
        "/iam/users/alice?tab=credentials",
        "alice",
        2,
        "Six digits each.",
        _device,
    ),
    "MFA codes again": Form(
        ("iam/resync-mfa.tsx",),
        "/iam/users/alice?tab=credentials",
        "alice",
        2,
        "Six digits each.",
        _assigned,
    ),
    "own password": Form(
        ("iam/my-credentials.tsx",),
        "/iam/security-credentials",
        "My security credentials",
        3,
        "The old password was incorrect.",
        press="Update password",
    ),
    "account alias": Form(
        ("iam/account-alias.tsx", "iam/account-settings.tsx"),
        "/iam/account-settings",
        "Account settings",
        1,
        "ValidationError",
        press="Save alias",
    ),
    "name that a deletion asks for": Form(
        ("common/confirm-delete.tsx",),
        "/iam/users/alice",
        "alice",
        1,
        "To confirm, type alice",
        _do(("press", "Delete")),
        then=lambda v: expect(v.button("Delete")).to_be_disabled(),
    ),
    "search of a list": Form(("common/paged-table.tsx",), "/iam/users", "Users", 1, "Nothing matches"),
    "filters of events": Form(("events/event-history.tsx",), "/events", "Event history", 3, "Nothing fits"),
    "bucket": Form(
        ("s3/create-bucket.tsx",),
        "/s3/buckets/create",
        "Create bucket",
        1,
        "InvalidBucketName",
        press="Create bucket",
    ),
    "folder": Form(
        ("s3/create-folder.tsx",),
        "/s3/buckets/photos",
        "photos",
        1,
        "created.",
        _do(("press", "Create folder")),
        then=lambda v: v.page.get_by_role("dialog").get_by_role("button", name="Create folder", exact=True).click(),
    ),
    "file": Form(
        ("s3/upload.tsx",),
        "/s3/buckets/photos",
        "photos",
        0,
        "1 file uploaded.",
        _chosen_file,
        then=lambda v: v.page.get_by_role("dialog").get_by_role("button", name="Upload", exact=True).click(),
    ),
    "bucket policy": Form(
        ("s3/bucket-permissions.tsx",),
        "/s3/buckets/photos?tab=permissions",
        "photos",
        0,
        "MalformedPolicy",
        _in_turn(
            _do(("press", "Edit bucket policy")),
            _documents("Bucket policy", json.dumps({**json.loads(POLICY), "Id": ATTACK})),
        ),
        then=lambda v: v.page.get_by_role("button", name="Save changes").last.click(),
    ),
}
ELSEWHERE: Final = {"app/sign-in.tsx", "app/new-password.tsx", "app/finder.tsx", "app/top.tsx"}


def section_of(form: Form) -> str:
    return next(section for section in ("/iam/users", "/iam/", "/s3/", "/events") if form.path.startswith(section))


def fill_in(visitor: Visitor, form: Form, name: str) -> None:
    form.opens(visitor)
    assert type_everywhere(visitor, form.text) == form.fields, name
    harmless(visitor)
    if form.press:
        visitor.press(form.press)
    form.then(visitor)
    expect(visitor.page.get_by_text(form.told).filter(visible=True).first, name).to_be_visible()
    harmless(visitor)


@pytest.mark.parametrize("section", ["/iam/users", "/iam/", "/s3/", "/events"])
def test_what_is_typed_into_a_form_is_text_or_refused(root: Visitor, section: str) -> None:
    known = {key: quote(text) for key, text in seed(root.iamd).items()}
    for name, form in FORMS.items():
        if section_of(form) == section:
            root.go(form.path.format(**known), form.heading)
            fill_in(root, form, name)


def test_what_is_typed_before_anybody_is_in(visitor: Visitor) -> None:
    for tab, count in (("Root user", 2), ("IAM user", 3)):
        visitor.page.get_by_role("tab", name=tab).click()
        assert type_everywhere(visitor) == count
        visitor.press("Sign in")
        visitor.told("Your authentication information is incorrect.")
        harmless(visitor)
    iam = visitor.iamd.client("iam")
    iam.create_user(UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/IAMUserChangePassword")
    iam.create_login_profile(UserName="alice", Password="First-1-Password", PasswordResetRequired=True)
    visitor.sign_in("alice", "First-1-Password")
    visitor.heading("You must change your password to continue")
    assert type_everywhere(visitor) == 3
    visitor.press("Confirm password change")
    visitor.told("The old password was incorrect.")
    harmless(visitor)


def test_what_is_looked_for_above_every_page(root: Visitor) -> None:
    root.page.get_by_role("searchbox", name="Search services and pages").click()
    root.page.get_by_role("combobox", name="Search services and pages").fill(ATTACK)
    root.told("No page has that name")
    harmless(root)
    assert ROOT_EMAIL not in root.page.title()


def test_every_form_is_typed_into() -> None:
    sources = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*.tsx") if FIELDS.search(path.read_text())}
    covered = {source for form in FORMS.values() for source in form.sources}
    assert sources == covered | ELSEWHERE
