"""The export of a real account (`aws iam get-account-authorization-details`): whose policies are whose."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.cases import CaseError, principal_named
from iamd.policy.details import AuthorizationDetails
from tests.unit.policy.asked import ALICE, ALL, ELSE, HOME, doc

ROLE = f"arn:aws:iam::{HOME}:role/path/app"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/app/s"
MANAGED = f"arn:aws:iam::{HOME}:policy/m"
TRUST = doc({"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"})


def export(**changes: Any) -> dict[str, Any]:
    return {
        "UserDetailList": [
            {
                "Arn": ALICE,
                "UserId": "AIDAALICE",
                "UserPolicyList": [{"PolicyName": "inline", "PolicyDocument": doc(ALL)}],
                "AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": MANAGED}],
                "GroupList": ["devs"],
                "PermissionsBoundary": {"PermissionsBoundaryArn": MANAGED},
                "Tags": [{"Key": "Team", "Value": "red"}, {"Key": "b", "Value": "c"}],
            },
            {"Arn": f"arn:aws:iam::{HOME}:user/bob"},
        ],
        "GroupDetailList": [
            {
                "GroupName": "devs",
                "GroupPolicyList": [{"PolicyName": "g", "PolicyDocument": doc(ELSE)}],
                "AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": MANAGED}],
            }
        ],
        "RoleDetailList": [
            {
                "Arn": ROLE,
                "AssumeRolePolicyDocument": TRUST,
                "RolePolicyList": [{"PolicyName": "r", "PolicyDocument": quote(json.dumps(doc(ALL)))}],
            }
        ],
        "Policies": [
            {
                "Arn": MANAGED,
                "PolicyName": "m",
                "DefaultVersionId": "v2",
                "PolicyVersionList": [
                    {"VersionId": "v1", "IsDefaultVersion": False, "Document": doc(ALL)},
                    {"VersionId": "v2", "IsDefaultVersion": True, "Document": json.dumps(doc(ELSE))},
                ],
            }
        ],
        **changes,
    }


def details(**changes: Any) -> AuthorizationDetails:
    return AuthorizationDetails(json.dumps(export(**changes)))


def test_a_user_has_its_own_and_its_groups_policies() -> None:
    found = details().of(principal_named(ALICE))
    assert found.arn == ALICE
    held = [(each.through, each.policy.statements[0].ref) for each in found.held]
    assert [(through, ref.policy_arn, ref.policy_name) for through, ref in held] == [
        ("", None, "inline"),
        ("", MANAGED, "m"),
        ("group devs", None, "g"),
        ("group devs", MANAGED, "m"),
    ]
    assert [policy.statements[0].source.actions for policy in found.identity] == [
        ("*",),
        ("ec2:*",),
        ("ec2:*",),
        ("ec2:*",),
    ]
    (boundary,) = found.boundaries
    assert (boundary.statements[0].ref.policy_arn, boundary.statements[0].document.kind.value) == (MANAGED, "BOUNDARY")
    assert [each.policy.statements[0].document.kind.value for each in found.held] == ["IDENTITY"] * 4


def test_a_session_has_its_roles_policies() -> None:
    account = details()
    for caller in (principal_named(SESSION), principal_named(ROLE)):
        found = account.of(caller)
        assert (found.arn, len(found.held), found.boundaries) == (ROLE, 1, [])
        assert found.identity[0].statements[0].ref.policy_name == "r"


def test_answers_are_remembered() -> None:
    account = details()
    assert account.of(principal_named(ALICE)) is account.of(principal_named(ALICE))


def test_who_is_in_the_file() -> None:
    assert [*details().principals()] == [
        Principal(PrincipalKind.USER, ALICE, HOME, "AIDAALICE"),
        Principal(PrincipalKind.USER, f"arn:aws:iam::{HOME}:user/bob", HOME),
        Principal(PrincipalKind.ASSUMED_ROLE, ROLE, HOME, issuer_arn=ROLE),
    ]


def test_tags() -> None:
    account = details()
    assert account.tags_of(principal_named(ALICE)) == {"Team": "red", "b": "c"}
    assert account.tags_of(principal_named(SESSION)) == {}


def test_a_role_s_trust_policy() -> None:
    account = details()
    trust = account.trust_policy(ROLE)
    assert trust is not None
    (statement,) = trust.statements
    assert (statement.ref.policy_name, statement.ref.policy_arn) == ("trust", None)
    assert statement.document.kind.value == "TRUST"
    assert account.trust_policy(ROLE.replace("path/", "")) is None


@pytest.mark.parametrize(
    "caller",
    [
        f"arn:aws:iam::{HOME}:user/nobody",
        f"arn:aws:iam::{HOME}:root",
        f"arn:aws:sts::{HOME}:assumed-role/other/s",
        f"arn:aws:sts::{HOME}:federated-user/alice",
        "ec2.amazonaws.com",
    ],
)
def test_who_is_not_in_the_file(caller: str) -> None:
    for ask in (details().of, details().tags_of):
        with pytest.raises(CaseError) as caught:
            ask(principal_named(caller))
        assert str(caught.value) == f"principal {caller} is not in the authorization details"


def version(**changes: Any) -> dict[str, Any]:
    return {"VersionId": "v2", "IsDefaultVersion": True, "Document": doc(ALL), **changes}


def policies(**changes: Any) -> dict[str, Any]:
    return {"Policies": [{"Arn": MANAGED, "PolicyName": "m", "DefaultVersionId": "v2", **changes}]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Policies": []}, f"policy {MANAGED} is not in the authorization details"),
        ({"GroupDetailList": []}, "group devs is not in the authorization details"),
        (policies(), f"the default version of policy {MANAGED} is not in the authorization details"),
        (
            policies(PolicyVersionList=[version(IsDefaultVersion=False, VersionId="v1")]),
            f"the default version of policy {MANAGED} is not in the authorization details",
        ),
        (
            policies(PolicyVersionList=[{"Document": doc(ALL)}], DefaultVersionId=None),
            f"the default version of policy {MANAGED} is not in the authorization details",
        ),
        (policies(PolicyVersionList=[version(Document=None)]), f"policy {MANAGED} has no document: null"),
        (
            policies(PolicyVersionList=[version(Document=["x" * 200])]),
            f'policy {MANAGED} has no document: ["{"x" * 78}',
        ),
        (
            policies(PolicyVersionList=[version(Document={})]),
            f"policy {MANAGED}: Statement: is missing",
        ),
    ],
)
def test_a_policy_that_is_not_there_might_deny(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseError) as caught:
        details(**changes).of(principal_named(ALICE))
    assert str(caught.value) == words


def test_an_inline_policy_without_a_document_is_named() -> None:
    users = [{"Arn": ALICE, "UserPolicyList": [{"PolicyName": "mine"}]}]
    with pytest.raises(CaseError) as caught:
        details(UserDetailList=users).of(principal_named(ALICE))
    assert str(caught.value) == "policy mine has no document: null"
    unnamed = [{"Arn": ALICE, "UserPolicyList": [{"PolicyDocument": doc(ALL)}]}]
    (policy,) = details(UserDetailList=unnamed).of(principal_named(ALICE)).identity
    assert policy.statements[0].ref.policy_name == ""


@pytest.mark.parametrize("found", [{"IsDefaultVersion": True}, {"VersionId": "v2"}])
def test_the_default_version_is_told_by_either_word(found: dict[str, Any]) -> None:
    versions = [version(VersionId="v1", IsDefaultVersion=False, Document=doc(ELSE)), {"Document": doc(ALL), **found}]
    held = details(**policies(PolicyVersionList=versions)).of(principal_named(ALICE))
    assert held.boundaries[0].statements[0].source.actions == ("*",)


@pytest.mark.parametrize(
    "written", [doc(ALL), json.dumps(doc(ALL)), quote(json.dumps(doc(ALL))), " " + json.dumps(doc(ALL))]
)
def test_a_document_in_every_form(written: Any) -> None:
    users = [{"Arn": ALICE, "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": written}]}]
    (policy,) = details(UserDetailList=users).of(principal_named(ALICE)).identity
    assert policy.statements[0].source.actions == ("*",)


def test_a_percent_sign_in_json_is_left_alone() -> None:
    text = json.dumps(doc({**ALL, "Resource": "arn:aws:s3:::b/%41"}))
    users = [{"Arn": ALICE, "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": text}]}]
    (policy,) = details(UserDetailList=users).of(principal_named(ALICE)).identity
    assert policy.statements[0].source.resources == ("arn:aws:s3:::b/%41",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "a JSON object is expected"),
        ("nope", "not valid JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"UserDetailList": {}}', "UserDetailList must be a list of objects with Arn"),
        ('{"RoleDetailList": [1]}', "RoleDetailList must be a list of objects with Arn"),
        ('{"Policies": [{"Arn": 1}]}', "Policies must be a list of objects with Arn"),
        ('{"Policies": [{"Arn": "a"}, {}]}', "Policies must be a list of objects with Arn"),
        ('{"GroupDetailList": [{"Arn": "a"}]}', "GroupDetailList must be a list of objects with GroupName"),
    ],
)
def test_what_is_no_export(text: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        AuthorizationDetails(text)
    assert str(caught.value) == words
