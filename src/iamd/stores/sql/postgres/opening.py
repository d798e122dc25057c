"""Bringing a database up to this version's schema, however many nodes begin at once."""

import time
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import refuse_unknown
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.dialect import Types
from iamd.stores.sql.postgres.faults import Unreachable

_PATIENCE_SECONDS: Final = 20.0
_PAUSE_SECONDS: Final = 0.1
_RACED: Final = (psycopg.Error, DBAPIError)
"""What another node's beginning at the same time is met by."""


class UnfitDatabase(Exception):  # noqa: N818  # names what was found
    """The database cannot hold what the store keeps."""


def prepare(address: Address, metadata: MetaData) -> None:
    """Create the tables, or migrate them; cheap where they are up to date.

    Raises NewerFormat, UnfitDatabase, StoreUnavailable.
    """
    try:
        connection = psycopg.Connection[Any].connect(**address.parameters)
    except psycopg.Error as error:
        raise Unreachable(" ".join(str(error).split())) from None
    try:
        _refuse_unfit(connection)
        if schema_version(connection) != HEAD:
            _upgrade(connection, metadata)
    except psycopg.Error as error:
        raise StoreUnavailable(" ".join(str(error).split())) from error
    finally:
        connection.close()


def _refuse_unfit(connection: "psycopg.Connection[Any]") -> None:
    row = connection.execute("SHOW server_encoding").fetchone()
    if row is None or row[0] != "UTF8":
        raise UnfitDatabase(f"the database's encoding is {row and row[0]}: make one with ENCODING 'UTF8'")


class Asked(Protocol):
    """Whatever runs a statement: a connection, or a line."""

    def execute(self, sql: Any, /) -> Any: ...


def schema_version(connection: Asked) -> str | None:
    """The migration that the database is at, None for an empty one."""
    found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _upgrade(connection: "psycopg.Connection[Any]", metadata: MetaData) -> None:
    """Whoever comes second finds the tables there, or fails at them and looks again."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        connection.rollback()
        version = schema_version(connection)
        if version == HEAD:
            connection.rollback()
            return
        try:
            _bring(connection, version, metadata)
        except _RACED as error:
            connection.rollback()
            if time.monotonic() > until or connection.closed:
                raise StoreUnavailable(" ".join(str(error).split())) from error
            time.sleep(_PAUSE_SECONDS)


def _bring(connection: "psycopg.Connection[Any]", version: str | None, metadata: MetaData) -> None:
    """In one transaction."""
    from iamd.stores.sql.migrations.run import upgrade  # noqa: PLC0415  # slow to load, and hardly ever needed

    if version is not None:
        refuse_unknown(version)
    engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    engine.dialect.type_compiler_instance = Types(engine.dialect)
    with engine.connect() as bound:
        if version is None:
            _create(bound, metadata)
        elif bound.exec_driver_sql("SELECT version_num FROM alembic_version FOR UPDATE").scalar() == version:
            upgrade(bound)
        bound.exec_driver_sql(
            "INSERT INTO store_revision (id, epoch, revision) VALUES (1, 0, 0) ON CONFLICT DO NOTHING"
        )
        bound.commit()


def _create(connection: Connection, metadata: MetaData) -> None:
    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (%s)", (HEAD,))
