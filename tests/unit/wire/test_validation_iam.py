"""IAM's own words about names and paths."""

from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.wire.service import load_service

NAME = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
PATH = "It must begin and end with / and contain only alphanumeric characters and/or / characters."


def fault(operation: str, **params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        load_service("iam").operation(operation).validate(params)
    assert (caught.value.code, caught.value.status) == ("ValidationError", 400)
    return caught.value.message


@pytest.mark.parametrize(
    ("operation", "params", "member", "words"),
    [
        ("CreateUser", {"UserName": "a b"}, "userName", NAME),
        ("UpdateUser", {"UserName": "a", "NewUserName": "a/b"}, "newUserName", NAME),
        ("GetGroup", {"GroupName": "é"}, "groupName", NAME),
        ("DeleteRole", {"RoleName": "a\n"}, "roleName", NAME),
        ("CreateUser", {"UserName": "a", "Path": "x"}, "path", PATH),
        ("UpdateGroup", {"GroupName": "a", "NewPath": "/x"}, "newPath", PATH),
    ],
)
def test_a_bad_name_or_path_is_told_in_iams_words(
    operation: str, params: dict[str, Any], member: str, words: str
) -> None:
    assert fault(operation, **params) == f"The specified value for {member} is invalid. {words}"


def test_lengths_and_missing_members_come_first_and_keep_the_general_words() -> None:
    length = "Member must have length less than or equal to 64"
    value = "a " * 33
    expected = f"1 validation error detected: Value '{value}' at 'userName' failed to satisfy constraint: {length}"
    assert fault("CreateUser", UserName=value) == expected
    missing = "Value null at 'userName' failed to satisfy constraint: Member must not be null"
    assert fault("CreateUser", Path="x") == f"1 validation error detected: {missing}"


def test_other_patterns_keep_the_general_words() -> None:
    got = fault("CreateAccountAlias", AccountAlias="a--b")
    assert got.startswith("1 validation error detected: Value 'a--b' at 'accountAlias'")
