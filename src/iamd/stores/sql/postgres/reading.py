"""The committed state of a database server, for commands: nodes that run on it are not disturbed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from iamd.stores.ports.records import Kind
from iamd.stores.ports.state import KINDS, State
from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.copying import WHOLE
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import NewerFormat
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.lines import BlockingLine
from iamd.stores.sql.postgres.opening import schema_version
from iamd.stores.sql.reading import NoData
from iamd.stores.sql.records import SqlRecords
from iamd.stores.sql.schema import schema
from iamd.stores.sql.statements import Statements
from iamd.stores.sql.transaction import read_state

_SNAPSHOT: Final = """
    SET idle_in_transaction_session_timeout = '60s';
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
"""
"""Between two reads a page is written to a disk, which may be slow. Nobody waits for who only reads."""


@contextmanager
def open_reader(url: str) -> Iterator[State]:
    """The state, until the block ends; nothing is made or migrated.

    Raises NoData, NewerFormat for a database of another version than this, StoreUnavailable.
    """
    with _reading(url, KINDS) as state:
        yield state


@contextmanager
def open_snapshot(url: str) -> Iterator[State]:
    """The same as of one commit, whose pages leave nothing out: for a copy of all of it."""
    with _reading(url, WHOLE, _SNAPSHOT) as state:
        yield state


@contextmanager
def _reading(url: str, kinds: Iterable[Kind[Any]], beginning: str = "") -> Iterator[State]:
    try:
        address = Address(url)
    except ValueError as refusal:
        raise NoData(f"--database-url {refusal}") from None
    line = BlockingLine(address)
    try:
        if beginning:
            line.script(beginning)
        _refuse_other(address, schema_version(line))
        metadata = schema()
        statements = {kind.name: Statements(kind, metadata, POSTGRESQL) for kind in kinds}
        yield read_state(statements, SqlRecords, line)  # type: ignore[arg-type]  # a cursor's two methods
    except psycopg.Error as refusal:
        raise StoreUnavailable(f"{address}: {' '.join(str(refusal).split())}") from None
    finally:
        line.close()


def _refuse_other(address: Address, version: str | None) -> None:
    if version is None:
        raise NoData(f"{address} holds no iamd data")
    if version != HEAD:
        raise NewerFormat(f"{address} has schema {version}, this iamd reads {HEAD}: start a node of this version once")
