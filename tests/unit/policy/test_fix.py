"""The smallest statement that would allow a denied request."""

from dataclasses import replace
from typing import Any

import pytest

from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.cases import read_case
from iamd.policy.question import Question
from iamd.policy.telling import told

ALICE = "arn:aws:iam::111122223333:user/alice"
KEY = "arn:aws:s3:::b/k"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


CASE = {"principal": ALICE, "action": "s3:GetObject", "resource": KEY}


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


@pytest.mark.parametrize(
    ("action", "resource", "names_resource"),
    [
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/app:x", False),
        ("STS:AssumeRole", "arn:aws:iam::111122223333:role/app", False),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/app", True),
        ("sts:GetServiceBearerToken", "arn:aws:sts::111122223333:x", True),
        ("sts:AssumeRole", "iam", True),
    ],
)
def test_only_a_trust_policy_s_statement_names_no_resource(action: str, resource: str, names_resource: bool) -> None:
    fix = shown(action=action, resource=resource, resourceAccount="444455556666", identityPolicies=[doc(ALL)])["fix"]
    assert fix["layer"] == "RESOURCE"
    assert ("Resource" in fix["statement"]) is names_resource


def test_a_wildcard_in_a_name_stays_a_character() -> None:
    fix = shown(resource="arn:aws:s3:::b/a*?${x}")["fix"]
    assert fix["statement"]["Resource"] == "arn:aws:s3:::b/a${*}${?}${$}{x}"


def test_a_colon_in_a_name_does_not_end_it() -> None:
    fix = shown(resource="arn:aws:s3:::b/a:b:*")["fix"]
    assert fix["statement"]["Resource"] == "arn:aws:s3:::b/a:b:${*}"
    assert shown(resource="a:b*")["fix"]["statement"]["Resource"] == "a:b*"


def test_of_several_allows_the_nearest_is_the_one_to_start_from() -> None:
    """One that is about this resource before one about another; then the one that fails in fewer places."""

    def nearly(name: str, *keys: str, resource: str = "*") -> dict[str, Any]:
        return {**ALL, "Resource": resource, "Condition": {"Bool": dict.fromkeys((*keys, f"aws:{name}"), "true")}}

    far = nearly("far", resource="arn:aws:s3:::c")
    near, nearer = nearly("near", "aws:x"), nearly("nearer")
    denying = {**nearly("deny"), "Effect": "Deny"}
    (narrower,) = shown(identityPolicies=[doc(denying, far, near, nearer)])["fix"]["narrower"]
    assert narrower["Condition"] == {"Bool": {"aws:nearer": "true"}}
    first, second = shown(identityPolicies=[doc(far, near)])["fix"]["narrower"]
    assert (first["Condition"], second["Condition"]) == ({"Bool": {"aws:x": "true"}}, {"Bool": {"aws:near": "true"}})


def test_the_level_that_allows_nothing_is_the_one_that_is_mended() -> None:
    condition = {"Bool": {"aws:a": "true"}}
    other = {**ALL, "Condition": {"Bool": {"aws:b": "true"}}}
    answer = shown(
        identityPolicies=[doc(ALL)],
        scps=[[doc(ALL, other)], [doc({**ALL, "Condition": condition})], [doc(ALL, other)]],
    )
    assert answer["fix"]["layer"] == "SCP"
    assert [each["Condition"] for each in answer["fix"]["narrower"]] == [condition]
    bounded = shown(identityPolicies=[doc(ALL)], permissionBoundaries=[doc(ALL), doc({**ALL, "Condition": condition})])
    assert bounded["fix"]["layer"] == "BOUNDARY"
    assert [each["Condition"] for each in bounded["fix"]["narrower"]] == [condition]
    two = shown(identityPolicies=[doc(ALL)], scps=[[doc({**ALL, "Action": "ec2:*"})]] * 2)
    assert (two["fix"], two["fixBlockedBy"]) == (None, "SCP")


@pytest.mark.parametrize(
    ("caller", "named"),
    [
        ({"principal": "ec2.amazonaws.com"}, {"Service": "ec2.amazonaws.com"}),
        ({"principal": "accounts.google.com"}, {"Federated": "accounts.google.com"}),
        ({"anonymous": True}, "*"),
        ({"principal": "arn:aws:iam::111122223333:role/p/app"}, {"AWS": "arn:aws:iam::111122223333:role/p/app"}),
        (
            {"principal": "arn:aws:sts::111122223333:assumed-role/app/s"},
            {"AWS": "arn:aws:sts::111122223333:assumed-role/app/s"},
        ),
    ],
)
def test_a_resource_s_statement_names_the_caller(caller: dict[str, Any], named: Any) -> None:
    fix = shown(**caller, identityPolicies=[doc(ALL)], resourceAccount="444455556666")["fix"]
    assert (fix["layer"], fix["statement"]["Principal"]) == ("RESOURCE", named)


def test_a_caller_whose_id_is_known_is_compared_by_it_and_written_by_name() -> None:
    case = read_case({"principal": ALICE, "action": "s3:GetObject", "resource": KEY, "resourceAccount": "444455556666"})
    role = "arn:aws:iam::111122223333:role/app"
    session = "arn:aws:sts::111122223333:assumed-role/app/s"
    for principal, written in (
        (Principal(PrincipalKind.USER, ALICE, "111122223333", "AIDAALICE0000000"), ALICE),
        (Principal(PrincipalKind.ASSUMED_ROLE, session, "111122223333", "AROAAPP:s", role, "AROAAPP0000000000"), role),
    ):
        layers = replace(case.layers, identity=read_case({**CASE, "identityPolicies": [doc(ALL)]}).layers.identity)
        answer = Question(replace(case.request, principal=principal), layers).to_json()
        assert answer["fix"]["statement"]["Principal"] == {"AWS": written}
        condition = {"Bool": {"aws:a": "true"}}
        granting = doc({**ALL, "Principal": "*", "Condition": condition})
        nearly = read_case({**CASE, "resourcePolicy": granting}).layers.resource
        fix = Question(replace(case.request, principal=principal), replace(layers, resource=nearly)).to_json()["fix"]
        assert [(each["Principal"], each["Condition"]) for each in fix["narrower"]] == [({"AWS": written}, condition)]


def test_nothing_is_offered_for_what_is_allowed() -> None:
    answer = shown(identityPolicies=[doc(ALL)])
    assert (answer["fix"], answer["fixBlockedBy"]) == (None, None)
    assert told(answer).splitlines()[0] == f"{ALICE} is allowed s3:GetObject on {KEY}"
