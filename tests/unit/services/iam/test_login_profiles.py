"""Console passwords."""

from dataclasses import replace
from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.services.iam.service import service
from iamd.stores.ports.credentials import LoginProfile
from tests.unit.services.lab import HERE, Lab, allow

FIRST, SECOND, THIRD = "First-pass1", "Second-pass2", "Third-pass3"
REFUSED = ("PasswordPolicyViolation", "Password does not conform to the account password policy.", 400)


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.add_user("alice", allow("iam:ChangePassword", "arn:aws:iam::*:user/${aws:username}"))
    return lab


def create(lab: Lab, name: str = "alice", password: str = FIRST, **more: Any) -> Any:
    return lab.call(lab.root(), "CreateLoginProfile", UserName=name, Password=password, **more)["LoginProfile"]


def profile(lab: Lab) -> LoginProfile:
    (kept,) = lab.state.login_profiles.page("key", HERE)
    return kept


def fits(lab: Lab, password: str) -> bool:
    return lab.tools.passwords.verify(profile(lab).password_hash, password)


def not_there(name: str) -> tuple[str, str, int]:
    return "NoSuchEntity", f"Login Profile for User {name} cannot be found.", 404


def test_a_profile_is_created_shown_and_deleted(lab: Lab) -> None:
    shape = {"UserName": "alice", "CreateDate": lab.now, "PasswordResetRequired": True}
    assert create(lab, PasswordResetRequired=True) == shape
    assert lab.call(lab.root(), "GetLoginProfile", UserName="alice")["LoginProfile"] == shape
    assert fits(lab, FIRST)
    assert FIRST not in repr(profile(lab))
    taken = ("EntityAlreadyExists", "Login Profile for user alice already exists.", 409)
    assert lab.fault(lab.root(), "CreateLoginProfile", UserName="alice", Password=SECOND) == taken
    lab.call(lab.root(), "DeleteLoginProfile", UserName="alice")
    assert lab.fault(lab.root(), "GetLoginProfile", UserName="alice") == not_there("alice")
    assert lab.fault(lab.root(), "DeleteLoginProfile", UserName="alice") == not_there("alice")
    assert lab.fault(lab.root(), "UpdateLoginProfile", UserName="alice") == not_there("alice")


def test_the_user_must_exist_and_a_password_must_be_given(lab: Lab) -> None:
    missing = ("NoSuchEntity", "The user with name x cannot be found.", 404)
    assert lab.fault(lab.root(), "CreateLoginProfile", UserName="x", Password=FIRST) == missing
    assert lab.fault(lab.root(), "GetLoginProfile", UserName="x") == missing
    assert lab.fault(lab.root(), "CreateLoginProfile", UserName="alice")[0] == "ValidationError"
    assert lab.fault(lab.root(), "CreateLoginProfile", Password=FIRST)[0] == "ValidationError"


def test_an_update_leaves_what_it_does_not_name(lab: Lab) -> None:
    create(lab, PasswordResetRequired=True, MaxSigninSessionDuration=3600)
    lab.later(60)
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", Password=SECOND)
    shape = lab.call(lab.root(), "GetLoginProfile", UserName="alice")["LoginProfile"]
    assert (shape["PasswordResetRequired"], shape["MaxSigninSessionDuration"]) == (True, 3600)
    assert shape["CreateDate"] < lab.now
    assert fits(lab, SECOND)
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", PasswordResetRequired=False)
    assert fits(lab, SECOND)
    assert not profile(lab).reset_required


def test_the_session_duration_is_set_and_unset(lab: Lab) -> None:
    create(lab)
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", MaxSigninSessionDuration=7200)
    both = {"MaxSigninSessionDuration": 3600, "ResetMaxSigninSessionDuration": True}
    assert lab.fault(lab.root(), "UpdateLoginProfile", UserName="alice", **both)[0] == "InvalidInput"
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", ResetMaxSigninSessionDuration=False)
    assert profile(lab).max_session_seconds == 7200
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", ResetMaxSigninSessionDuration=True)
    assert "MaxSigninSessionDuration" not in lab.call(lab.root(), "GetLoginProfile", UserName="alice")["LoginProfile"]


def change(lab: Lab, old: str, new: str) -> None:
    lab.call(lab.user("alice"), "ChangePassword", OldPassword=old, NewPassword=new)


def test_a_user_changes_its_own_password(lab: Lab) -> None:
    create(lab, PasswordResetRequired=True)
    change(lab, FIRST, SECOND)
    assert fits(lab, SECOND)
    assert not fits(lab, FIRST)
    assert not profile(lab).reset_required


def test_the_old_password_must_fit(lab: Lab) -> None:
    create(lab)
    wrong = lab.fault(lab.user("alice"), "ChangePassword", OldPassword=SECOND, NewPassword=THIRD)
    assert wrong == ("AccessDenied", "The old password was incorrect.", 403)
    assert fits(lab, FIRST)


def test_only_users_with_a_password_can_change_it(lab: Lab) -> None:
    params = {"OldPassword": FIRST, "NewPassword": SECOND}
    assert lab.fault(lab.user("alice"), "ChangePassword", **params) == not_there("alice")
    assert lab.fault(lab.root(), "ChangePassword", **params)[0] == "InvalidUserType"


def test_changing_is_asked_for_on_the_caller(lab: Lab) -> None:
    create(lab)
    other = lab.add_user("other", allow("iam:ChangePassword", f"arn:aws:iam::{HERE}:user/alice"))
    params = {"OldPassword": FIRST, "NewPassword": SECOND}
    assert lab.fault(other, "ChangePassword", **params)[0] == "AccessDenied"
    (check,) = lab.checks(lab.user("alice"), "ChangePassword", **params)
    assert check.resource == f"arn:aws:iam::{HERE}:user/alice"


