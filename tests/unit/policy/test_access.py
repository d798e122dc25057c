"""`iamd who-can`: the statements that give access, and no others."""

from typing import Any

import pytest

from iamd.model.decision import Layer, StatementRef
from iamd.policy.access import Held, Path, access_of
from iamd.policy.needed import needed_allows
from iamd.policy.question import Question
from tests.unit.policy.asked import ALICE, ALL, AWAY, ELSE, HOME, KEY, asked, doc


def paths(question: Question, *through: str, is_root: bool = False) -> list[dict[str, Any]] | None:
    names = [*through, *[""] * (len(question.layers.identity) - len(through))]
    held = [Held(name, policy) for name, policy in zip(names, question.layers.identity, strict=True)]
    found = access_of(question, held, is_root=is_root)
    return None if found is None else [path.to_json() for path in found.via]


def granting(named: Any, **more: Any) -> dict[str, Any]:
    return doc({"Effect": "Allow", "Principal": named, "Action": "s3:*", "Resource": "*", **more})


def test_every_allow_that_applies_is_a_path() -> None:
    elsewhere = {**ALL, "Resource": "arn:aws:s3:::c"}
    policies = [doc(ELSE, {**ALL, "Sid": "Mine"}), doc(elsewhere, ALL)]
    assert paths(asked(identityPolicies=policies), "", "group devs") == [
        {"layer": "IDENTITY", "policy": "identityPolicies[0]", "statement": 1, "sid": "Mine"},
        {"layer": "IDENTITY", "through": "group devs", "policy": "identityPolicies[1]", "statement": 1},
    ]


def test_who_is_denied_has_no_path() -> None:
    assert paths(asked(identityPolicies=[doc(ELSE)])) is None
    assert paths(asked(identityPolicies=[doc(ALL, {**ALL, "Effect": "Deny"})])) is None


def test_a_deny_elsewhere_is_no_path() -> None:
    deny = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
    (path,) = paths(asked(identityPolicies=[doc(deny, ALL)])) or []
    assert path["statement"] == 1


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ({"resourcePolicy": granting({"AWS": ALICE})}, ["RESOURCE"]),
        ({"resourcePolicy": granting({"AWS": HOME}), "identityPolicies": [doc(ALL)]}, ["IDENTITY"]),
        ({"resourcePolicy": granting({"AWS": AWAY}), "identityPolicies": [doc(ALL)]}, ["IDENTITY"]),
        (
            {"resourcePolicy": granting({"AWS": HOME}), "identityPolicies": [doc(ALL)], "resourceAccount": AWAY},
            ["IDENTITY", "RESOURCE"],
        ),
        (
            {"resourcePolicy": granting({"AWS": HOME}), "identityPolicies": [doc(ALL)], "resourceAccount": HOME},
            ["IDENTITY"],
        ),
        (
            {
                "action": "kms:Decrypt",
                "resource": f"arn:aws:kms:us-east-1:{HOME}:key/k",
                "identityPolicies": [doc(ALL)],
                "resourcePolicy": granting({"AWS": HOME}, Action="kms:*"),
            },
            ["IDENTITY", "RESOURCE"],
        ),
    ],
)
def test_a_resource_s_policy_is_a_path_where_it_grants_by_itself(case: dict[str, Any], found: list[str]) -> None:
    assert [path["layer"] for path in paths(asked(**case)) or []] == found


def test_root_needs_no_statement() -> None:
    question = asked(principal=f"arn:aws:iam::{HOME}:root")
    assert paths(question, is_root=True) == [{"layer": "ROOT"}]


def test_everybody_is_called_anonymous() -> None:
    found = access_of(asked(anonymous=True, resourcePolicy=granting("*")), [])
    assert found is not None
    assert (found.principal, [path.layer for path in found.via]) == ("anonymous", ["RESOURCE"])
    named = access_of(asked(identityPolicies=[doc(ALL)]), [])
    assert named is not None
    assert named.principal == ALICE


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (Path("ROOT"), "root of the account"),
        (Path("IDENTITY", "", StatementRef(None, "inline", 0, None)), "inline, statement 1"),
        (
            Path("IDENTITY", "group devs", StatementRef("arn:aws:iam::aws:policy/A", "A", 2, "Mine")),
            "group devs: arn:aws:iam::aws:policy/A, statement 3 (Mine)",
        ),
        (Path("RESOURCE", "", StatementRef(None, "resourcePolicy", 1, None)), "policy of the resource, statement 2"),
    ],
)
def test_a_path_in_words(path: Path, text: str) -> None:
    assert str(path) == text


@pytest.mark.parametrize(
    ("case", "needed"),
    [
        ({}, {Layer.IDENTITY}),
        ({"identityPolicies": [doc({**ALL, "Effect": "Deny"})]}, {Layer.IDENTITY}),
        ({"identityPolicies": [doc(ALL, {**ALL, "Effect": "Deny"})]}, set()),
        ({"identityPolicies": [doc(ALL)], "sessionPolicy": doc(ELSE)}, {Layer.SESSION}),
        ({"identityPolicies": [doc(ALL)], "permissionBoundaries": [doc(ELSE)]}, {Layer.BOUNDARY}),
        ({"identityPolicies": [doc(ALL)], "scps": [[doc(ALL)], [doc(ELSE)]]}, {Layer.SCP}),
        ({"identityPolicies": [doc(ALL)], "rcps": [[granting("*", Effect="Deny")]]}, set()),
        ({"identityPolicies": [doc(ALL)], "resourceAccount": AWAY}, {Layer.RESOURCE}),
        (
            {
                "identityPolicies": [doc(ALL)],
                "resourceAccount": AWAY,
                "resourcePolicy": granting({"AWS": HOME}),
                "sessionPolicy": doc(ALL),
                "resource": KEY,
            },
            set(),
        ),
        (
            {
                "identityPolicies": [doc(ALL)],
                "resource": f"arn:aws:kms:us-east-1:{HOME}:key/k",
                "action": "kms:Decrypt",
            },
            {Layer.RESOURCE},
        ),
    ],
)
def test_the_layers_that_lack_an_allow_whatever_denies(case: dict[str, Any], needed: set[Layer]) -> None:
    assert needed_allows(asked(**case)) == needed
