"""A database of an earlier day of the same version: until a release the first migration grows, and says so nowhere.

The database carries the fingerprint of the schema that it has. Where that is not this iamd's, what is missing is added;
nothing that holds data is ever taken away.
"""

import sqlite3
import zlib
from typing import Any, Final

from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError

from iamd.stores.ports.state import KINDS
from iamd.stores.sql.schema import TALLIES

_POSITIVE: Final = 0x7FFF_FFFF


class NotAdopted(Exception):  # noqa: N818  # names what was found
    """What the schema lacks cannot be added; the text says what."""


def fingerprint(metadata: MetaData) -> int:
    """Of tables, columns and indexes; never 0, which an unmarked database has."""
    lines = []
    for table in metadata.tables.values():
        # The type's own text would be compiled for a dialect, at a hundred times the cost.
        lines += [f"{table.name}.{each.name} {type(each.type).__name__} {each.nullable}" for each in table.columns]
        lines += [f"{index.name} {index.unique} {[column.name for column in index.columns]}" for index in table.indexes]
    return (zlib.crc32("\n".join(sorted(lines)).encode()) & _POSITIVE) or 1


def marked(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def mark(connection: Connection, metadata: MetaData) -> None:
    connection.exec_driver_sql(f"PRAGMA user_version = {fingerprint(metadata)}")


def missing(connection: Connection, metadata: MetaData) -> list[Any]:
    """Operations of alembic's that add tables, columns and indexes, and drop indexes that are no longer meant."""
    # Loading alembic takes as long as starting everything else, and is hardly ever needed.
    from alembic.autogenerate import produce_migrations  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415  # as above
    from alembic.operations import ops  # noqa: PLC0415  # as above

    found = produce_migrations(MigrationContext.configure(connection), metadata).upgrade_ops
    waiting: list[Any] = [found]
    wanted: list[Any] = []
    while waiting:
        operation = waiting.pop(0)
        if isinstance(operation, ops.OpContainer):
            waiting = [*operation.ops, *waiting]
        elif isinstance(operation, ops.CreateTableOp | ops.AddColumnOp | ops.CreateIndexOp | ops.DropIndexOp):
            wanted.append(operation)
    return wanted


def adopt(connection: Connection, operations: list[Any]) -> None:
    """Inside the caller's transaction. Raises NotAdopted; the transaction is then for rolling back."""
    from alembic.migration import MigrationContext  # noqa: PLC0415  # as above
    from alembic.operations import Operations  # noqa: PLC0415  # as above

    runner = Operations(MigrationContext.configure(connection))
    try:
        for operation in operations:
            runner.invoke(operation)
    except DBAPIError as error:
        raise NotAdopted(str(error.orig)) from error
    _count(connection)


def _count(connection: Connection) -> None:
    """Tallies, which are what their tables hold, however old these are."""
    connection.exec_driver_sql(f"DELETE FROM {TALLIES}")  # noqa: S608  # our own names, here and below
    for kind in KINDS:
        if kind.tallied:
            owner = kind.key[0]
            connection.exec_driver_sql(
                f"INSERT INTO {TALLIES} (kind, owner, number) "  # noqa: S608
                f"SELECT '{kind.name}', {owner}, count(*) FROM {kind.name} GROUP BY {owner}"
            )
