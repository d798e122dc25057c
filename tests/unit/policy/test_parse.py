"""Reading documents; what is refused, and in which words, is data: refusals.yaml."""

import json
from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.policy import PolicyError, parse_document, policy_size

OK = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
SYNTAX = "Syntax errors in policy."


def refused(statement: Any, kind: PolicyKind = PolicyKind.IDENTITY) -> tuple[str, str]:
    with pytest.raises(PolicyError) as caught:
        parse_document(json.dumps({"Version": "2012-10-17", "Statement": statement}), kind=kind)
    return caught.value.message, caught.value.path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        "{}",
        b"\xff",
        "[" * 9_999,
        '{"a":' * 70 + "1" + "}" * 70,
        '{"Version":NaN}',
        '{"Statement":[]}',
        '{"Statement":[1]}',
        '{"Statement":{},"Extra":1}',
        '{"Version":2012,"Statement":[]}',
        '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}',
        '{"Id":1,"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    ],
)
def test_what_is_no_policy_is_a_syntax_error(text: str | bytes) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_document(text, kind=PolicyKind.IDENTITY)
    assert caught.value.message == SYNTAX


def test_an_incomplete_arn_is_for_policies_that_complete_it() -> None:
    statement = {**OK, "Resource": "arn:aws:sqs"}
    parse_document({"Statement": statement}, kind=PolicyKind.IDENTITY)
    assert refused(statement, PolicyKind.SESSION)[0] == "The policy failed legacy parsing"
    assert refused({**statement, "Principal": "*"}, PolicyKind.RESOURCE)[0] == "The policy failed legacy parsing"


def test_resource_policies_take_free_sids_and_need_a_principal_and_a_resource() -> None:
    statement = {**OK, "Principal": "*", "Sid": "__default statement-ID"}
    parse_document({"Statement": statement}, kind=PolicyKind.RESOURCE)
    assert refused(OK, PolicyKind.RESOURCE)[0] == "Missing required field Principal"
    without = {"Effect": "Allow", "Principal": "*", "Action": "*"}
    assert refused(without, PolicyKind.RESOURCE)[0] == "Missing required field Resource"
    parse_document({"Statement": without}, kind=PolicyKind.RESOURCE, implied_resource=True)


def test_numbers_and_booleans_keep_their_spelling() -> None:
    condition = '{"NumericEquals":{"a:b":[1.50,7,true]}}'
    text = json.dumps({"Statement": {**OK, "Condition": 0}}).replace(": 0", ":" + condition)
    assert parse_document(text, kind=PolicyKind.IDENTITY).statements[0].conditions[0].values == ("1.50", "7", "true")


def test_white_space_is_not_counted() -> None:
    assert policy_size('{ "Version":\t"x y"\r\n}') == len('{"Version":"xy"}')
