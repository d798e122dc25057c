"""What a password policy asks of a password."""

import json

import pytest

from iamd.model.errors import AwsError
from iamd.services.iam.rules.passwords import SYMBOLS, check_password, reuse_limit
from iamd.stores.ports.accounts import Account

ACCOUNT = Account("111111111111", "Example-Corp1", 1, "Root@Example.com1", "", "c")
NONE_REQUIRED = {
    "MinimumPasswordLength": 6,
    "RequireSymbols": False,
    "RequireNumbers": False,
    "RequireUppercaseCharacters": False,
    "RequireLowercaseCharacters": False,
    "AllowUsersToChangePassword": False,
}


def account(**policy: object) -> Account:
    text = json.dumps({**NONE_REQUIRED, **policy})
    return Account("111111111111", "name", 1, "mail", "", "c", password_policy=text)


def fits(password: str, owner: Account) -> bool:
    try:
        check_password(password, owner)
    except AwsError as error:
        assert error.code == "PasswordPolicyViolation"  # noqa: PT017  # told apart from any other refusal
        return False
    return True


@pytest.mark.parametrize("password", ["Abcdef12", "abcdef1!", "ABCDEF1!", "Abcdefg!", "Ab1!Ab1!"])
def test_the_default_wants_eight_characters_of_three_kinds(password: str) -> None:
    assert fits(password, ACCOUNT)
    assert not fits(password[:7], ACCOUNT)


@pytest.mark.parametrize(
    "password",
    ["abcdefgh", "abcdefg1", "ABCDEFG1", "abcdefg!", "1234567!", "Äbcdéfgh", "ab\N{ARABIC-INDIC DIGIT ONE}cdefg!"],
)
def test_two_kinds_are_not_enough(password: str) -> None:
    assert not fits(password, ACCOUNT)


@pytest.mark.parametrize("password", ["example-corp1", "EXAMPLE-Corp1", "root@example.com1"])
def test_the_default_refuses_the_accounts_name_and_address(password: str) -> None:
    assert not fits(password, ACCOUNT)
    assert fits(password + "Xy-", ACCOUNT)


@pytest.mark.parametrize(
    ("rule", "lacking", "having"),
    [
        ("RequireUppercaseCharacters", "abcdef", "abcdeF"),
        ("RequireLowercaseCharacters", "ABCDEF", "ABCDEf"),
        ("RequireNumbers", "abcdef", "abcde0"),
        ("RequireSymbols", "abcdef", "abcde|"),
    ],
)
def test_each_rule_asks_for_its_kind_of_character(rule: str, lacking: str, having: str) -> None:
    assert not fits(lacking, account(**{rule: True}))
    assert fits(having, account(**{rule: True}))
    assert fits(lacking, account())


@pytest.mark.parametrize("character", list(' ~`:;<>?,./\\"é'))
def test_other_characters_are_no_symbols(character: str) -> None:
    assert not fits("abcdef" + character, account(RequireSymbols=True))


def test_the_symbols_are_those_of_the_guide() -> None:
    assert "".join(sorted(SYMBOLS)) == "".join(sorted("!@#$%^&*()_+-=[]{}|'"))
    assert all(fits("abcde" + symbol, account(RequireSymbols=True)) for symbol in SYMBOLS)


def test_length_counts_characters() -> None:
    assert fits("éééééé", account())
    assert not fits("ééééé", account())
    assert not fits("a" * 127, account(MinimumPasswordLength=128))


def test_reuse_is_free_unless_the_policy_says_otherwise() -> None:
    assert [reuse_limit(owner) for owner in (ACCOUNT, account(), account(PasswordReusePrevention=7))] == [0, 0, 7]
