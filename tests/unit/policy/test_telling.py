"""The words in which a decision is explained to people, whole."""

from dataclasses import replace
from typing import Any

import pytest

from iamd.policy.telling import Line, tell, told
from tests.unit.policy.asked import ALICE, ALL, AWAY, ELSE, HOME, KEY, asked, doc

OFFER = ["  {", '    "Effect": "Allow",', '    "Action": "s3:GetObject",', f'    "Resource": "{KEY}"', "  }"]
NEVER = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}


def denied(*lines: str, who: str = ALICE) -> list[str]:
    return [f"{who} is denied s3:GetObject on {KEY}", *lines]


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": (
        {},
        denied(
            "  because of no allow in: identity-based policies",
            "  identity-based policies: allows nothing here",
            "The smallest statement that allows it, in: identity-based policies",
            *OFFER,
        ),
    ),
    "allowed": (
        {"identityPolicies": [doc({**ALL, "Sid": "all"})]},
        [
            f"{ALICE} is allowed s3:GetObject on {KEY}",
            "  identity-based policies: allows",
            "    Allow in identityPolicies[0], statement 1 (all): matches",
        ],
    ),
    "denied": (
        {"identityPolicies": [doc(ALL, {"Effect": "Deny", "Action": "s3:*", "Resource": KEY, "Sid": "no"})]},
        denied(
            "  because of an explicit deny in: identity-based policies",
            "  identity-based policies: denies",
            "    Allow in identityPolicies[0], statement 1: matches",
            "    Deny in identityPolicies[0], statement 2 (no): matches",
            "No allow can help: blocked by identity-based policies",
        ),
    ),
    "a level of an organization": (
        {"identityPolicies": [doc(ALL)], "scps": [[doc(ALL)], [doc(ELSE)]]},
        denied(
            "  because of no allow in: service control policies",
            "  service control policies: allows",
            "    Allow in scps[0][0], statement 1: matches",
            "  service control policies (level 1): allows nothing here",
            "  identity-based policies: allows",
            "    Allow in identityPolicies[0], statement 1: matches",
            "The smallest statement that allows it, in: service control policies",
            *OFFER,
        ),
    ),
    "a level that denies": (
        {"identityPolicies": [doc(ALL)], "rcps": [[], [doc(NEVER)]]},
        denied(
            "  because of an explicit deny in: resource control policies",
            "  resource control policies: allows nothing here",
            "  resource control policies (level 1): denies",
            "    Deny in rcps[1][0], statement 1: matches",
            "  identity-based policies: allows",
            "    Allow in identityPolicies[0], statement 1: matches",
            "No allow can help: blocked by resource control policies",
        ),
    ),
    "several layers": (
        {"permissionBoundaries": [doc(ALL), doc(ELSE)], "sessionPolicy": doc(ELSE)},
        denied(
            "  because of no allow in: identity-based policies, permissions boundary, session policy",
            "  identity-based policies: allows nothing here",
            "  permissions boundary: allows",
            "    Allow in permissionBoundaries[0], statement 1: matches",
            "  permissions boundary (level 1): allows nothing here",
            "  session policy: allows nothing here",
            "No allow can help: blocked by permissions boundary",
        ),
    ),
    "conditions": (
        {
            "anonymous": True,
            "context": {"aws:a": ["p", "é"], "aws:b": "é"},
            "resourcePolicy": doc(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": [HOME, ALICE]},
                    "Action": "s3:Get*",
                    "Resource": "arn:aws:s3:::c/*",
                    "Condition": {
                        "StringEquals": {"aws:a": ["x", "y"], "aws:b": "é"},
                        "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
                    },
                }
            ),
        },
        denied(
            "  because of no allow in: resource-based policy",
            "  resource-based policy: allows nothing here",
            "    Allow in resourcePolicy, statement 1: does not apply",
            f'      Principal: anonymous, written ["AWS:{HOME}", "AWS:{ALICE}"]',
            f"      Resource: {KEY}, written arn:aws:s3:::c/*",
            '      StringEquals aws:a: it was ["p", "é"], needed ["x", "y"]',
            "      IpAddress aws:SourceIp: the request has no such key, needed 10.0.0.0/8",
            "  identity-based policies: allows nothing here",
            "The smallest statement that allows it, in: resource-based policy",
            "  {",
            '    "Effect": "Allow",',
            '    "Principal": "*",',
            '    "Action": "s3:GetObject",',
            f'    "Resource": "{KEY}",',
            '    "Condition": {',
            '      "StringEquals": {',
            '        "aws:b": "é"',
            "      }",
            "    }",
            "  }",
            "  These conditions of the nearest statement would have to hold, or go:",
            '    StringEquals aws:a: ["x", "y"]',
            "    IpAddress aws:SourceIp: 10.0.0.0/8",
            who="anonymous",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_whole_explanation(name: str) -> None:
    case, lines = CASES[name]
    assert told(asked(**case).to_json()).splitlines() == lines


@pytest.mark.parametrize(
    ("case", "styles"),
    [
        ({}, ["bad", "bad", "bad", "good", *[""] * 5]),
        ({"identityPolicies": [doc(ALL)]}, ["good", "good", "good"]),
        (
            {"identityPolicies": [doc(ALL, {**ALL, "Effect": "Deny"})]},
            ["bad", "bad", "bad", "good", "bad", "bad"],
        ),
        (
            {"identityPolicies": [doc(ALL)], "scps": [[], [doc(ALL), doc({**ALL, "Resource": "arn:aws:s3:::c"})]]},
            ["bad", "bad", "bad", "good", "good", "faint", "faint", "good", "good", "good", *[""] * 5],
        ),
        ({"identityPolicies": [doc(ALL)], "rcps": [[]]}, ["good", "faint", "good", "good"]),
        (
            {"identityPolicies": [doc({**ALL, "Condition": {"Bool": {"aws:a": "true"}}})]},
            ["bad", "bad", "bad", "faint", "faint", "good", *[""] * 5, "faint", "faint"],
        ),
    ],
)
def test_what_stands_in_the_way_is_told_from_what_helps(case: dict[str, Any], styles: list[str]) -> None:
    assert [line.style for line in tell(asked(**case).to_json())] == styles


def test_what_a_statement_excludes_is_named_as_it_is_written() -> None:
    spared = {"Effect": "Deny", "NotPrincipal": {"AWS": [HOME, ALICE]}, "Action": "*", "Resource": "*"}
    elsewhere = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "NotResource": ["arn:aws:s3:::b/*", "x"]}
    shown = asked(resourcePolicy=doc(spared, elsewhere), identityPolicies=[doc(ALL)]).to_json()
    assert [line.text for line in tell(shown) if ", written " in line.text] == [
        f'NotPrincipal: {ALICE}, written ["AWS:{HOME}", "AWS:{ALICE}"]',
        f'NotResource: {KEY}, written ["arn:aws:s3:::b/*", "x"]',
    ]


