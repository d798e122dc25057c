"""`iamd decide`, as its contract says it."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from iamd.cli.decide import decide

ALICE = "arn:aws:iam::111122223333:user/alice"
SESSION = "arn:aws:sts::111122223333:assumed-role/app/s"
ALLOW_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
DENY_PUT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"}]}
CASE = {"id": 1, "principal": ALICE, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}


def run(*lines: str | dict[str, Any], arguments: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    result = CliRunner().invoke(decide, list(arguments), input=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_is_answered_in_order_whatever_is_wrong_with_it() -> None:
    answers = run({**CASE, "identityPolicies": [ALLOW_S3]}, "", "nope", "[]", {**CASE, "id": {"any": [None]}})
    assert [answer["id"] for answer in answers] == [1, None, None, None, {"any": [None]}]
    assert answers[0]["decision"] == "Allowed"
    assert answers[0]["blockedBy"] is None
    assert all("error" in answer for answer in answers[1:4])
    assert (answers[4]["decision"], answers[4]["blockedBy"]) == ("ImplicitlyDenied", "IDENTITY")


@pytest.mark.parametrize(
    "change",
    [
        {"action": None},
        {"action": 7},
        {"principal": None},
        {"principal": "alice"},
        {"principal": "arn:aws:iam::111122223333:group/g"},
        {"principal": "arn:aws:iam::1:user/alice"},
        {"anonymous": "yes"},
        {"context": []},
        {"context": {"a": {}}},
        {"context": {"a:b": "1", "A:B": "2"}},
        {"identityPolicies": ALLOW_S3},
        {"identityPolicies": ["{}"]},
        {"identityPolicies": [{"Statement": [{"Effect": "Allow", "Action": "*"}]}]},
        {"scps": [ALLOW_S3]},
        {"sessionPolicy": [ALLOW_S3]},
        {"permissionsBoundary": [ALLOW_S3]},
        {"resourcePolicy": ALLOW_S3},
    ],
)
def test_what_is_no_case_or_policy_is_an_error_with_its_id(change: dict[str, Any]) -> None:
    (answer,) = run({**CASE, **change})
    assert answer["id"] == 1
    assert set(answer) == {"id", "error"}


def test_repeated_names_are_refused_and_other_fields_ignored() -> None:
    repeated = json.dumps({**CASE, "identityPolicies": [ALLOW_S3]}).replace('"Effect"', '"Effect": "Deny", "Effect"')
    first, second = run(repeated, {**CASE, "comment": "why", "identityPolicies": [ALLOW_S3]})
    assert "error" in first
    assert second["decision"] == "Allowed"


def test_a_list_is_multivalued_even_with_one_value() -> None:
    condition = {"StringEquals": {"aws:x": "a"}}
    policy = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}}
    one, many = run(*({**CASE, "identityPolicies": [policy], "context": {"AWS:X": value}} for value in ("a", ["a"])))
    assert (one["decision"], many["decision"]) == ("Allowed", "ImplicitlyDenied")
    (mismatch,) = many["explanation"]["layers"][0]["statements"][0]["mismatches"]
    assert mismatch == {
        "element": "Condition", "operator": "StringEquals", "key": "aws:x", "had": ["a"], "needed": ["a"],
    }  # fmt: skip


DETAILS = {
    "UserDetailList": [
        {
            "Arn": ALICE,
            "UserPolicyList": [{"PolicyName": "inline", "PolicyDocument": quote(json.dumps(DENY_PUT))}],
            "GroupList": ["devs"],
            "AttachedManagedPolicies": [],
        },
        {
            "Arn": ALICE.replace("alice", "bob"),
            "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/Gone"}],
        },
    ],
    "GroupDetailList": [
        {"GroupName": "devs", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/s3"}]}
    ],
    "RoleDetailList": [
        {
            "Arn": "arn:aws:iam::111122223333:role/path/app",
            "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": ALLOW_S3}],
            "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/s3"},
        }
    ],
    "Policies": [
        {
            "Arn": "arn:aws:iam::111122223333:policy/s3",
            "PolicyName": "s3",
            "DefaultVersionId": "v2",
            "PolicyVersionList": [
                {"VersionId": "v1", "IsDefaultVersion": False, "Document": DENY_PUT},
                {"VersionId": "v2", "IsDefaultVersion": True, "Document": quote(json.dumps(ALLOW_S3))},
            ],
        }
    ],
}


def test_the_policies_come_from_a_real_accounts_export(tmp_path: Path) -> None:
    file = tmp_path / "details.json"
    file.write_text(json.dumps(DETAILS))
    answers = run(
        CASE,
        {**CASE, "action": "s3:PutObject"},
        {**CASE, "principal": SESSION},
        {**CASE, "principal": SESSION, "action": "iam:GetUser"},
        {**CASE, "principal": SESSION, "identityPolicies": [], "permissionBoundaries": []},
        {**CASE, "principal": ALICE.replace("alice", "bob")},
        {**CASE, "principal": ALICE.replace("alice", "nobody")},
        {**CASE, "principal": "arn:aws:iam::111122223333:root"},
        arguments=("--authorization-details", str(file)),
    )
    assert [(answer.get("decision"), answer.get("blockedBy")) for answer in answers] == [
        ("Allowed", None),
        ("ExplicitlyDenied", "IDENTITY"),
        ("Allowed", None),
        ("ImplicitlyDenied", "IDENTITY"),
        ("ImplicitlyDenied", "IDENTITY"),
        (None, None),
        (None, None),
        ("Allowed", None),
    ]
    assert "Gone" in answers[5]["error"]


def test_a_file_that_is_no_export_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "details.json"
    file.write_text("[]")
    result = CliRunner().invoke(decide, ["--authorization-details", str(file)], input="")
    assert result.exit_code != 0
    assert str(file) in result.output
