"""Signing in to the console: who gets in, who does not and learns nothing, and what ends a session."""

import json
import time
from typing import Any

import pytest

from tests.clients.console import Pages
from tests.clients.server import Iamd

PASSWORD = "Passw0rd!x"
FAILED = {
    "code": "AuthenticationFailed",
    "message": "Your authentication information is incorrect. Please try again.",
    "request_id": "",
}


def user(iamd: Iamd, name: str = "alice", *, allow: str | None = None, **profile: Any) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName=name)
    iam.create_login_profile(UserName=name, Password=PASSWORD, **profile)
    if allow:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allow, "Resource": "*"}]}
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))


def events(iamd: Iamd, name: str, count: int) -> list[dict[str, Any]]:
    """`count` records of this name about users, oldest first: failures are written in a batch, a moment later."""
    root = Pages(iamd)
    assert root.sign_in_root().status == 200
    deadline = time.monotonic() + 10
    while True:
        rows = root.get(f"events?action={name}&limit=100").json["events"]
        records = [root.get(f"events/{row['id']}").json["record"] for row in reversed(rows)]
        found = [each for each in records if each["userIdentity"]["type"] != "Root"]
        if len(found) >= count or time.monotonic() > deadline:
            return found


def test_root_signs_in_by_its_email_and_is_told_who_it_is(iamd: Iamd) -> None:
    pages = Pages(iamd)
    assert pages.get("session").json == {"signed_in": False}
    answer = pages.sign_in_root()
    told = pages.get("session").json
    assert (answer.status, answer.json) == (200, told)
    assert told["principal"] == {
        "type": "root",
        "arn": f"arn:aws:iam::{iamd.account}:root",
        "name": "root@localhost",
        "account": iamd.account,
        "alias": None,
    }
    assert (told["mfa"], told["must_change_password"], told["region"], told["endpoint"]) == (
        False,
        False,
        iamd.region,
        iamd.endpoint,
    )


def test_a_user_signs_in_by_account_id_or_alias(iamd: Iamd) -> None:
    user(iamd)
    iamd.client("iam").create_account_alias(AccountAlias="acme")
    for account in (iamd.account, "acme", " ACME "):
        pages = Pages(iamd)
        body = {"kind": "user", "account": account, "username": "alice", "password": PASSWORD}
        told = pages.post("signin", body).json
        assert told["principal"] == {
            "type": "user",
            "arn": f"arn:aws:iam::{iamd.account}:user/alice",
            "name": "alice",
            "account": iamd.account,
            "alias": "acme",
        }
    assert "PasswordLastUsed" in iamd.client("iam").get_user(UserName="alice")["User"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "root", "email": "root@localhost", "password": "wrong"},
        {"kind": "root", "email": "nobody@localhost", "password": "wrong"},
        {"kind": "user", "account": "{account}", "username": "alice", "password": "wrong"},
        {"kind": "user", "account": "{account}", "username": "Alice", "password": PASSWORD},
        {"kind": "user", "account": "{account}", "username": "nobody", "password": PASSWORD},
        {"kind": "user", "account": "{account}", "username": "admin", "password": PASSWORD},
        {"kind": "user", "account": "000000000000", "username": "alice", "password": PASSWORD},
        {"kind": "user", "account": "nowhere", "username": "alice", "password": PASSWORD},
        {"kind": "user", "account": "{account}", "username": "alice", "password": PASSWORD, "mfa_code": "1", "x": 1}
        | {"username": "al\0ice"},
    ],
)
def test_every_wrong_input_is_answered_alike_and_gives_no_cookie(iamd: Iamd, wrong: dict[str, Any]) -> None:
    user(iamd)
    answer = Pages(iamd).post("signin", {name: str(v).replace("{account}", iamd.account) for name, v in wrong.items()})
    assert (answer.status, answer.json, "set-cookie" in answer.headers) == (401, FAILED, False)


def test_ten_failures_lock_that_user_from_there_and_nobody_else(iamd: Iamd) -> None:
    user(iamd)
    user(iamd, "bob")
    pages = Pages(iamd)
    assert [pages.sign_in("alice", "wrong").json["code"] for _ in range(10)] == ["AuthenticationFailed"] * 10
    locked = pages.sign_in("alice", PASSWORD)
    assert (locked.status, locked.json["code"], "set-cookie" in locked.headers) == (401, "Throttled", False)
    assert pages.sign_in("bob", PASSWORD).status == 200
    assert pages.sign_in_root().status == 200


def test_a_success_forgets_the_failures_before_it(iamd: Iamd) -> None:
    user(iamd)
    pages = Pages(iamd)
    for _ in range(3):
        for _ in range(6):
            assert pages.sign_in("alice", "wrong").json["code"] == "AuthenticationFailed"
        assert pages.sign_in("alice", PASSWORD).status == 200


def test_sign_in_failure_and_sign_out_are_events_without_the_password(iamd: Iamd) -> None:
    user(iamd)
    pages = Pages(iamd)
    pages.sign_in("alice", "wrong-secret")
    pages.sign_in("typed-a-secret-here", "wrong")
    pages.sign_in("alice", PASSWORD)
    pages.post("signout")
    found = events(iamd, "ConsoleLogin", 3)
    results = [(each["userIdentity"]["userName"], each["responseElements"]["ConsoleLogin"]) for each in found]
    assert sorted(results) == [
        ("HIDDEN_DUE_TO_SECURITY_REASONS", "Failure"),
        ("alice", "Failure"),
        ("alice", "Success"),
    ]
    failed, succeeded = found[0], found[-1]
    assert (failed["errorMessage"], "errorCode" in failed) == ("Failed authentication", False)
    assert (succeeded["eventType"], succeeded["eventSource"]) == ("AwsConsoleSignIn", "signin.amazonaws.com")
    assert succeeded["additionalEventData"]["MFAUsed"] == "No"
    assert [each["userIdentity"]["userName"] for each in events(iamd, "ConsoleLogout", 1)] == ["alice"]
    text = json.dumps(found)
    assert not any(secret in text for secret in (PASSWORD, "wrong-secret", "typed-a-secret-here"))


