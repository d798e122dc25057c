"""What an explanation keeps to itself: the policies and the tags of another account's resource."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.console import Pages
from tests.clients.server import Iamd, connect, running

BIN = Path(sys.executable).parent
SECRET = "between-us-and-them"
PROBE = {"StringEquals": {"aws:ResourceTag/stage": "guess"}}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Iamd]]:
    """An account whose user asks, and one whose tagged role trusts it for who says a secret."""
    directory = tmp_path_factory.mktemp("others")
    with running(directory) as (iamd, _):
        made = subprocess.run(
            [BIN / "iamd", "accounts", "create", "--name", "other", "--data-dir", directory],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        other = connect(Path(made.stdout.strip()))
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{iamd.account}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": SECRET}},
        }
        other.client("iam").create_role(
            RoleName="theirs",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            Tags=[{"Key": "stage", "Value": "confidential"}],
        )
        yield iamd, other


def asks(iamd: Iamd, role: str, **more: Any) -> dict[str, Any]:
    """The console's answer to a user who assumes the role and may, as far as their own account goes."""
    name = f"asker{len(iamd.client('iam').list_users()['Users'])}"
    allowed = {"Effect": "Allow", "Action": ["sts:AssumeRole", "cloudtrail:LookupEvents"], "Resource": "*", **more}
    iamd.user(name, {"Version": "2012-10-17", "Statement": [allowed]})
    iamd.client("iam").create_login_profile(UserName=name, Password="Correct-horse-7")
    pages = Pages(iamd)
    assert pages.sign_in(name, "Correct-horse-7").status == 200
    answer = pages.post("sts/AssumeRole", {"RoleArn": role, "RoleSessionName": "asking", "ExternalId": "wrong"})
    assert answer.status == 403
    explanation: dict[str, Any] = answer.json["explanation"]
    return explanation


def test_the_conditions_of_another_accounts_trust_policy_are_not_told(both: tuple[Iamd, Iamd]) -> None:
    iamd, other = both
    told = asks(iamd, f"arn:aws:iam::{other.account}:role/theirs")
    assert told["blockedBy"] == "RESOURCE"
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize("own", [{}, {"Condition": PROBE}])
def test_the_tags_of_another_accounts_role_are_not_told(both: tuple[Iamd, Iamd], own: dict[str, Any]) -> None:
    iamd, other = both
    told = asks(iamd, f"arn:aws:iam::{other.account}:role/theirs", **own)
    assert "confidential" not in json.dumps(told)
    found = [each for layer in told["layers"] for shown in layer["statements"] for each in shown["mismatches"]]
    assert [(each["had"], each["hidden"]) for each in found] == ([(None, True)] if own else [])


def test_a_role_that_is_there_is_told_as_one_that_is_not(both: tuple[Iamd, Iamd]) -> None:
    iamd, other = both
    there = asks(iamd, f"arn:aws:iam::{other.account}:role/theirs")
    nowhere = asks(iamd, f"arn:aws:iam::{other.account}:role/nowhere")
    assert (there["layers"][0], there["fix"] is None) == (nowhere["layers"][0], nowhere["fix"] is None)
    assert set(there["request"]["context"]) == set(nowhere["request"]["context"])


def test_the_toolbox_and_the_history_keep_it_too(both: tuple[Iamd, Iamd]) -> None:
    iamd, other = both
    with pytest.raises(ClientError):
        iamd.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{other.account}:role/theirs", RoleSessionName="asking", ExternalId="wrong"
        )
    pages = Pages(iamd)
    pages.sign_in_root()
    patience = monotonic() + 30
    while not (found := pages.get("events?action=sts:AssumeRole&outcome=denied").json["events"]):
        assert monotonic() < patience
    for event in found:
        shown = pages.get(f"events/{event['id']}").json
        assert shown["explanation"] is not None
        assert SECRET not in json.dumps(shown)
        assert "confidential" not in json.dumps(shown)
