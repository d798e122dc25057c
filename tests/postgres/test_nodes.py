"""Two nodes on one database tell one truth."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from iamd.stores.sql.postgres.store import open_store
from tests.clients.server import BIN, Iamd
from tests.postgres.cluster import Cluster
from tests.postgres.contention import make_contended
from tests.postgres.emptying import TABLES
from tests.postgres.nodes import CURRENT_SECONDS, code, nodes, stale_seconds

pytestmark = pytest.mark.xdist_group("postgres")
_ALL: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture(scope="module")
def two(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Iamd]]:
    with nodes(tmp_path_factory.mktemp("nodes"), [postgres.database("nodes")] * 2) as found:
        yield found


@pytest.fixture(scope="module")
def contended(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Iamd]]:
    """Where every transaction is serializable and many fail for it."""
    name = "nodes_contended"
    urls = [postgres.database(name)] * 2
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = serializable")
    with nodes(tmp_path_factory.mktemp(name), urls) as found:
        make_contended(postgres, name, TABLES, share=0.25)
        yield found
        assert postgres.execute("SELECT is_called FROM contentions", name) == [(True,)]


@pytest.mark.parametrize("where", ["two", "contended"])
def test_a_grant_and_a_revocation_are_felt_on_the_other_node_within_a_second(
    where: str, request: pytest.FixtureRequest
) -> None:
    one, other = request.getfixturevalue(where)
    iam = one.client("iam")
    key = one.user("felt")
    asks = partial(code, other.client("iam", key).list_users)
    assert asks() == "AccessDenied"
    longest = 0.0
    for _ in range(10):
        iam.put_user_policy(UserName="felt", PolicyName="p", PolicyDocument=json.dumps(_ALL))
        longest = max(longest, stale_seconds("", asks))
        iam.delete_user_policy(UserName="felt", PolicyName="p")
        assert code(one.client("iam", key).list_users) == "AccessDenied"
        longest = max(longest, stale_seconds("AccessDenied", asks))
    assert longest < CURRENT_SECONDS


def test_what_is_stored_behind_a_deny_is_denied_on_the_other_node_at_once(two: list[Iamd]) -> None:
    """Its policies may be of a moment ago, but not older than the rows that it reads."""
    one, other = two
    s3 = one.client("s3")
    s3.create_bucket(Bucket="shelf")
    s3.put_object(Bucket="shelf", Key="open", Body=b"x")
    allow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
    get = other.client("s3", one.user("reader", allow)).get_object
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}
    for number in range(8):
        stale_seconds("", partial(code, get, Bucket="shelf", Key="open"))
        s3.put_bucket_policy(Bucket="shelf", Policy=json.dumps({"Version": "2012-10-17", "Statement": deny}))
        s3.put_object(Bucket="shelf", Key=f"secret{number}", Body=b"secret")
        assert code(get, Bucket="shelf", Key=f"secret{number}") == "AccessDenied"
        s3.delete_bucket_policy(Bucket="shelf")


def test_a_key_made_on_one_node_is_known_on_the_other_and_forgotten_there(two: list[Iamd]) -> None:
    one, other = two
    key = one.user("keyed", _ALL)
    identity = other.client("sts", key).get_caller_identity
    assert code(identity) == ""
    one.client("iam").update_access_key(UserName="keyed", AccessKeyId=key.access_key, Status="Inactive")
    assert stale_seconds("InvalidClientTokenId", partial(code, identity)) < CURRENT_SECONDS


def test_a_session_of_one_node_is_good_on_the_other_as_long_as_its_role_is_there(two: list[Iamd]) -> None:
    one, other = two
    trust = {"Effect": "Allow", "Principal": {"AWS": one.account}, "Action": "sts:AssumeRole"}
    text = json.dumps({"Version": "2012-10-17", "Statement": trust})
    arn = one.client("iam").create_role(RoleName="shared", AssumeRolePolicyDocument=text)["Role"]["Arn"]
    session = one.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    identity = other.client("sts", session).get_caller_identity
    assert code(identity) == ""
    one.client("iam").delete_role(RoleName="shared")
    assert stale_seconds("InvalidClientTokenId", partial(code, identity)) < CURRENT_SECONDS


def test_objects_of_any_size_written_on_one_node_are_read_on_the_other(two: list[Iamd]) -> None:
    one, other = (node.client("s3") for node in two)
    one.create_bucket(Bucket="shared-bucket")
    for size in (0, 1_000, 300_000):
        one.put_object(Bucket="shared-bucket", Key=str(size), Body=b"x" * size)
        assert other.get_object(Bucket="shared-bucket", Key=str(size))["Body"].read() == b"x" * size


def test_what_both_nodes_try_at_once_happens_once(two: list[Iamd]) -> None:
    """Names, quotas and the rest are looked up and written in one transaction, one after the other."""
    clients = [node.client("iam") for node in two]
    with ThreadPoolExecutor(4) as pool:
        for number in range(15):
            outcomes = list(pool.map(lambda iam, n=number: code(iam.create_user, UserName=f"once{n}"), clients * 2))
            assert sorted(outcomes) == ["", *["EntityAlreadyExists"] * 3]
    names = [user["UserName"] for user in clients[0].list_users()["Users"] if user["UserName"].startswith("once")]
    assert len(names) == 15


def test_what_one_node_deletes_while_the_other_adds_to_it_leaves_no_half(two: list[Iamd]) -> None:
    one, other = (node.client("iam") for node in two)
    with ThreadPoolExecutor(2) as pool:
        for number in range(15):
            name = f"half{number}"
            one.create_user(UserName=name)
            gone = pool.submit(code, one.delete_user, UserName=name)
            made = pool.submit(code, other.create_access_key, UserName=name)
            assert (gone.result(), made.result()) in {("", "NoSuchEntity"), ("DeleteConflict", "")}


def refused(*flags: str | Path) -> str:
    done = subprocess.run(
        [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", *flags],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("iamd: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def flags(two: list[Iamd], postgres: Cluster, tmp_path: Path) -> list[str | Path]:
    """Of a node that would join those two."""
    del two
    return ["--data-dir", tmp_path / "joins", "--database-url", postgres.url("nodes")]


def test_a_node_with_another_master_key_is_refused(flags: list[str | Path], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("0" * 64)
    assert "not the one that sealed the secrets kept here" in refused(*flags, "--master-key-file", key)


def test_a_node_without_the_master_key_is_refused_and_draws_none(flags: list[str | Path], tmp_path: Path) -> None:
    assert "give the key that did it as --master-key-file" in refused(*flags)
    assert not (tmp_path / "joins" / "master.key").exists()


def test_a_node_with_other_objects_is_refused(flags: list[str | Path], two: list[Iamd], tmp_path: Path) -> None:
    del two
    key = next(Path(tmp_path.parent).glob("nodes*/0/master.key"))
    said = refused(*flags, "--master-key-file", key)
    assert "the objects of this database are not in" in said
    assert "--object-store-url" in said
    said = refused(*flags, "--master-key-file", key, "--object-store-url", (tmp_path / "mine").as_uri())
    assert "it is another" in said


def test_an_account_that_is_not_there_is_refused(flags: list[str | Path], tmp_path: Path) -> None:
    key = next(Path(tmp_path.parent).glob("nodes*/0/master.key"))
    assert "there is no such account here" in refused(*flags, "--master-key-file", key, "--account-id", "0" * 12)


def test_a_node_older_than_the_database_is_refused(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.database("newer")
    open_store(url).close()
    postgres.execute("UPDATE alembic_version SET version_num = '9999'", "newer")
    assert "the database has schema 9999" in refused("--data-dir", tmp_path, "--database-url", url)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--database-url", "mysql://x"], "is no URL like postgresql://user@host/database"),
        (["--database-url", "postgresql://x", "--object-store-url", "s3://x"], "s3://… is not built yet"),
        (["--database-url", "postgresql://x", "--object-store-url", "x"], "no URL like file:///shared/directory"),
        (["--database-url", "postgresql://u:secret@127.0.0.1:1/d"], "the database cannot be used"),
    ],
)
def test_a_database_or_an_object_store_that_will_not_do_is_refused(
    words: list[str], reason: str, tmp_path: Path
) -> None:
    said = refused("--data-dir", tmp_path, *words)
    assert reason in said
    assert "secret" not in said


def test_nodes_that_start_first_at_once_make_one_account(postgres: Cluster, tmp_path: Path) -> None:
    """One makes it and writes its keys; the other joins with the same key, or says what it lacks."""
    url = postgres.database("raced")
    key = tmp_path / "key"
    key.write_text("5" * 64)
    objects = (tmp_path / "objects").as_uri()
    shared: list[str | Path] = ["--database-url", url, "--master-key-file", key, "--object-store-url", objects]
    command: list[str | Path] = [BIN / "iamd", "serve", "--port", "0", "--console-port", "0", *shared]
    processes = [
        subprocess.Popen([*command, "--data-dir", tmp_path / name], stdout=subprocess.PIPE, text=True)
        for name in ("a", "b", "c")
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline()
    finally:
        for process in processes:
            process.terminate()
    assert [process.wait(20) for process in processes] == [0, 0, 0]
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    written = list(tmp_path.glob("*/bootstrap.json"))
    assert len(written) == 1
    account = json.loads(written[0].read_bytes())["account_id"]
    assert postgres.execute("SELECT id FROM accounts", "raced") == [(account,)]