def test_signing_out_ends_the_session_at_once_even_for_a_copied_cookie(iamd: Iamd) -> None:
    pages = Pages(iamd)
    pages.sign_in_root()
    copied = Pages(iamd, pages.cookie, pages.csrf)
    answer = pages.post("signout")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert copied.get("session").json == {"signed_in": False}
    assert (copied.post("iam/ListUsers").status, copied.post("iam/ListUsers").json["code"]) == (401, "NotSignedIn")


def test_own_sessions_are_listed_and_revoked_and_nobody_elses(iamd: Iamd) -> None:
    user(iamd)
    first, second, root = Pages(iamd), Pages(iamd), Pages(iamd)
    first.sign_in("alice", PASSWORD)
    second.sign_in("alice", PASSWORD)
    root.sign_in_root()
    listed = second.get("sessions").json["sessions"]
    assert [each["current"] for each in listed] == [True, False]
    assert root.post("sessions/revoke", {"id": listed[1]["id"]}).status == 404
    assert first.get("session").json["signed_in"]
    assert second.post("sessions/revoke", {"id": listed[1]["id"]}).status == 200
    assert first.get("session").json == {"signed_in": False}
    assert second.get("session").json["signed_in"]


def ending_by_password(iam: Any) -> None:
    iam.update_login_profile(UserName="alice", Password="Other-pass1")


def ending_by_deletion_of_the_password(iam: Any) -> None:
    iam.delete_login_profile(UserName="alice")


def ending_by_deletion_of_the_user(iam: Any) -> None:
    iam.delete_login_profile(UserName="alice")
    iam.delete_user_policy(UserName="alice", PolicyName="p")
    iam.delete_user(UserName="alice")
    iam.create_user(UserName="alice")
    iam.create_login_profile(UserName="alice", Password=PASSWORD)


@pytest.mark.parametrize(
    "ending", [ending_by_password, ending_by_deletion_of_the_password, ending_by_deletion_of_the_user]
)
def test_a_session_ends_with_the_password_that_began_it(iamd: Iamd, ending: Any) -> None:
    user(iamd, allow="iam:ListUsers")
    pages = Pages(iamd)
    pages.sign_in("alice", PASSWORD)
    assert pages.post("iam/ListUsers").status == 200
    ending(iamd.client("iam"))
    assert pages.post("iam/ListUsers").status == 401


def test_a_password_that_must_be_changed_is_changed_before_anything_else(iamd: Iamd) -> None:
    user(iamd, allow="iam:*", PasswordResetRequired=True)
    pages, other = Pages(iamd), Pages(iamd)
    assert pages.sign_in("alice", PASSWORD).json["must_change_password"]
    other.sign_in("alice", PASSWORD)
    for refused in (pages.post("iam/ListUsers"), pages.get("events"), pages.send("GET", "/console/s3/b/k")):
        assert (refused.status, refused.json["code"]) == (403, "PasswordChangeRequired")
    wrong = pages.post("password", {"old": "wrong", "new": "Other-pass1"})
    assert (wrong.status, wrong.json["message"]) == (403, "The old password was incorrect.")
    before = pages.cookie
    changed = pages.post("password", {"old": PASSWORD, "new": "Other-pass1"})
    assert (changed.status, changed.json["must_change_password"]) == (200, False)
    assert pages.cookie != before
    assert pages.post("iam/ListUsers").status == 200
    assert Pages(iamd, before).get("session").json == other.get("session").json == {"signed_in": False}


def test_changing_ones_password_needs_the_right_to_it(iamd: Iamd) -> None:
    user(iamd, PasswordResetRequired=True)
    pages = Pages(iamd)
    pages.sign_in("alice", PASSWORD)
    denied = pages.post("password", {"old": PASSWORD, "new": "Other-pass1"})
    assert (denied.status, denied.json["explanation"]["fix"]["statement"]["Action"]) == (403, "iam:ChangePassword")


def test_a_session_is_no_longer_than_the_login_profile_allows(iamd: Iamd) -> None:
    user(iamd, MaxSigninSessionDuration=3600)
    answer = Pages(iamd).sign_in("alice", PASSWORD)
    assert "; Max-Age=3600;" in answer.headers["set-cookie"]


def test_the_old_password_is_not_guessed_by_a_key_or_a_session(iamd: Iamd) -> None:
    user(iamd, allow="iam:*")
    key = iamd.client("iam").create_access_key(UserName="alice")["AccessKey"]
    iam, pages = iamd.client("iam", key), Pages(iamd)
    assert pages.sign_in("alice", PASSWORD).status == 200
    for number in range(5):
        with pytest.raises(iam.exceptions.ClientError, match="The old password was incorrect"):
            iam.change_password(OldPassword=f"wrong-{number}", NewPassword="Other-pass1")
        wrong = pages.post("password", {"old": f"Wrong-{number}", "new": "Other-pass1"})
        assert wrong.json["message"] == "The old password was incorrect."
    with pytest.raises(iam.exceptions.ClientError, match="Throttling"):
        iam.change_password(OldPassword=PASSWORD, NewPassword="Other-pass1")
    assert pages.post("password", {"old": PASSWORD, "new": "Other-pass1"}).json["code"] == "Throttling"
    assert Pages(iamd).sign_in("alice", PASSWORD).status == 200