def test_a_managed_policy_is_named_with_its_version() -> None:
    shown = asked(identityPolicies=[doc(ALL)]).to_json()
    shown["layers"][0]["statements"][0] |= {"policy": "arn:aws:iam::aws:policy/A", "version": "v3"}
    assert told(shown).splitlines()[2] == "    Allow in arn:aws:iam::aws:policy/A v3, statement 1: matches"
    shown["layers"][0]["statements"][0] |= {"policy": "", "version": None}
    assert told(shown).splitlines()[2] == "    Allow in policy, statement 1: matches"


def test_what_matches_comes_first_and_no_more_than_twenty_are_told() -> None:
    near = [{**ALL, "Resource": f"arn:aws:s3:::b/{number}"} for number in range(20)]
    lines = told(asked(identityPolicies=[doc(*near, ALL)]).to_json()).splitlines()
    assert lines[2] == "    Allow in identityPolicies[0], statement 21: matches"
    assert [line for line in lines if "does not apply" in line][-1].startswith("    Allow in identityPolicies[0], st")
    assert len([line for line in lines if "does not apply" in line]) == 19
    assert lines[-1] == "    and 1 more that name the action"
    fewer = told(asked(identityPolicies=[doc(*near[:19], ALL)]).to_json())
    assert "more that name" not in fewer
    last = [*tell(asked(identityPolicies=[doc(*near, ALL)]).to_json())][-1]
    assert last == Line(2, "and 1 more that name the action", "faint")


def test_a_long_list_is_cut() -> None:
    def line_with(value: str) -> str:
        condition = {"StringEquals": {"aws:a": value}}
        lines = told(asked(identityPolicies=[doc({**ALL, "Condition": condition})]).to_json()).splitlines()
        return lines[4].strip()

    start = "StringEquals aws:a: the request has no such key, needed "
    assert line_with("x" * 300) == start + "x" * 300
    assert line_with("x" * 301) == start + "x" * 300 + "…"


def test_what_was_left_out_is_said() -> None:
    shown = replace(asked(identityPolicies=[doc(ALL)]), abridged=True)
    line = Line(1, "statements about other resources were too many to keep", "faint")
    assert [*tell(shown.to_json())][-1] == line
    assert line not in tell(asked(identityPolicies=[doc(ALL)]).to_json())


def test_a_barred_caller_is_told_of_the_setting() -> None:
    shown = replace(asked(identityPolicies=[doc(ALL)]), barred=True).to_json()
    assert (shown["decision"], shown["blockedBy"], shown["barred"]) == ("ExplicitlyDenied", "RESOURCE", True)
    bar = Line(1, "S3 Block Public Access: the bucket policy is public and RestrictPublicBuckets is on", "bad")
    lines = [*tell(shown)]
    assert lines[1] == bar
    assert lines[-1] == Line(0, "No allow can help: blocked by resource-based policy", "bad")


def test_the_owner_s_tags_are_not_told_to_another_account() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "red", "s3:ExistingObjectTag/a": "b", "aws:b": "c"}}
    policy = doc({**ALL, "Condition": condition})
    context = {"aws:ResourceTag/team": "blue", "s3:ExistingObjectTag/a": "x", "aws:b": "y"}
    question = asked(identityPolicies=[policy], context=context, resourceAccount=AWAY)
    assert [line.strip() for line in told(question.to_json(outside=True)).splitlines() if " needed " in line] == [
        "StringEquals aws:ResourceTag/team: it is another account's, needed red",
        "StringEquals s3:ExistingObjectTag/a: it is another account's, needed b",
        "StringEquals aws:b: it was y, needed c",
    ]
    assert "it was blue" in told(question.to_json())
    owner = asked(resourcePolicy=doc({**ALL, "Principal": "*"}))
    assert owner.explain().layers[0].matched
    assert not owner.explain(outside=True).layers[0].matched
