"""Alias, password policy and summary of an account."""

from typing import Any

import pytest
from botocore.loaders import Loader

from tests.unit.services.lab import HERE, THERE, Lab, allow, policy


@pytest.fixture
def lab() -> Lab:
    return Lab()


def aliases(lab: Lab, account: str = HERE) -> Any:
    return lab.call(lab.root(account), "ListAccountAliases")["AccountAliases"]


def test_an_account_has_one_alias_and_a_new_one_takes_its_place(lab: Lab) -> None:
    assert aliases(lab) == []
    for alias in ("first-one", "second"):
        lab.call(lab.root(), "CreateAccountAlias", AccountAlias=alias)
        assert aliases(lab) == [alias]
    lab.call(lab.root(THERE), "CreateAccountAlias", AccountAlias="first-one")
    assert aliases(lab, THERE) == ["first-one"]


def test_aliases_are_unique_over_all_accounts(lab: Lab) -> None:
    lab.call(lab.root(), "CreateAccountAlias", AccountAlias="mine")
    for account in (HERE, THERE):
        fault = lab.fault(lab.root(account), "CreateAccountAlias", AccountAlias="mine")
        assert fault == ("EntityAlreadyExists", "The account alias mine already exists.", 409)
    assert lab.fault(lab.root(THERE), "DeleteAccountAlias", AccountAlias="mine")[::2] == ("NoSuchEntity", 404)
    lab.call(lab.root(), "DeleteAccountAlias", AccountAlias="mine")
    assert aliases(lab) == []
    lab.call(lab.root(), "CreateAccountAlias", AccountAlias="another")
    assert lab.fault(lab.root(), "DeleteAccountAlias", AccountAlias="mine")[0] == "NoSuchEntity"
    lab.call(lab.root(THERE), "CreateAccountAlias", AccountAlias="mine")


def test_an_alias_cannot_pose_as_an_account(lab: Lab) -> None:
    assert lab.fault(lab.root(), "CreateAccountAlias", AccountAlias=THERE)[0] == "ValidationError"


def test_without_a_password_policy_there_is_none_to_get_or_delete(lab: Lab) -> None:
    message = f"The Password Policy with domain name {HERE} cannot be found."
    assert lab.fault(lab.root(), "GetAccountPasswordPolicy") == ("NoSuchEntity", message, 404)
    message = "The account policy with name PasswordPolicy cannot be found."
    assert lab.fault(lab.root(), "DeleteAccountPasswordPolicy") == ("NoSuchEntity", message, 404)


def test_what_an_update_leaves_out_goes_back_to_its_default(lab: Lab) -> None:
    everything = {
        "MinimumPasswordLength": 12,
        "RequireSymbols": True,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True,
        "AllowUsersToChangePassword": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 5,
        "HardExpiry": True,
    }
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", **everything)
    got = lab.call(lab.root(), "GetAccountPasswordPolicy")["PasswordPolicy"]
    assert got == {**everything, "ExpirePasswords": True}
    lab.call(lab.root(), "UpdateAccountPasswordPolicy", RequireSymbols=True)
    assert lab.call(lab.root(), "GetAccountPasswordPolicy")["PasswordPolicy"] == {
        "MinimumPasswordLength": 6,
        "RequireSymbols": True,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": False,
    }
    lab.call(lab.root(), "DeleteAccountPasswordPolicy")
    assert lab.fault(lab.root(), "GetAccountPasswordPolicy")[0] == "NoSuchEntity"


def summary(lab: Lab) -> dict[str, int]:
    held: dict[str, int] = lab.call(lab.root(), "GetAccountSummary")["SummaryMap"]
    return held


def test_the_summary_has_every_key_of_awss(lab: Lab) -> None:
    shapes = Loader().load_service_model("iam", "service-2")["shapes"]
    assert set(summary(lab)) >= set(shapes["summaryKeyType"]["enum"])


def test_the_summary_counts_what_is_there(lab: Lab) -> None:
    before = summary(lab)
    assert (before["Users"], before["UsersQuota"], before["PolicyVersionsInUse"]) == (0, 5000, 0)
    lab.add_user("alice")
    lab.add_group("g")
    root = lab.root()
    document = policy(allow("s3:*"))
    arn = lab.call(root, "CreatePolicy", PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    lab.call(root, "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=document)
    published = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    lab.call(root, "AttachUserPolicy", UserName="alice", PolicyArn=published)
    lab.call(root, "AttachGroupPolicy", GroupName="g", PolicyArn=published)
    lab.call(root, "AttachGroupPolicy", GroupName="g", PolicyArn=arn)
    lab.call(root, "CreateAccessKey")
    after = summary(lab)
    changed = {key: value for key, value in after.items() if value != before[key]}
    assert changed == {"Users": 1, "Groups": 1, "Policies": 1, "PolicyVersionsInUse": 3, "AccountAccessKeysPresent": 1}


def test_account_settings_are_asked_for_without_a_resource(lab: Lab) -> None:
    for operation in ("ListAccountAliases", "GetAccountPasswordPolicy", "GetAccountSummary"):
        (check,) = lab.checks(lab.root(), operation)
        assert (check.action, check.resource) == (f"iam:{operation}", "*")