def test_the_password_policy_binds_every_way_to_set_a_password(lab: Lab) -> None:
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", MinimumPasswordLength=12)
    short, long = "Short-one1", "long enough for it"
    assert lab.fault(lab.root(), "CreateLoginProfile", UserName="alice", Password=short) == REFUSED
    create(lab, password=long)
    assert lab.fault(lab.root(), "UpdateLoginProfile", UserName="alice", Password=short) == REFUSED
    assert lab.fault(lab.user("alice"), "ChangePassword", OldPassword=long, NewPassword=short) == REFUSED
    assert fits(lab, long)


def test_as_many_passwords_as_the_policy_says_cannot_be_taken_again(lab: Lab) -> None:
    create(lab, password=FIRST)
    change(lab, FIRST, SECOND)
    change(lab, SECOND, FIRST)
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", PasswordReusePrevention=2)
    for lately in (FIRST, SECOND):
        assert lab.fault(lab.user("alice"), "ChangePassword", OldPassword=FIRST, NewPassword=lately) == REFUSED
        assert lab.fault(lab.root(), "UpdateLoginProfile", UserName="alice", Password=lately) == REFUSED
    change(lab, FIRST, THIRD)
    assert lab.fault(lab.user("alice"), "ChangePassword", OldPassword=THIRD, NewPassword=FIRST) == REFUSED
    change(lab, THIRD, SECOND)
    assert fits(lab, SECOND)


def test_the_memory_of_passwords_is_bounded(lab: Lab) -> None:
    create(lab, password=FIRST)
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", PasswordReusePrevention=24)
    for number in range(25):
        lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", Password=f"Password-{number}")
    assert len(profile(lab).history.split("\n")) == 23
    assert lab.fault(lab.root(), "UpdateLoginProfile", UserName="alice", Password="Password-1") == REFUSED
    lab.call(lab.root(), "UpdateLoginProfile", UserName="alice", Password=FIRST)


def test_an_account_may_let_its_users_change_their_passwords(lab: Lab) -> None:
    bob = lab.add_user("bob")
    create(lab, "bob")
    params = {"OldPassword": FIRST, "NewPassword": SECOND}
    assert lab.fault(bob, "ChangePassword", **params)[0] == "AccessDenied"
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", AllowUsersToChangePassword=True)
    lab.call(lab.user("bob"), "GetAccountPasswordPolicy")
    assert not lab.may(lab.user("bob"), "iam:ChangePassword", f"arn:aws:iam::{HERE}:user/alice")
    lab.call(lab.user("bob"), "ChangePassword", **params)
    lab.add_user("barred", {"Effect": "Deny", "Action": "iam:ChangePassword", "Resource": "*"})
    create(lab, "barred")
    assert lab.fault(lab.user("barred"), "ChangePassword", **params)[0] == "AccessDenied"
    lab.call(lab.root(), "UpdateAccountPasswordPolicy")
    assert lab.fault(lab.user("bob"), "ChangePassword", OldPassword=SECOND, NewPassword=FIRST)[0] == "AccessDenied"


# Between the slow step and the change the world may move on.


def race(lab: Lab, operation: str, params: dict[str, Any], between: Any) -> str:
    """The code that the operation ends with when `between` happens after its prepare step."""
    built = service.operations[operation]
    assert built.prepare is not None
    ask = lab._ask(lab.user("alice") if operation == "ChangePassword" else lab.root(), operation, params)
    prepared = built.prepare(lab._context(ask, lab.state), params)
    lab.store.write_now(between)
    with pytest.raises(AwsError) as caught:
        lab.store.write_now(lambda change: built.function(lab._context(ask, change.state, prepared), params))
    return caught.value.code


def test_a_password_that_changed_meanwhile_is_not_overwritten(lab: Lab) -> None:
    create(lab)

    def other_change(transaction: Any) -> None:
        transaction.state.login_profiles.replace(replace(profile(lab), password_hash="other"))

    own = {"OldPassword": FIRST, "NewPassword": SECOND}
    assert race(lab, "ChangePassword", own, other_change) == "EntityTemporarilyUnmodifiable"
    assert profile(lab).password_hash == "other"


def test_a_profile_deleted_meanwhile_is_not_there(lab: Lab) -> None:
    create(lab)
    owner = profile(lab).user_id
    own = {"OldPassword": FIRST, "NewPassword": SECOND}
    gone = race(lab, "ChangePassword", own, lambda change: change.state.login_profiles.delete(HERE, owner))
    assert gone == "NoSuchEntity"


def test_a_policy_tightened_meanwhile_holds(lab: Lab) -> None:
    strict = Lab()
    strict.call(strict.root(), "UpdateAccountPasswordPolicy", MinimumPasswordLength=100)
    account = strict.state.accounts.get(HERE)
    assert account is not None

    def tighten(transaction: Any) -> None:
        transaction.state.accounts.replace(account)

    named = {"UserName": "alice", "Password": FIRST}
    assert race(lab, "CreateLoginProfile", named, tighten) == REFUSED[0]
    lab.call(lab.root(), "DeleteAccountPasswordPolicy")
    create(lab)
    own = {"OldPassword": FIRST, "NewPassword": SECOND}
    assert race(lab, "ChangePassword", own, tighten) == REFUSED[0]


def test_two_creations_cannot_both_win(lab: Lab) -> None:
    params = {"UserName": "alice", "Password": SECOND}
    user = lab.state.users.get(HERE, "alice")
    assert user is not None
    other = LoginProfile(HERE, user.id, 1, "hash", reset_required=False, changed_at=1)
    assert race(lab, "CreateLoginProfile", params, lambda c: c.state.login_profiles.insert(other)) == (
        "EntityAlreadyExists"
    )
