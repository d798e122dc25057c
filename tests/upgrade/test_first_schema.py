"""A data directory as the first servers made it starts, is brought up to date, and everything in it is there.

`first_schema.py` is the first migration as it was when the first account could be served. The directory is made by
today's server, with each table then laid out as it was then: what had no place in it goes.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from botocore.exceptions import ClientError
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from iamd.audit.search import Search, find
from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.adoption import fingerprint, missing
from iamd.stores.sql.opening import DATABASE, prepare
from iamd.stores.sql.reading import open_reader
from iamd.stores.sql.schema import schema
from tests.clients.server import Iamd, running
from tests.upgrade import first_schema

pytestmark = pytest.mark.xdist_group("upgrade")
DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}]}
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The directory in its first shape, and a user's key."""
    data_dir = tmp_path_factory.mktemp("first") / "data"
    with running(data_dir) as (iamd, _):
        alice = iamd.user("alice", json.loads(DOCUMENT))
        iam, s3 = iamd.client("iam"), iamd.client("s3")
        iam.create_group(GroupName="group")
        iam.add_user_to_group(GroupName="group", UserName="alice")
        iam.create_login_profile(UserName="alice", Password="First-password-1")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="small", Body=b"small")
        s3.put_object(Bucket="bucket", Key="large", Body=b"x" * 200_000)
    lay_out_as_first(data_dir / DATABASE)
    return data_dir, alice


def lay_out_as_first(database: Path) -> None:
    old = database.with_name("old.db")
    engine = create_engine(f"sqlite:///{old}", poolclass=StaticPool)
    with engine.connect() as connection, Operations.context(MigrationContext.configure(connection)):
        first_schema.upgrade()
        connection.commit()
    engine.dispose()
    with closing(sqlite3.connect(old, isolation_level=None)) as raw:
        raw.execute("ATTACH ? AS now", (str(database),))
        raw.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        raw.execute("INSERT INTO alembic_version VALUES ('0001')")
        tables = raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table != "alembic_version":
                names = ", ".join(f'"{row[1]}"' for row in raw.execute(f"PRAGMA main.table_info({table})"))
                raw.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM now.{table}")  # noqa: S608  # our own names
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        database.with_name(name).unlink(missing_ok=True)
    old.replace(database)
    database.chmod(0o600)


@pytest.fixture
def data_dir(made: tuple[Path, Any], tmp_path: Path) -> Path:
    return shutil.copytree(made[0], tmp_path / "data")


def tables(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows if not name.startswith("sqlite_")}


def test_everything_is_there_after_the_first_start(made: tuple[Path, Any], data_dir: Path) -> None:
    before = tables(data_dir / DATABASE)
    assert "tallies" not in before
    assert "upload_parts" not in before
    with running(data_dir) as (iamd, _):
        check(iamd, made[1])
    engine = create_engine(f"sqlite:///{data_dir / DATABASE}")
    with engine.connect() as connection:
        assert missing(connection, schema()) == []
    engine.dispose()
    (kept,) = data_dir.glob(f"{DATABASE}.before-*")
    assert tables(kept) == before
    assert kept.stat().st_mode & 0o777 == 0o600
    with running(data_dir) as (iamd, _):
        assert iamd.client("iam").get_user(UserName="bob")["User"]["UserName"] == "bob"
    assert list(data_dir.glob(f"{DATABASE}.before-*")) == [kept]
    with open_reader(data_dir) as state:
        names = [event.name for event in find(state, Search()) if not event.error_code]
    assert names.count("CreateUser") == 2
    assert names.count("CreateBucket") == 1


def check(iamd: Iamd, alice: Any) -> None:
    iam, s3 = iamd.client("iam"), iamd.client("s3")
    assert {user["UserName"] for user in iamd.client("iam", alice).list_users()["Users"]} == {"admin", "alice"}
    with pytest.raises(ClientError, match="AccessDenied"):
        iamd.client("iam", alice).create_user(UserName="mallory")
    assert [user["UserName"] for user in iam.get_group(GroupName="group")["Users"]] == ["alice"]
    assert iam.get_login_profile(UserName="alice")["LoginProfile"]["UserName"] == "alice"
    # Counted by what the first schema did not keep.
    assert iam.get_account_summary()["SummaryMap"]["Users"] == 2
    iam.create_user(UserName="bob")
    assert iam.get_account_summary()["SummaryMap"]["Users"] == 3
    assert s3.get_object(Bucket="bucket", Key="small")["Body"].read() == b"small"
    assert s3.get_object(Bucket="bucket", Key="large")["Body"].read() == b"x" * 200_000
    # What the first schema had no place for.
    upload = s3.create_multipart_upload(Bucket="bucket", Key="parts")["UploadId"]
    part = s3.upload_part(Bucket="bucket", Key="parts", UploadId=upload, PartNumber=1, Body=b"part")
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    s3.complete_multipart_upload(Bucket="bucket", Key="parts", UploadId=upload, MultipartUpload=parts)
    assert s3.get_object(Bucket="bucket", Key="parts")["Body"].read() == b"part"


def test_an_up_to_date_database_is_marked_and_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path, schema())
    database = tmp_path / DATABASE
    for mark in (None, 0):
        with closing(sqlite3.connect(database)) as connection:
            if mark is not None:
                connection.execute(f"PRAGMA user_version = {mark}")
            connection.commit()
        prepare(tmp_path, schema())
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (fingerprint(schema()),)
    assert list(tmp_path.glob(f"{DATABASE}.before-*")) == []


@pytest.fixture
def torn(data_dir: Path) -> Path:
    """One that lacks a column which cannot be empty."""
    with closing(sqlite3.connect(data_dir / DATABASE)) as connection:
        connection.execute("ALTER TABLE groups DROP COLUMN created_at")
        connection.commit()
    return data_dir


def test_what_cannot_be_brought_up_to_date_is_refused_and_left_as_it_was(torn: Path) -> None:
    before = tables(torn / DATABASE)
    with pytest.raises(StoreUnavailable, match="earlier version and cannot be brought up"):
        prepare(torn, schema())
    assert tables(torn / DATABASE) == before
