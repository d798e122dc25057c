"""`iamd who-can`: of a running server's accounts, and of the file that any account prints."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.server import BIN, Iamd, running

Doc = dict[str, Any]
KEY = "arn:aws:s3:::reports/q3"


def allow(action: Any, resource: Any = "*", **more: Any) -> Doc:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def who_can(*words: str | Path) -> dict[str, list[Doc]]:
    command: list[str | Path] = [BIN / "iamd", "who-can", "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["principal"]: line["via"] for line in lines}


def populated(iamd: Iamd) -> tuple[str, str]:
    """Alice by a group's managed policy, carol denied, a role by itself, dave by the bucket's policy."""
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    managed = iam.create_policy(PolicyName="readers", PolicyDocument=json.dumps(allow("s3:Get*")))["Policy"]["Arn"]
    iam.create_group(GroupName="devs")
    iam.attach_group_policy(GroupName="devs", PolicyArn=managed)
    for name in ("alice", "carol", "dave", "erin"):
        iamd.user(name)
    for name in ("alice", "carol"):
        iam.add_user_to_group(GroupName="devs", UserName=name)
    denied = {**allow("s3:*"), "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="carol", PolicyName="no", PolicyDocument=json.dumps(denied))
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="app", PolicyName="own", PolicyDocument=json.dumps(allow("s3:GetObject", KEY)))
    s3.create_bucket(Bucket="reports")
    dave = f"arn:aws:iam::{iamd.account}:user/dave"
    policy = allow("s3:GetObject", "arn:aws:s3:::reports/*", Principal={"AWS": dave}, Sid="Dave")
    s3.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))
    return managed, role


def test_everybody_with_access_is_listed_with_the_path_that_gives_it(tmp_path: Path) -> None:
    with running(tmp_path) as (iamd, _):
        managed, role = populated(iamd)
        found = who_can("s3:GetObject", KEY, "--data-dir", tmp_path)
        exported = tmp_path / "details.json"
        exported.write_text(iamd.cli("iam", "get-account-authorization-details").stdout)
    arn = f"arn:aws:iam::{iamd.account}"
    assert found.keys() == {f"{arn}:root", f"{arn}:user/admin", f"{arn}:user/alice", f"{arn}:user/dave", role}
    assert found[f"{arn}:user/alice"] == [
        {"layer": "IDENTITY", "through": "group devs", "policy": managed, "statement": 0}
    ]
    assert found[role] == [{"layer": "IDENTITY", "policy": "own", "statement": 0}]
    assert [(path["layer"], path["sid"]) for path in found[f"{arn}:user/dave"]] == [("RESOURCE", "Dave")]
    assert found[f"{arn}:root"] == [{"layer": "ROOT"}]

    offline = who_can("s3:GetObject", KEY, "--authorization-details", exported)
    assert offline.keys() == {f"{arn}:user/admin", f"{arn}:user/alice", role}
    assert offline[f"{arn}:user/alice"] == found[f"{arn}:user/alice"]


@pytest.mark.parametrize(("tag", "expected"), [("red", 1), ("blue", 0)])
def test_what_the_file_says_of_a_principal_is_in_the_context(tmp_path: Path, tag: str, expected: int) -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:username": "alice", "aws:SourceIp": "10.0.0.1"}}
    user = {
        "Arn": "arn:aws:iam::111122223333:user/x/alice",
        "UserId": "AIDAALICE",
        "Tags": [{"Key": "Team", "Value": tag}],
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": allow("s3:*", Condition=condition)}],
    }
    file = tmp_path / "details.json"
    file.write_text(json.dumps({"UserDetailList": [user]}))
    words = ("s3:GetObject", KEY, "--authorization-details", file)
    assert len(who_can(*words, "--context", "aws:SourceIp=10.0.0.1")) == expected
    assert who_can(*words) == {}


def test_who_may_assume_a_role_of_the_file_is_told_by_its_trust_policy(tmp_path: Path) -> None:
    arn = "arn:aws:iam::111122223333"
    trust = {"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}}
    file = tmp_path / "details.json"
    content = {
        "UserDetailList": [
            {"Arn": f"{arn}:user/a", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": allow("sts:*")}]},
            {"Arn": f"{arn}:user/b"},
        ],
        "RoleDetailList": [{"Arn": f"{arn}:role/app", "AssumeRolePolicyDocument": trust}],
    }
    file.write_text(json.dumps(content))
    found = who_can("sts:AssumeRole", f"{arn}:role/app", "--authorization-details", file)
    assert {name: [path["layer"] for path in via] for name, via in found.items()} == {
        f"{arn}:user/a": ["IDENTITY", "RESOURCE"]
    }


def test_a_file_that_is_none_has_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "details.json"
    file.write_text("[]")
    command: list[str | Path] = [BIN / "iamd", "who-can", "s3:GetObject", "*", "--authorization-details", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
