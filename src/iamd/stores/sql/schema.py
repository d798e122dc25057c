"""Tables derived from the kinds of state, the two that make revisions, and the tallies."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from iamd.stores.ports.records import Kind
from iamd.stores.ports.state import KINDS
from iamd.stores.sql.columns import columns_of

TALLIES: Final = "tallies"
EVERYWHERE: Final = ("sqlite", "postgresql")


def schema(databases: Sequence[str] = ("sqlite",)) -> MetaData:
    """Every table of the store. INVARIANT: columns are integer, text or blob, so that raw rows need no decoding.

    `databases`: where it is to be made. To name PostgreSQL loads what SQLAlchemy has for it: a tenth of a second.
    """
    metadata = MetaData()
    for kind in KINDS:
        _table(metadata, kind, databases)
    Table(
        "store_revision",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("epoch", BigInteger, nullable=False),
        Column("revision", BigInteger, nullable=False),
    )
    Table(
        "changelog",
        metadata,
        Column("revision", Integer, primary_key=True, autoincrement=False),
        Column("topics", Text, nullable=False),
    )
    Table(
        TALLIES,
        metadata,
        Column("kind", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("number", BigInteger, nullable=False),
        PrimaryKeyConstraint("kind", "owner", name="tallies_pk"),
        sqlite_with_rowid=False,
    )
    return metadata


def _table(metadata: MetaData, kind: Kind[Any], databases: Sequence[str]) -> None:
    types: dict[str, type[TypeEngine[Any]]] = {
        "text": Text,
        "tags": Text,
        "integer": BigInteger,
        "flag": Integer,
        "bytes": LargeBinary,
    }
    columns = [
        Column(column.name, types[column.type], nullable=column.nullable, autoincrement=False)
        for column in columns_of(kind)
    ]
    table = Table(
        kind.name,
        metadata,
        *columns,
        PrimaryKeyConstraint(*kind.key, name=f"{kind.name}_pk"),
        # One B-tree instead of two; with wide rows it would grow too deep.
        sqlite_with_rowid=kind.wide,
    )
    for name, names in kind.unique.items():
        Index(f"{kind.name}_{name}", *(table.c[column] for column in names), unique=True)
    for name in kind.orders:
        full = kind.order(name)
        if full != kind.key:
            named = [table.c[column] for column in full]
            if name not in kind.leaves_out:
                Index(f"{kind.name}_by_{name}", *named)
            else:
                # By a name of its own: nothing else tells it from the whole index of an earlier day.
                (held,) = held_by(kind, table, name)
                where: dict[str, Any] = {f"{database}_where": held for database in databases}
                Index(f"{kind.name}_partly_by_{name}", *named, **where)


def held_by(kind: Kind[Any], table: Table, order: str) -> list[ColumnElement[bool]]:
    """What is true of all records of an order that leaves some out. A query that does not say it misses the index."""
    if order not in kind.leaves_out:
        return []
    column, value = kind.leaves_out[order]
    text = value.replace("'", "''")
    # No argument: the planner has to see that the two say the same.
    return [table.c[column] != literal_column(f"'{text}'")]
