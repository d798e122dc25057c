"""What a data directory holds, and bringing its database up to this version's schema."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.pool import StaticPool

from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.adoption import NotAdopted, adopt, fingerprint, mark, marked, missing
from iamd.stores.sql.migrations import HEAD

DATABASE = "iamd.db"
FORMAT = 1
"""Of the data directory as a whole: its files and what they mean. Raised where an older iamd must not touch it."""
FORMAT_FILE = "format"
_TIMEOUT_MS = 10_000
_HEAD_BYTES = 100
_CHECKED_BYTES = 32 << 20
"""A look through this much takes about a tenth of a second."""


class NewerFormat(Exception):  # noqa: N818  # names what was found
    """A newer iamd has written this data directory."""


class DamagedDatabase(sqlite3.DatabaseError):
    """SQLite finds the database malformed, or its file is shorter than it says."""


def prepare(directory: Path, metadata: MetaData) -> None:
    """Create the directory and its database, or bring the database up to date; cheap where it already is.

    Raises NewerFormat, DamagedDatabase, StoreUnavailable, OSError. Before an older database is migrated, a copy of it
    is kept beside it.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_format(directory)
    path = directory / DATABASE
    if not path.exists():
        # SQLite would create it readable for all, and gives the log the mode of the database.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    _refuse_torn(path)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        _refuse_damaged(path, connection)
        if schema_version(connection) != HEAD or marked(connection) != fingerprint(metadata):
            _upgrade(path, connection, metadata)
    except sqlite3.OperationalError as error:
        # A lock, a full disk, a directory that cannot be written: no damage.
        raise StoreUnavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(f"{path.name} is damaged: {error}") from error
    finally:
        connection.close()


def _refuse_torn(path: Path) -> None:
    """A file without a log must have all its pages (SQLite file format, "The Database Header")."""
    log = path.with_name(path.name + "-wal")
    size = path.stat().st_size
    if size == 0 or (log.exists() and log.stat().st_size):
        return
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if size < pages * (65_536 if page_size == 1 else page_size):
        raise DamagedDatabase(f"{path.name} is damaged: its end is missing ({size} bytes of {pages} pages)")


def _refuse_damaged(path: Path, connection: sqlite3.Connection) -> None:
    """Look through a database that is small enough for it, at each opening."""
    if path.stat().st_size > _CHECKED_BYTES:
        return
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise DamagedDatabase(finding.replace("\n", " "))


def schema_version(connection: sqlite3.Connection) -> str | None:
    """The migration that the database is at, None for an empty one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _check_format(directory: Path) -> None:
    path = directory / FORMAT_FILE
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        temporary = path.with_name(f"{FORMAT_FILE}.{os.getpid()}")
        temporary.write_text(f"{FORMAT}\n", encoding="ascii")
        temporary.replace(path)
        return
    if not text.isdecimal() or int(text) > FORMAT:
        raise NewerFormat(f"{directory} has data format {text!r}; this iamd knows formats up to {FORMAT}")


def _upgrade(path: Path, raw: sqlite3.Connection, metadata: MetaData) -> None:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as connection:
        # One transaction for all of it, that the driver does not begin by itself. Another process may have been first.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        version = schema_version(raw)
        if version is None:
            create(connection, metadata)
        elif version != HEAD:
            refuse_unknown(version)
            _keep_copy(path, version)
            migrate(connection, version)
        elif marked(raw) != fingerprint(metadata):
            _adopt(path, connection, metadata)
        mark(connection, metadata)
        connection.exec_driver_sql("INSERT OR IGNORE INTO store_revision (id, epoch, revision) VALUES (1, 0, 0)")
        connection.commit()


def _adopt(path: Path, connection: Connection, metadata: MetaData) -> None:
    lacking = missing(connection, metadata)
    if lacking:
        _keep_copy(path, f"{HEAD}-unmarked")
        try:
            adopt(connection, lacking)
        except NotAdopted as error:
            raise StoreUnavailable(
                f"{path} is of an earlier version and cannot be brought up to this one: {error}"
            ) from error


def create(connection: Connection, metadata: MetaData) -> None:
    """The schema of this version at once; a test holds it equal to what the migrations make."""
    metadata.create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))


def refuse_unknown(version: str) -> None:
    """Raises NewerFormat."""
    # Loading alembic takes as long as starting everything else, and is hardly ever needed.
    from iamd.stores.sql.migrations.run import known_versions  # noqa: PLC0415

    if version not in known_versions():
        raise NewerFormat(f"the database has schema {version}; this iamd knows schemas up to {HEAD}")


def _keep_copy(path: Path, version: str) -> None:
    """While nobody writes: the database as it was, in a file of its own, complete once it has its name."""
    kept = path.with_name(f"{path.name}.before-{HEAD}-was-{version}")
    draft = kept.with_name(kept.name + ".part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source, copy = sqlite3.connect(path, isolation_level=None), sqlite3.connect(draft, isolation_level=None)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
        source.close()
    draft.replace(kept)


def migrate(connection: Connection, version: str | None) -> None:
    """Run the migrations after `version`, inside the caller's transaction; NewerFormat if it is none of ours."""
    from iamd.stores.sql.migrations.run import upgrade  # noqa: PLC0415  # as above

    if version is not None:
        refuse_unknown(version)
    upgrade(connection)
