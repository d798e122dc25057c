"""Reading documents; what is refused, and in which words, is data: refusals.yaml."""

import json
from typing import Any

import pytest

from iamd.model.document import Condition, Effect, PolicyKind, PrincipalPattern, Quantifier, Statement
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


ANYONE = {**OK, "Principal": "*"}
TYPES = "AWS, Service, Federated, CanonicalUser"


@pytest.mark.parametrize(
    ("kind", "document", "words"),
    [
        ("IDENTITY", "[]", "a policy is a JSON object"),
        ("IDENTITY", "nope", "not valid JSON: Expecting value: line 1 column 1 (char 0)"),
        ("IDENTITY", {"Extra": 1, "Statement": OK}, "Extra: is not an element of the policy language"),
        ("IDENTITY", {"Version": "2013-10-17"}, "Version: must be one of 2008-10-17, 2012-10-17"),
        ("IDENTITY", {"Id": 1, "Statement": OK}, "Id: must be a string"),
        ("IDENTITY", {}, "Statement: is missing"),
        ("IDENTITY", {"Statement": 1}, "Statement: must be an object or a list"),
        ("IDENTITY", {"Statement": []}, "Statement: must hold at least one statement"),
        ("IDENTITY", [1], "Statement[0]: must be an object"),
        ("IDENTITY", [OK, {**OK, "More": 1}], "Statement[1].More: is not an element of the policy language"),
        ("IDENTITY", [{**OK, "Sid": 1}], "Statement[0].Sid: must be a string"),
        ("IDENTITY", [{"Action": "*"}], "Statement[0].Effect: must be Allow or Deny"),
        ("IDENTITY", [{**OK, "Effect": "Perhaps"}], "Statement[0].Effect: must be Allow or Deny"),
        ("IDENTITY", [{**OK, "Effect": 1}], "Statement[0].Effect: must be Allow or Deny"),
        ("IDENTITY", [{**OK, "Effect": "allow"}], "Statement[0].Effect: must be Allow or Deny, spelled so"),
        ("IDENTITY", [{**OK, "NotAction": "*"}], "Statement[0]: Action and NotAction exclude each other"),
        ("IDENTITY", [{**OK, "NotResource": "*"}], "Statement[0]: Resource and NotResource exclude each other"),
        ("IDENTITY", [{**OK, "Action": 1}], "Statement[0].Action: must be a string or a list of strings"),
        ("IDENTITY", [{**OK, "Resource": ["*", 1]}], "Statement[0].Resource: must be a string or a list of strings"),
        ("IDENTITY", [{**OK, "Condition": []}], "Statement[0].Condition: must be an object"),
        ("IDENTITY", [{**OK, "Condition": {"X": {}}}], "Statement[0].Condition.X: is no condition operator"),
        ("IDENTITY", [{**OK, "Condition": {"Bool": 1}}], "Statement[0].Condition.Bool: must be an object"),
        (
            "IDENTITY",
            [{**OK, "Condition": {"Bool": {"a:b": None}}}],
            "Statement[0].Condition.Bool.a:b: must be a string, number or boolean, or a list of them",
        ),
        (
            "IDENTITY",
            [{**OK, "Condition": {"ForAllValues:DateEqualsIfExists": {"a:b": "x"}}}],
            "Statement[0].Condition.ForAllValues:DateEqualsIfExists.a:b: is no date",
        ),
        ("IDENTITY", [{**OK, "Resource": "arn:aws:"}], "Statement[0].Resource: arn:aws: names no service"),
        ("SESSION", [{**OK, "Resource": "arn:aws:s3"}], "Statement[0].Resource: arn:aws:s3 is not a complete ARN"),
        (
            "IDENTITY",
            [{**OK, "Resource": "arn:aws:s3::b"}],
            "Statement[0].Resource: arn:aws:s3::b has no account in its fifth field",
        ),
        ("IDENTITY", [{**OK, "Sid": "a"}, {**OK, "Sid": "a"}], "Statement[1].Sid: is repeated"),
        ("IDENTITY", [{**OK, "Action": []}], "Statement[0]: Action or NotAction is missing or empty"),
        ("IDENTITY", [{**OK, "Action": "Get"}], "Statement[0].Action: Get has no service prefix"),
        ("IDENTITY", [{**OK, "Action": "s3:"}], "Statement[0].Action: s3: has no service prefix"),
        ("IDENTITY", [{**OK, "Action": "a:b:c"}], "Statement[0].Action: a:b:c"),
        ("IDENTITY", [{**OK, "Resource": []}], "Statement[0]: Resource or NotResource is missing or empty"),
        ("IDENTITY", [{**OK, "Resource": "b"}], "Statement[0].Resource: b"),
        (
            "TRUST",
            [{**ANYONE, "NotPrincipal": "*"}],
            "Statement[0]: Principal and NotPrincipal exclude each other",
        ),
        (
            "TRUST",
            [{**OK, "NotPrincipal": "*"}],
            "Statement[0].NotPrincipal: cannot be used with Effect Allow",
        ),
        ("TRUST", [{**OK, "Principal": "me"}], 'Statement[0].Principal: must be "*" or an object'),
        ("TRUST", [{**OK, "Principal": {"User": "x"}}], f"Statement[0].Principal.User: must be one of {TYPES}"),
        (
            "TRUST",
            [{**OK, "Principal": {"AWS": 1}}],
            "Statement[0].Principal.AWS: must be a string or a list of strings",
        ),
        ("TRUST", [{**ANYONE, "Action": "s3:Get"}], "Statement[0].Action: s3:Get"),
        ("RCP", [ANYONE], "Statement[0]: Effect must be Deny"),
        ("RCP", [{**OK, "Principal": {"AWS": "1"}, "Effect": "Deny"}], "Statement[0].Principal: Invalid principal in "),
        (
            "RCP",
            [{**OK, "Effect": "Deny", "Principal": {"AWS": "111122223333"}}],
            'Statement[0]: Principal must be "*"',
        ),
        (
            "RCP",
            [{"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}],
            "Statement[0]: NotAction is not supported",
        ),
        (
            "RCP",
            [{**ANYONE, "Effect": "Deny", "Action": "*"}],
            "Statement[0]: the action * alone is not supported",
        ),
        ("SCP", [ANYONE], "Statement[0]: Has prohibited field Principal"),
        ("SCP", [{**OK, "NotPrincipal": "*", "Effect": "Deny"}], "Statement[0]: Has prohibited field NotPrincipal"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(kind: str, document: Any, words: str) -> None:
    written = {"Statement": document} if isinstance(document, list) else document
    text = written if isinstance(written, str) else json.dumps(written)
    with pytest.raises(PolicyError) as caught:
        parse_document(text, kind=PolicyKind[kind])
    assert str(caught.value).startswith(words)
    assert words.endswith("principal in ") or str(caught.value) == words


def test_a_document_is_read_whole() -> None:
    condition = {"ForAnyValue:StringLikeIfExists": {"aws:A": ["x", "y"]}, "Bool": {"aws:b": True}}
    first = {"Sid": "S", "Effect": "Deny", "NotAction": "s3:*", "NotResource": ["a", "b"], "Condition": condition}
    second = {"Effect": "Allow", "NotPrincipal": {"AWS": [], "Service": "a.b"}, "Action": [], "Resource": []}
    source = {"Version": "2012-10-17", "Id": "i", "Statement": [first, {**OK}]}
    document = parse_document(source, kind=PolicyKind.SCP, structure_only=True)
    assert (document.kind, document.version, document.id) == (PolicyKind.SCP, "2012-10-17", "i")
    assert document.statements == (
        Statement(
            index=0,
            sid="S",
            effect=Effect.DENY,
            principals=None,
            not_principal=False,
            actions=("s3:*",),
            not_action=True,
            resources=("a", "b"),
            not_resource=True,
            conditions=(
                Condition("StringLike", Quantifier.ANY, True, "aws:A", ("x", "y")),  # noqa: FBT003  a record's field
                Condition("Bool", Quantifier.NONE, False, "aws:b", ("true",)),  # noqa: FBT003  a record's field
            ),
        ),
        Statement(1, None, Effect.ALLOW, None, False, ("s3:*",), False, ("*",), False, ()),  # noqa: FBT003  as above
    )
    third = {**second, "Effect": "Deny", "Action": "*", "Resource": "*"}
    (named,) = parse_document({"Statement": third}, kind=PolicyKind.RESOURCE, structure_only=True).statements
    assert (named.principals, named.not_principal) == ((PrincipalPattern("Service", "a.b"),), True)
    assert parse_document({"Statement": OK}, kind=PolicyKind.IDENTITY).version == "2008-10-17"


def test_numbers_and_booleans_keep_their_spelling() -> None:
    condition = '{"NumericEquals":{"a:b":[1.50,7,true]}}'
    text = json.dumps({"Statement": {**OK, "Condition": 0}}).replace(": 0", ":" + condition)
    assert parse_document(text, kind=PolicyKind.IDENTITY).statements[0].conditions[0].values == ("1.50", "7", "true")


def test_white_space_is_not_counted() -> None:
    assert policy_size('{ "Version":\t"x y"\r\n}') == len('{"Version":"xy"}')
