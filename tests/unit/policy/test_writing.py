"""A statement is written as it was read, and the keys that it refers to are named as written."""

from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.policy import parse_document
from iamd.policy.references import keys_of_document, without_repetition
from iamd.policy.writing import statement_json
from tests.unit.policy.asked import ALICE, HOME


@pytest.mark.parametrize(
    "written",
    [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Sid": "", "Effect": "Deny", "NotAction": ["s3:Get*", "s3:Put*"], "NotResource": ["a", "b"]},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": ALICE, "Service": ["a.b", "c.d"]}, "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": [HOME, ALICE]}, "Action": "sts:AssumeRole"},
        {
            "Sid": "S",
            "Effect": "Allow",
            "Principal": {"Federated": "accounts.google.com"},
            "Action": "*",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:a": "x", "aws:b": ["y", "z"]},
                "ForAllValues:StringLikeIfExists": {"aws:TagKeys": "t*"},
            },
        },
    ],
)
def test_a_statement_is_written_as_it_was_read(written: dict[str, Any]) -> None:
    kind = PolicyKind.RESOURCE if {"Principal", "NotPrincipal"} & written.keys() else PolicyKind.IDENTITY
    document = {"Version": "2012-10-17", "Statement": written}
    (statement,) = parse_document(document, kind=kind, structure_only=True, implied_resource=True).statements
    assert statement_json(statement) == written
    assert [*statement_json(statement)] == [*written]


def keys(version: str = "2012-10-17", **statement: Any) -> list[str]:
    document = {"Version": version, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **statement}}
    return [*keys_of_document(parse_document(document, kind=PolicyKind.IDENTITY, structure_only=True))]


def test_keys_in_conditions_and_in_variables() -> None:
    condition = {"StringEquals": {"aws:One": ["${aws:Two}", "${ aws:Three , 'x'}"]}, "Bool": {"aws:Four": "true"}}
    found = keys(Resource=["arn:aws:s3:::${aws:Five}/${s3:Six}", "*"], Condition=condition)
    assert found == ["aws:Five", "s3:Six", "aws:One", "aws:Two", "aws:Three", "aws:Four"]


def test_without_variables_only_conditions_have_keys() -> None:
    assert keys("2008-10-17", Resource="arn:${aws:Five}", Condition={"Bool": {"aws:One": "${aws:Two}"}}) == ["aws:One"]


@pytest.mark.parametrize("text", ["${*}", "${?}", "${$}", "${}", "${a", "$a}", "}${", "${'a'}", "${a, b}", "${a{b}"])
def test_what_is_no_variable_has_no_key(text: str) -> None:
    assert keys(Resource=f"arn:aws:s3:::{text}") == []
    assert keys(Resource=f"arn:aws:s3:::{text}", Condition={"Bool": {"aws:One": f"{text}x"}}) == ["aws:One"]


def test_a_key_behind_what_is_none() -> None:
    assert keys(Resource="arn:aws:s3:::}${*}${aws:One}") == ["aws:One"]


def test_each_key_is_named_once_as_it_was_written_first() -> None:
    assert without_repetition(["aws:A", "aws:b", "AWS:a", "aws:B", "aws:A"]) == ["aws:A", "aws:b"]
