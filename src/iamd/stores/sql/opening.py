"""What a data directory holds, and bringing its database up to this version's schema."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.pool import StaticPool

from iamd.stores.sql.migrations import HEAD

DATABASE = "iamd.db"
FORMAT = 1
"""Of the data directory as a whole: its files and what they mean. Raised where an older iamd must not touch it."""
_FORMAT_FILE = "format"
_TIMEOUT_MS = 10_000


class NewerFormat(Exception):  # noqa: N818  # names what was found
    """A newer iamd has written this data directory."""


def prepare(directory: Path, metadata: MetaData) -> None:
    """Create the directory and its database, or bring the database up to date; cheap where it already is."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_format(directory)
    path = directory / DATABASE
    if not path.exists():
        # SQLite would create it readable for all, and gives the log the mode of the database.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        if schema_version(connection) != HEAD:
            _upgrade(connection, metadata)
    finally:
        connection.close()


def schema_version(connection: sqlite3.Connection) -> str | None:
    """The migration that the database is at, None for an empty one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _check_format(directory: Path) -> None:
    path = directory / _FORMAT_FILE
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        temporary = path.with_name(f"{_FORMAT_FILE}.{os.getpid()}")
        temporary.write_text(f"{FORMAT}\n", encoding="ascii")
        temporary.replace(path)
        return
    if not text.isdecimal() or int(text) > FORMAT:
        raise NewerFormat(f"{directory} has data format {text!r}; this iamd knows formats up to {FORMAT}")


def _upgrade(raw: sqlite3.Connection, metadata: MetaData) -> None:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as connection:
        # One transaction for all of it, that the driver does not begin by itself. Another process may have been first.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        version = schema_version(raw)
        if version is None:
            create(connection, metadata)
        elif version != HEAD:
            migrate(connection, version)
        connection.exec_driver_sql("INSERT OR IGNORE INTO store_revision (id, epoch, revision) VALUES (1, 0, 0)")
        connection.commit()


def create(connection: Connection, metadata: MetaData) -> None:
    """The schema of this version at once; a test holds it equal to what the migrations make."""
    metadata.create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))


def migrate(connection: Connection, version: str | None) -> None:
    """Run the migrations after `version`; NewerFormat if it is none of ours."""
    # Loading alembic takes as long as starting everything else, and is hardly ever needed.
    from iamd.stores.sql.migrations.run import known_versions, upgrade  # noqa: PLC0415

    if version is not None and version not in known_versions():
        raise NewerFormat(f"the database has schema {version}; this iamd knows schemas up to {HEAD}")
    upgrade(connection)
