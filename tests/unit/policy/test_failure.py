"""A denial as sts:DecodeAuthorizationMessage tells it (AWS CLI Command Reference, decode-authorization-message)."""

from dataclasses import replace
from typing import Any

from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.failure import authorization_failure
from iamd.policy.question import Question
from tests.unit.policy.asked import ALICE, ALL, AWAY, HOME, KEY, asked, doc

NONE: dict[str, Any] = {"items": []}


def values(*texts: str) -> dict[str, Any]:
    return {"items": [{"value": text} for text in texts]}


def known(question: Question, principal: Principal) -> Question:
    """The same, asked by a caller whose ids are known."""
    return replace(question, request=replace(question.request, principal=principal))


def test_nothing_allows() -> None:
    alice = Principal(PrincipalKind.USER, f"arn:aws:iam::{HOME}:user/team/alice", HOME, "AIDAALICE")
    context = {"aws:TagKeys": ["a", "b"], "aws:a": "x"}
    assert authorization_failure(known(asked(context=context), alice)) == {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": NONE,
        "failures": NONE,
        "context": {
            "principal": {"id": "AIDAALICE", "name": "alice", "arn": f"arn:aws:iam::{HOME}:user/team/alice"},
            "action": "s3:GetObject",
            "resource": KEY,
            "conditions": {
                "items": [{"key": "aws:a", "values": values("x")}, {"key": "aws:tagkeys", "values": values("a", "b")}]
            },
        },
    }


def test_the_statements_that_deny_are_told_and_no_others() -> None:
    condition = {"StringEquals": {"aws:a": ["x", "y"]}}
    denying = {
        "Effect": "Deny",
        "Action": ["s3:Get*", "s3:List*"],
        "Resource": KEY,
        "Sid": "No",
        "Condition": condition,
    }
    elsewhere = {**denying, "Resource": "arn:aws:s3:::c", "Sid": "There"}
    told = authorization_failure(
        known(
            asked(identityPolicies=[doc(ALL, denying, elsewhere)], context={"aws:a": "x"}),
            Principal(PrincipalKind.USER, ALICE, HOME, "AIDAALICE"),
        )
    )
    assert (told["allowed"], told["explicitDeny"]) == (False, True)
    assert told["matchedStatements"]["items"] == [
        {
            "statementId": "No",
            "effect": "DENY",
            "principals": values("AIDAALICE"),
            "principalGroups": NONE,
            "actions": values("s3:Get*", "s3:List*"),
            "resources": values(KEY),
            "conditions": {"items": [{"key": "aws:a", "values": values("x", "y")}]},
        }
    ]


def test_a_session_is_its_role_and_has_no_name() -> None:
    arn = f"arn:aws:sts::{HOME}:assumed-role/app/s"
    session = Principal(PrincipalKind.ASSUMED_ROLE, arn, HOME, "AROAAPP:s", issuer_id="AROAAPP")
    policy = doc({"Effect": "Deny", "Action": "*", "Resource": "*"})
    told = authorization_failure(known(asked(identityPolicies=[policy]), session))
    assert told["context"]["principal"] == {"id": "AROAAPP:s", "arn": arn}
    (matched,) = told["matchedStatements"]["items"]
    assert (matched["statementId"], matched["principals"]) == ("", values("AROAAPP"))


def test_whom_a_resource_s_policy_denies_is_as_it_is_written() -> None:
    policy = doc({"Effect": "Deny", "Principal": {"AWS": [HOME, ALICE]}, "Action": "s3:*", "Resource": "*"})
    (matched,) = authorization_failure(asked(resourcePolicy=policy))["matchedStatements"]["items"]
    assert matched["principals"] == values(HOME, ALICE)


def test_an_allowed_request_is_no_failure() -> None:
    told = authorization_failure(asked(identityPolicies=[doc(ALL)]))
    assert (told["allowed"], told["explicitDeny"], told["matchedStatements"]) == (True, False, NONE)


def test_nothing_of_the_owner_s_is_told_outside() -> None:
    policy = doc({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})
    context = {"aws:ResourceTag/team": "red", "s3:ExistingObjectTag/a": "b", "aws:a": "x"}
    question = asked(resourcePolicy=policy, resourceAccount=AWAY, context=context)
    told = authorization_failure(question, outside=True)
    assert (told["explicitDeny"], told["matchedStatements"]) == (True, NONE)
    assert [each["key"] for each in told["context"]["conditions"]["items"]] == ["aws:a"]
    whole = authorization_failure(question)
    assert len(whole["matchedStatements"]["items"]) == 1
    assert len(whole["context"]["conditions"]["items"]) == 3


def test_what_was_asked_is_told_whole() -> None:
    question = asked(context={"aws:TagKeys": ["a"], "aws:a": "x"}, resourceAccount=AWAY)
    assert question.to_json()["request"] == {
        "principal": ALICE,
        "action": "s3:GetObject",
        "resource": KEY,
        "resourceAccount": AWAY,
        "context": {"aws:a": "x", "aws:tagkeys": ["a"]},
    }


def test_an_anonymous_caller_has_no_arn() -> None:
    assert authorization_failure(asked(anonymous=True))["context"]["principal"] == {"id": "", "arn": ""}
