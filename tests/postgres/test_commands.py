"""Commands beside a node on PostgreSQL answer what they answer beside a server on a data directory: the same tests."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from iamd.cli.main import main
from tests.clients.server import Iamd, connect, running
from tests.postgres.cluster import Cluster

pytestmark = pytest.mark.xdist_group("postgres")
_GET: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}
_SECRET = "not-to-be-told"


@dataclass
class Done:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


def run(*words: str) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with (
        patch("sys.argv", ["iamd", *words]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())


@dataclass
class Beside:
    """A server that somebody has used, and the flags that lead commands to what it keeps."""

    iamd: Iamd
    data_dir: Path
    flags: tuple[str, ...]

    def run(self, *words: str) -> Done:
        return run(*words, *self.flags)

    def told(self, *words: str) -> list[Any]:
        """What `--json` prints, line by line."""
        result = self.run(*words, "--json")
        assert (result.status, result.err) == (0, "")
        return [json.loads(line) for line in result.out.splitlines()]


@pytest.fixture(scope="module", params=["directory", "database"])
def beside(
    request: pytest.FixtureRequest, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beside]:
    data_dir = tmp_path_factory.mktemp("beside") / "data"
    flags: tuple[str, ...] = ("--data-dir", str(data_dir))
    if request.param == "database":
        url = postgres.database("beside").replace("postgres@", f"postgres:{_SECRET}@")
        flags = (*flags, "--database-url", url)
    with running(data_dir, *flags[2:]) as (iamd, _):
        iamd.user("alice", {"Version": "2012-10-17", "Statement": _GET})
        yield Beside(iamd, data_dir, flags)


def denied(call: Callable[[], Any]) -> str:
    """The request id of a denial."""
    with pytest.raises(ClientError) as refused:
        call()
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    return str(refused.value.response["ResponseMetadata"]["RequestId"])


def until_written(beside: Beside, request_id: str) -> Done:
    """Events of denials are written within 100 ms; explained as soon as they are."""
    while (result := beside.run("explain", request_id, "--json")).status == 2:
        assert "no event of request" in result.err
    return result


def test_events_are_listed_and_found(beside: Beside) -> None:
    names = [event["eventName"] for event in beside.told("events", "--action", "iam:CreateUser")]
    assert names == ["CreateUser"]
    assert beside.told("events", "--principal", "alice") == []
    assert "alice" not in beside.run("events", "--errors").out
    assert "iam:PutUserPolicy" in beside.run("events", "--since", "1h").out


def test_a_denial_is_explained_as_it_was_decided(beside: Beside) -> None:
    key = beside.iamd.client("iam").create_access_key(UserName="alice")["AccessKey"]
    request_id = denied(beside.iamd.client("iam", key).list_users)
    result = until_written(beside, request_id)
    shown = json.loads(result.out)
    assert (result.status, shown["decision"], shown["blockedBy"]) == (1, "ImplicitlyDenied", "IDENTITY")
    assert shown["fix"]["statement"]["Action"] == "iam:ListUsers"
    place = "the database beside at 127.0.0.1" if "--database-url" in beside.flags else str(beside.data_dir)
    text = beside.run("explain", request_id).out
    assert f", in {place}\n" in text
    assert _SECRET not in text


def test_what_would_be_decided_now_is_told(beside: Beside) -> None:
    alice = f"arn:aws:iam::{beside.iamd.account}:user/alice"
    ask = ("explain", "--principal", alice, "--action", "s3:GetObject", "--resource")
    assert beside.run(*ask, "arn:aws:s3:::shelf/book").status == 0
    assert beside.run(*ask, "arn:aws:s3:::other/book").status == 1


def test_everybody_with_access_is_named(beside: Beside) -> None:
    lines = beside.told("who-can", "s3:GetObject", "arn:aws:s3:::shelf/book")
    tails = sorted(line["principal"].rpartition(":")[2] for line in lines)
    assert tails == ["root", "user/admin", "user/alice"]


def test_an_account_is_added_and_its_key_works_at_once(beside: Beside) -> None:
    path = Path(beside.run("accounts", "create", "--name", "second", "--account-id", "2" * 12).out.strip())
    assert path == beside.data_dir / f"bootstrap-{'2' * 12}.json"
    assert connect(path).client("sts").get_caller_identity()["Account"] == "2" * 12
    assert [known["account_id"] for known in beside.told("accounts", "list")] == sorted([beside.iamd.account, "2" * 12])
    again = beside.run("accounts", "create", "--name", "second", "--account-id", "2" * 12)
    assert (again.status, again.err) == (1, f"iamd: there is an account {'2' * 12} already\n")


def test_a_new_key_of_admin_works_at_once_and_is_in_the_trail(beside: Beside) -> None:
    (shown,) = beside.told("recover", "admin", "--account-id", beside.iamd.account)
    key = Credentials(shown["access_key_id"], shown["secret_access_key"])
    assert beside.iamd.client("iam", key).get_user()["User"]["UserName"] == "admin"
    event = beside.told("events", "--action", "iam:CreateAccessKey")[-1]
    assert event["userIdentity"] == {"type": "AWSService", "invokedBy": "iamd recover"}


def test_root_gets_a_new_password(beside: Beside) -> None:
    (shown,) = beside.told("recover", "root", "--account-id", beside.iamd.account)
    assert shown["account_id"] == beside.iamd.account
    assert shown["root_password"] != beside.iamd.root_password


def test_the_doctor_finds_it_well(beside: Beside) -> None:
    ports = ("--port", "0", "--console-port", "0")
    result = beside.run("doctor", *ports, "--json")
    told = json.loads(result.out)
    assert [finding for finding in told["findings"] if finding["severity"] != "note"] == []
    assert {finding["check"] for finding in told["findings"]} == {"bootstrap-file"}


@pytest.fixture(scope="module")
def node(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """One that shares its objects; an object of its own is a file."""
    folder = tmp_path_factory.mktemp("examined")
    flags = ("--data-dir", str(folder / "data"), "--database-url", postgres.database("examined"))
    objects = ("--object-store-url", (folder / "objects").as_uri())
    with running(folder / "data", *flags[2:], *objects) as (iamd, _):
        s3 = iamd.client("s3")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="large", Body=b"x" * 200_000)
        yield Beside(iamd, folder / "data", (*flags, *objects))


def examined(node: Beside, *flags: str) -> list[tuple[str, str]]:
    """Check and symptom of what is wrong."""
    result = node.run("doctor", "--port", "0", "--console-port", "0", "--json", *flags)
    found = json.loads(result.out)["findings"]
    return [(each["check"], each["symptom"]) for each in found if each["severity"] != "note"]


def test_the_doctor_sees_what_a_node_lacks(node: Beside, tmp_path: Path) -> None:
    assert examined(node) == []
    key = tmp_path / "key"
    key.write_text("0" * 64)
    key.chmod(0o600)
    ((check, symptom),) = examined(node, "--master-key-file", str(key))
    assert check == "master-key"
    assert symptom.endswith("holds another key than the one that sealed the secrets in the database")
    other = Beside(node.iamd, node.data_dir, node.flags[:4])
    ((check, symptom),) = examined(other)
    assert (check, symptom) == ("object-store", f"{node.data_dir} holds no objects of this database's")
    forgotten = Beside(node.iamd, node.data_dir, node.flags[:2])
    ((check, symptom),) = examined(forgotten)
    assert (check, symptom.endswith("is a node's, whose data is in a database on a server")) == (
        "database-server",
        True,
    )
    (blob,) = (node.data_dir.parent / "objects" / "blobs").glob("??/*")
    blob.rename(kept := blob.with_name("kept"))
    try:
        ((check, symptom),) = examined(node)
        assert check == "blobs"
        assert blob.name in symptom
    finally:
        kept.rename(blob)


def test_the_doctor_compares_the_clock_with_the_database_server_s(
    node: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iamd.bootstrap import clock  # noqa: PLC0415  # to be set

    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now + 90_000)
    symptoms = [symptom for check, symptom in examined(node) if check == "clock"]
    assert any(symptom.endswith("s ahead of the database server's") for symptom in symptoms), symptoms


def test_the_database_may_be_named_by_the_environment(node: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IAMD_DATABASE_URL", node.flags[3])
    done = run("accounts", "list", "--json")
    assert (done.status, json.loads(done.out)["account_id"]) == (0, node.iamd.account)


@pytest.mark.parametrize(
    "words",
    [
        ["events"],
        ["accounts", "list"],
        ["accounts", "create", "--name", "x"],
        ["recover", "admin"],
        ["explain", "0"],
        ["who-can", "s3:GetObject", "*"],
    ],
    ids=lambda words: "-".join(words[:2]),
)
def test_a_database_that_cannot_be_read_is_refused_and_left_alone(
    node: Beside, postgres: Cluster, words: list[str]
) -> None:
    status = 2 if words[0] in ("explain", "who-can") else 1
    if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = 'nothing'"):
        postgres.database("nothing")

    def refusal(*flags: str) -> str:
        result = run(*words, *flags)
        assert (result.status, result.out, result.err.count("\n")) == (status, "", 1)
        return result.err

    assert "holds no iamd data" in refusal("--database-url", postgres.url("nothing"))
    assert postgres.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", "nothing") == []
    if not postgres.execute("SELECT 1 FROM pg_roles WHERE rolname = 'stranger'"):
        postgres.execute("CREATE ROLE stranger LOGIN")
    assert "permission denied" in refusal("--database-url", postgres.url("examined").replace("postgres@", "stranger@"))
    said = refusal("--database-url", f"postgresql://u:{_SECRET}@127.0.0.1:1/d")
    assert "refused" in said
    assert _SECRET not in said
    assert "is no URL like postgresql://" in refusal("--database-url", "mysql://x")
    assert "whose data is in its database: give the --database-url" in refusal("--data-dir", str(node.data_dir))
