"""`iamd explain` beside a running server: a recorded denial, and questions nobody called with."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iamd.audit.search import of_request
from iamd.stores.sql.reading import open_reader
from tests.clients.server import BIN, Iamd, connect, running

Doc = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Iamd, Path]]:
    directory = tmp_path_factory.mktemp("explained")
    with running(directory) as (iamd, _):
        yield iamd, directory


def allow(action: Any, resource: Any = "*", **more: Any) -> Doc:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def explain(directory: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command: list[str | Path] = [BIN / "iamd", "explain", "--data-dir", directory, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def explained(directory: Path, *words: str) -> tuple[int, Doc]:
    done = explain(directory, "--json", *words)
    return done.returncode, json.loads(done.stdout)


def denial(call: Any, **params: Any) -> str:
    """The request id of a call that is denied."""
    with pytest.raises(ClientError, match="AccessDenied") as caught:
        call(**params)
    request_id: str = caught.value.response["ResponseMetadata"]["RequestId"]
    return request_id


def recorded(directory: Path, request_id: str) -> tuple[int, Doc]:
    """Events of reads and denials are written at most 100 ms after the call: not asked before it is there."""
    with open_reader(directory) as state:
        assert any(of_request(state, request_id) for _ in range(500_000))
    return explained(directory, request_id)


def test_a_recorded_denial_is_explained_as_of_its_moment_whatever_changes_afterwards(
    server: tuple[Iamd, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    iamd, directory = server
    iam = iamd.client("iam")
    policy = iam.create_policy(
        PolicyName="readers",
        PolicyDocument=json.dumps(
            allow(
                "iam:GetUser",
                f"arn:aws:iam::{iamd.account}:user/*",
                Condition={"Bool": {"aws:SecureTransport": "true"}},
            )
        ),
    )["Policy"]["Arn"]
    key = iamd.user("alice")
    iam.attach_user_policy(UserName="alice", PolicyArn=policy)
    request_id = denial(iamd.client("iam", key).get_user, UserName="alice")
    status, first = recorded(directory, request_id)
    assert status == 1
    assert (first["decision"], first["blockedBy"]) == ("ImplicitlyDenied", "IDENTITY")
    (nearly,) = next(each for each in first["layers"] if each["layer"] == "IDENTITY")["statements"]
    assert (nearly["policy"], nearly["version"]) == (policy, "v1")
    (mismatch,) = nearly["mismatches"]
    assert (mismatch["key"], mismatch["had"], mismatch["needed"]) == ("aws:SecureTransport", "false", ["true"])
    assert first["request"]["context"]["aws:username"] == "alice"
    assert first["fix"]["statement"]["Resource"] == f"arn:aws:iam::{iamd.account}:user/alice"

    iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(allow("*")), SetAsDefault=True)
    iamd.client("iam", key).get_user(UserName="alice")
    assert recorded(directory, request_id) == (status, first)
    iam.detach_user_policy(UserName="alice", PolicyArn=policy)
    iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key)
    iam.delete_user(UserName="alice")
    assert recorded(directory, request_id) == (status, first)
    text = explain(directory, request_id).stdout
    assert f"request {request_id} as it was decided at" in text.splitlines()[0]
    assert "Bool aws:SecureTransport: it was false, needed true" in text
    assert "\x1b[" not in text
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31m" in explain(directory, request_id).stdout


def test_what_a_trust_policy_refused_is_told_with_its_statements(server: tuple[Iamd, Path]) -> None:
    iamd, directory = server
    key = iamd.user("bob", allow("sts:AssumeRole"))
    trust = {"Effect": "Allow", "Principal": {"AWS": iamd.account}, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"sts:ExternalId": "x1"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Condition": condition}]}
    role = iamd.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(document))["Role"]
    sts = iamd.client("sts", key)
    request_id = denial(sts.assume_role, RoleArn=role["Arn"], RoleSessionName="session", ExternalId="x2")
    status, shown = recorded(directory, request_id)
    assert (status, shown["blockedBy"]) == (1, "RESOURCE")
    layer = next(each for each in shown["layers"] if each["layer"] == "RESOURCE")
    assert layer["statements"][0]["mismatches"][0]["had"] == "x2"
    assert shown["fix"]["layer"] == "RESOURCE"
    assert shown["fix"]["statement"]["Principal"] == {"AWS": f"arn:aws:iam::{iamd.account}:user/bob"}


def test_a_question_nobody_called_with_is_answered_and_says_so_by_its_status(server: tuple[Iamd, Path]) -> None:
    iamd, directory = server
    in_range = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    iamd.user("carol", allow("s3:GetObject", "arn:aws:s3:::b/*", Condition=in_range))
    user = f"arn:aws:iam::{iamd.account}:user/carol"
    words = ("--principal", user, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k")
    status, shown = explained(directory, *words)
    assert (status, shown["decision"]) == (1, "ImplicitlyDenied")
    assert shown["from"] == "what would be decided now"
    status, shown = explained(directory, *words, "--context", "aws:SourceIp=10.2.3.4")
    assert (status, shown["decision"]) == (0, "Allowed")
    admin = f"arn:aws:iam::{iamd.account}:user/admin"
    assert explained(directory, "--principal", admin, "--action", "iam:CreateUser")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-request",),
        ("--principal", "arn:aws:iam::000000000000:user/nobody", "--action", "s3:GetObject"),
        ("--principal", "alice", "--action", "s3:GetObject"),
        ("--action", "s3:GetObject"),
        ("an-id", "--action", "s3:GetObject"),
        ("--principal", "anonymous", "--action", "s3:GetObject", "--context", "x"),
    ],
)
def test_no_answer_is_neither_allowed_nor_denied(server: tuple[Iamd, Path], words: tuple[str, ...]) -> None:
    done = explain(server[1], *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_a_directory_without_data_has_no_answer(tmp_path: Path) -> None:
    assert explain(tmp_path, "some-id").returncode == 2


def test_what_was_allowed_is_told_without_its_layers(server: tuple[Iamd, Path]) -> None:
    iamd, directory = server
    answer = iamd.client("iam").create_group(GroupName="team")
    status, shown = recorded(directory, answer["ResponseMetadata"]["RequestId"])
    assert (status, shown["decision"], shown["layers"]) == (0, "Allowed", [])


def test_what_is_answered_item_by_item_is_explained_by_its_first_denial(server: tuple[Iamd, Path]) -> None:
    iamd, directory = server
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="items")
    for name in ("kept", "gone"):
        s3.put_object(Bucket="items", Key=name, Body=b"x")
    key = iamd.user("dave", allow("s3:DeleteObject", "arn:aws:s3:::items/gone"))
    answer = iamd.client("s3", key).delete_objects(
        Bucket="items", Delete={"Objects": [{"Key": "gone"}, {"Key": "kept"}]}
    )
    assert [each["Key"] for each in answer["Errors"]] == ["kept"]
    status, shown = recorded(directory, answer["ResponseMetadata"]["RequestId"])
    assert status == 1
    assert shown["request"]["resource"] == "arn:aws:s3:::items/kept"
    assert shown["fix"]["statement"]["Resource"] == "arn:aws:s3:::items/kept"


def test_what_another_account_refuses_is_kept_in_the_caller_s_trail_alone(server: tuple[Iamd, Path]) -> None:
    iamd, directory = server
    made = subprocess.run(
        [BIN / "iamd", "accounts", "create", "--name", "other", "--data-dir", directory],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    other = connect(Path(made.stdout.strip()))
    other.client("s3").create_bucket(Bucket="theirs")
    request_id = denial(iamd.client("s3").list_objects_v2, Bucket="theirs")
    status, shown = recorded(directory, request_id)
    assert (status, shown["blockedBy"]) == (1, "RESOURCE")
    assert shown["request"]["resourceAccount"] == other.account
    with open_reader(directory) as state:
        events = [state.events.get(each.at, each.id) for each in of_request(state, request_id)]
    assert {event.account: event.details is not None for event in events if event is not None} == {
        iamd.account: True,
        other.account: False,
    }
