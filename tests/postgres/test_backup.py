"""`iamd backup` of a database server, beside a node that is written to; a directory or a database has it all again."""

import itertools
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from iamd.stores.ports.settings import BLOB_STORE, Setting
from iamd.stores.ports.state import KINDS, State
from iamd.stores.sql.copying import WHOLE
from iamd.stores.sql.postgres.copying import copy_server
from iamd.stores.sql.postgres.reading import open_snapshot
from iamd.stores.sql.postgres.store import open_store
from iamd.stores.sql.snapshot import read_copy
from tests.clients.server import Iamd, running
from tests.postgres.cluster import Cluster
from tests.postgres.test_commands import run

pytestmark = pytest.mark.xdist_group("postgres")
LARGE = os.urandom(200_000)
ODD = Setting("odd", "a\0\1\2\1\1b")
"""What PostgreSQL's text cannot hold as it is."""
_READS = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::kept/*"},
}
_MANY = 70
"""More than a page of objects."""


@dataclass
class Made:
    """A backup of a node that shares its objects. `acknowledged` are the keys before it, with their bytes."""

    node: Iamd
    alice: Credentials
    url: str
    folder: Path
    whole: Path
    acknowledged: dict[str, bytes]

    @property
    def flags(self) -> tuple[str, ...]:
        objects = (self.folder / "objects").as_uri()
        return ("--data-dir", str(self.folder / "node"), "--database-url", self.url, "--object-store-url", objects)


@pytest.fixture(scope="module")
def made(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("backups")
    url = postgres.database("backed_up")
    flags = ("--database-url", url, "--object-store-url", (folder / "objects").as_uri())
    with running(folder / "node", *flags) as (node, _):
        s3 = node.client("s3")
        s3.create_bucket(Bucket="kept")
        made = Made(node, node.user("alice", _READS), url, folder, folder / "whole", {})
        store = open_store(url)
        store.write_now(lambda transaction: transaction.state.settings.insert(ODD))
        store.close()
        written: dict[str, bytes] = {}
        enough, stop = threading.Event(), threading.Event()

        def work() -> None:
            for number in itertools.count():
                key, body = f"k{number}", LARGE[number:] if number % 20 == 0 else b"small %d" % number
                s3.put_object(Bucket="kept", Key=key, Body=body)
                written[key] = body
                if number == _MANY:
                    enough.set()
                if stop.is_set():
                    return

        working = threading.Thread(target=work)
        working.start()
        try:
            assert enough.wait(30)
            made.acknowledged.update(dict(written))
            done = run("backup", "--output", str(made.whole), *made.flags)
        finally:
            stop.set()
            working.join()
        assert (done.status, done.out) == (0, f"{made.whole}\n"), done.err
        yield made


def records(state: State) -> dict[str, list[object]]:
    """All of them, with what pages leave out."""
    return {
        kind.name: [
            getattr(state, kind.name).get(*(getattr(each, name) for name in kind.key))
            for each in getattr(state, kind.name).page("key")
        ]
        for kind in KINDS
    }


def of_the_server(url: str) -> dict[str, list[object]]:
    with open_snapshot(url) as state:
        return records(state)


def test_a_server_runs_on_what_was_restored(made: Made, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert stat.S_IMODE(made.whole.stat().st_mode) == 0o600
    assert sorted(path.name for path in made.folder.iterdir()) == ["node", "objects", "whole"]
    done = run("restore", "--input", str(made.whole), "--data-dir", str(new))
    assert (done.status, done.err) == (0, "")
    with running(new) as (restored, _):
        assert restored.client("sts").get_caller_identity()["Account"] == made.node.account
        assert restored.key.secret_key == made.node.key.secret_key
        s3 = restored.client("s3", made.alice)
        for key, body in made.acknowledged.items():
            assert s3.get_object(Bucket="kept", Key=key)["Body"].read() == body
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket="kept", Key="k0", Body=b"")
        restored.client("s3").put_object(Bucket="kept", Key="after", Body=LARGE)
        events = run("events", "--data-dir", str(new), "--action", "iam:CreateUser", "--json").out
        assert '"userName":"alice"' in events.replace(" ", "")
    doctor = run("doctor", "--data-dir", str(new), "--port", "0", "--console-port", "0", "--json")
    assert doctor.status == 0, doctor.out


def test_every_record_is_the_same_in_the_copy(made: Made, tmp_path: Path) -> None:
    copied: list[int] = []
    expected: dict[str, list[object]] = {}
    # What the node writes after the fact may come in between.
    while expected != (expected := of_the_server(made.url)):
        (tmp_path / "copy").unlink(missing_ok=True)
        copy_server(made.url, tmp_path / "copy", copied.append)
    with read_copy(tmp_path / "copy") as copy:
        found = records(copy)
        assert copy.users.count("key", made.node.account) == len(found["users"])
    lacking = [each for each in expected["settings"] if each not in found["settings"]]
    assert [each.name for each in lacking if isinstance(each, Setting)] == [BLOB_STORE]
    assert ODD in found["settings"]
    assert {**found, "settings": []} == {**expected, "settings": []}
    assert sum(copied) > len(LARGE) / 2
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_pages_of_a_snapshot_leave_nothing_out_and_see_one_commit(made: Made) -> None:
    with open_snapshot(made.url) as snapshot:
        before = snapshot.objects.page("key")
        made.node.client("s3").put_object(Bucket="kept", Key="later", Body=b"x")
        assert snapshot.objects.page("key") == before
    assert all((each.data is None) != (each.extents is None) for each in before)
    assert [kind.name for kind in WHOLE] == [kind.name for kind in KINDS]


def test_without_its_objects_or_its_key_there_is_no_backup(made: Made, tmp_path: Path) -> None:
    output = ("backup", "--output", str(tmp_path / "file"))
    for flags, said in (
        (made.flags[:4], "the objects of this database are not in"),
        (made.flags[:2], "whose data is in its database: give the --database-url"),
        (("--data-dir", str(tmp_path), *made.flags[2:]), "master.key"),
        ((*made.flags[:5], "s3://bucket"), "is not built yet"),
    ):
        done = run(*output, *flags)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_node_runs_on_a_database_that_was_restored(made: Made, postgres: Cluster, tmp_path: Path) -> None:
    url, new = postgres.database("restored"), tmp_path / "new"
    words = ("restore", "--input", str(made.whole), "--data-dir", str(new), "--database-url")
    done = run(*words, url)
    assert (done.status, done.out, done.err) == (0, f"{new}\n", "")
    assert {path.name for path in new.iterdir()} == {"blobs", "bootstrap.json", "master.key"}
    restored = of_the_server(url)
    again = run("restore", "--input", str(made.whole), "--data-dir", str(tmp_path / "lone"))
    assert again.status == 0
    with read_copy(tmp_path / "lone" / "iamd.db") as copy:
        assert restored == records(copy)
        users = copy.users.count("key", made.node.account)
    assert ODD in restored["settings"]
    with running(new, "--database-url", url) as (node, _):
        s3 = node.client("s3", made.alice)
        for key, body in made.acknowledged.items():
            assert s3.get_object(Bucket="kept", Key=key)["Body"].read() == body
        assert node.client("iam").get_account_summary()["SummaryMap"]["Users"] == users
        node.user("bob")
    events = run("events", "--database-url", url, "--action", "iam:CreateUser", "--json").out.splitlines()
    assert [name in event for name, event in zip(("alice", "bob"), events, strict=True)] == [True, True]
    other = run(*words[:4], str(tmp_path / "other"), "--database-url", url)
    assert (other.status, other.out) == (1, "")
    assert "the database restored at 127.0.0.1 holds data of iamd already" in other.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lone", "new"]


def test_a_restore_that_fails_leaves_the_database_empty(made: Made, postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.database("refusing")
    words = ("restore", "--input", str(made.whole), "--data-dir", str(tmp_path / "new"), "--database-url")
    refused = {
        "is no URL like postgresql://": "mysql://x",
        "refused": "postgresql://u@127.0.0.1:1/d",
        "encoding is SQL_ASCII": postgres.url("bytes_only"),
        "injected": url,
    }
    postgres.execute("CREATE DATABASE bytes_only TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    open_store(url).close()
    postgres.execute(
        "CREATE FUNCTION injected() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'injected'; END $$;"
        "CREATE TRIGGER injected BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION injected()",
        "refusing",
    )
    for said, target in refused.items():
        done = run(*words, target)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1), done
        assert said in done.err
        assert list(tmp_path.iterdir()) == []
    assert not any(of_the_server(url).values())
    postgres.execute("DROP TRIGGER injected ON events", "refusing")
    assert run(*words, url).status == 0
