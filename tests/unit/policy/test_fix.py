"""The smallest statement that would allow a denied request."""

from typing import Any

import pytest

from iamd.policy.cases import read_case
from iamd.policy.question import Question
from iamd.policy.telling import told

ALICE = "arn:aws:iam::111122223333:user/alice"
KEY = "arn:aws:s3:::b/k"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def doc(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def shown(**more: Any) -> dict[str, Any]:
    case = read_case({"principal": ALICE, "action": "s3:GetObject", "resource": KEY, **more})
    return Question(case.request, case.layers).to_json()


def test_nothing_allows_and_one_statement_would() -> None:
    fix = shown()["fix"]
    assert fix == {
        "layer": "IDENTITY",
        "statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": KEY},
        "narrower": [],
    }


def test_conditions_that_hold_are_kept_and_those_that_fail_are_shown_to_fail() -> None:
    nearly = {
        "Effect": "Allow",
        "Action": "s3:Get*",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {
            "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
            "StringEquals": {"aws:PrincipalTag/team": "red"},
        },
    }
    answer = shown(
        identityPolicies=[doc(nearly)], context={"aws:SourceIp": "10.1.2.3", "aws:PrincipalTag/team": "blue"}
    )
    kept = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    assert answer["fix"]["statement"] == {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": KEY,
        "Condition": kept,
    }
    (narrower,) = answer["fix"]["narrower"]
    assert narrower["Condition"] == {**kept, "StringEquals": {"aws:PrincipalTag/team": "red"}}
    text = told(answer)
    assert "StringEquals aws:PrincipalTag/team: it was blue, needed red" in text
    assert "StringEquals aws:PrincipalTag/team: red" in text


@pytest.mark.parametrize(
    ("case", "blocked_by"),
    [
        ({"identityPolicies": [doc({**ALL, "Effect": "Deny"})]}, "IDENTITY"),
        ({"permissionBoundaries": [doc({**ALL, "Action": "ec2:*"})]}, "BOUNDARY"),
        ({"scps": [[doc({**ALL, "Action": "ec2:*"})]]}, "SCP"),
        ({"resource": "arn:aws:sqs:us-east-1:444455556666:q", "action": "sqs:SendMessage"}, "RESOURCE"),
        ({"principal": "arn:aws:iam::111122223333:root", "action": "sts:AssumeRole"}, "IDENTITY"),
    ],
)
def test_no_allow_can_help_where_something_else_stands_in_the_way(case: dict[str, Any], blocked_by: str) -> None:
    answer = shown(**case)
    assert (answer["fix"], answer["fixBlockedBy"]) == (None, blocked_by)
    assert "No allow can help" in told(answer)


@pytest.mark.parametrize(
    ("case", "layer", "principal"),
    [
        ({"permissionBoundaries": [doc({**ALL, "Action": "ec2:*"})]}, "BOUNDARY", None),
        ({"scps": [[doc(ALL)], [doc({**ALL, "Action": "ec2:*"})]]}, "SCP", None),
        ({"sessionPolicy": doc({**ALL, "Action": "ec2:*"})}, "SESSION", None),
        ({"resourceAccount": "444455556666"}, "RESOURCE", {"AWS": ALICE}),
    ],
)
def test_the_statement_goes_where_the_allow_is_missing(case: dict[str, Any], layer: str, principal: Any) -> None:
    fix = shown(identityPolicies=[doc(ALL)], **case)["fix"]
    assert fix["layer"] == layer
    assert fix["statement"].get("Principal") == principal


def test_a_trust_policy_s_statement_names_the_role_and_no_resource() -> None:
    role = "arn:aws:iam::111122223333:role/app"
    answer = shown(action="sts:AssumeRole", resource=role, identityPolicies=[doc(ALL)])
    assert answer["fix"]["layer"] == "RESOURCE"
    assert answer["fix"]["statement"] == {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}


def test_a_wildcard_in_a_name_stays_a_character() -> None:
    fix = shown(resource="arn:aws:s3:::b/a*?${x}")["fix"]
    assert fix["statement"]["Resource"] == "arn:aws:s3:::b/a${*}${?}${$}{x}"


def test_nothing_is_offered_for_what_is_allowed() -> None:
    answer = shown(identityPolicies=[doc(ALL)])
    assert (answer["fix"], answer["fixBlockedBy"]) == (None, None)
    assert told(answer).splitlines()[0] == f"{ALICE} is allowed s3:GetObject on {KEY}"
