"""What AWS refuses is refused, with its words and the place."""

import json
from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.policy import PolicyError, parse_document, policy_size

OK = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
SYNTAX = "Syntax errors in policy."
BAD_SID = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
)


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


@pytest.mark.parametrize(
    ("change", "message", "path"),
    [
        ({"Effect": "allow"}, "The policy failed legacy parsing", "Statement[0].Effect"),
        ({"Effect": "Maybe"}, SYNTAX, "Statement[0].Effect"),
        ({"Action": []}, "Policy statement must contain actions.", "Statement[0]"),
        ({"Resource": []}, "Policy statement must contain resources.", "Statement[0]"),
        ({"NotAction": "s3:*"}, SYNTAX, "Statement[0]"),
        ({"Sid": "a-b"}, BAD_SID, "Statement[0].Sid"),
        ({"Action": "GetObject"}, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
         "Statement[0].Action"),
        ({"Action": "s3:a:b"}, "Actions/Condition can contain only one colon.", "Statement[0].Action"),
        ({"Action": "s*:Get"}, "Vendor s* is not valid", "Statement[0].Action"),
        ({"Resource": "bucket"}, 'Resource bucket must be in ARN format or "*".', "Statement[0].Resource"),
        ({"Resource": "arn:aws:*:::b"}, "Resource vendor must be fully qualified and cannot contain regexes.",
         "Statement[0].Resource"),
        ({"Principal": "*"}, "Policy document should not specify a principal.", "Statement[0]"),
        ({"Condition": {"StringMatches": {}}}, SYNTAX, "Statement[0].Condition.StringMatches"),
        ({"Condition": {"StringEquals": {"a": None}}}, SYNTAX, "Statement[0].Condition.StringEquals.a"),
        ({"Condition": []}, SYNTAX, "Statement[0].Condition"),
    ],
)  # fmt: skip
def test_a_statement_is_refused_with_its_message_and_place(change: dict[str, Any], message: str, path: str) -> None:
    assert refused({**OK, **change}) == (message, path)


def test_repeated_sids() -> None:
    message = "Statement IDs (SID) in a single policy must be unique."
    assert refused([{**OK, "Sid": "a"}, {**OK, "Sid": "a"}]) == (message, "Statement[1].Sid")
    parse_document({"Statement": [{**OK, "Sid": ""}, {**OK, "Sid": ""}]}, kind=PolicyKind.IDENTITY)


def test_an_incomplete_arn_is_for_policies_that_complete_it() -> None:
    statement = {**OK, "Resource": "arn:aws:sqs"}
    parse_document({"Statement": statement}, kind=PolicyKind.IDENTITY)
    assert refused(statement, PolicyKind.SESSION)[0] == "The policy failed legacy parsing"
    assert refused({**statement, "Principal": "*"}, PolicyKind.RESOURCE)[0] == "The policy failed legacy parsing"


def test_trust_policies() -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}}
    parse_document({"Statement": trust}, kind=PolicyKind.TRUST)
    assert refused({**trust, "Resource": "*"}, PolicyKind.TRUST)[0] == "Has prohibited field Resource"
    assert refused({**trust, "Action": "s3:*"}, PolicyKind.TRUST)[0].startswith("AssumeRole policy may only specify")
    assert (
        refused({"Effect": "Allow", "Action": "sts:AssumeRole"}, PolicyKind.TRUST)[0]
        == "Missing required field Principal"
    )
    wrong = {**trust, "Principal": {"AWS": "arn:aws:iam::111122223333:user/*"}}
    assert refused(wrong, PolicyKind.TRUST)[0].startswith('Invalid principal in policy: "AWS"')
    denied = {"Effect": "Deny", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": "111122223333"}}
    assert refused(denied, PolicyKind.TRUST)[0] == "Has prohibited field NotPrincipal"


def test_resource_policies_take_free_sids_and_need_a_principal_and_a_resource() -> None:
    statement = {**OK, "Principal": "*", "Sid": "__default statement-ID"}
    parse_document({"Statement": statement}, kind=PolicyKind.RESOURCE)
    assert refused(OK, PolicyKind.RESOURCE)[0] == "Missing required field Principal"
    allow_others = {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}
    assert refused(allow_others, PolicyKind.RESOURCE)[0] == SYNTAX
    without = {"Effect": "Allow", "Principal": "*", "Action": "*"}
    assert refused(without, PolicyKind.RESOURCE)[0] == "Missing required field Resource"
    parse_document({"Statement": without}, kind=PolicyKind.RESOURCE, implied_resource=True)


def test_organization_policies() -> None:
    rcp = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    parse_document({"Statement": rcp}, kind=PolicyKind.RCP)
    for change in ({"Effect": "Allow"}, {"Principal": {"AWS": "111122223333"}}, {"Action": "*"}):
        assert refused({**rcp, **change}, PolicyKind.RCP)
    assert refused({**OK, "Principal": "*"}, PolicyKind.SCP)[0] == "Has prohibited field Principal"


def test_numbers_and_booleans_keep_their_spelling() -> None:
    condition = '{"NumericEquals":{"a:b":[1.50,7,true]}}'
    text = json.dumps({"Statement": {**OK, "Condition": 0}}).replace(": 0", ":" + condition)
    assert parse_document(text, kind=PolicyKind.IDENTITY).statements[0].conditions[0].values == ("1.50", "7", "true")


def test_white_space_is_not_counted() -> None:
    assert policy_size('{ "Version":\t"x y"\r\n}') == len('{"Version":"xy"}')
