"""From a database server's state to a data directory's database, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from iamd.stores.ports.settings import BLOB_STORE
from iamd.stores.ports.state import KINDS
from iamd.stores.ports.store import OutcomeUnknown, StoreUnavailable
from iamd.stores.sql import opening
from iamd.stores.sql.copying import WHOLE, Progress, copy_state, filling, write_state
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import DATABASE
from iamd.stores.sql.postgres.address import Address
from iamd.stores.sql.postgres.dialect import POSTGRESQL
from iamd.stores.sql.postgres.lines import BlockingLine
from iamd.stores.sql.postgres.opening import UnfitDatabase, prepare, schema_version
from iamd.stores.sql.postgres.outcome import LOCK
from iamd.stores.sql.postgres.reading import open_snapshot
from iamd.stores.sql.schema import EVERYWHERE, schema
from iamd.stores.sql.snapshot import check_database, read_copy
from iamd.stores.sql.statements import Statements

_BEGIN: Final = "; ".join(("SET idle_in_transaction_session_timeout = '10min'", *LOCK))
"""Between two statements files are brought to the disk. Nobody waits for it: no node runs on an empty database."""


def copy_server(url: str, target: Path, progress: Progress) -> None:
    """Write the state as of one commit to `target`, a new SQLite database of mode 0600, and check it.

    It is one read transaction: nobody waits for it. Raises NoData, NewerFormat, StoreUnavailable, DamagedDatabase,
    OSError.
    """
    with TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as folder:
        with open_snapshot(url) as source, filling(Path(folder)) as state:
            copy_state(source, state, progress)
            # Which objects belong to it is a matter between nodes; a data directory has its own beside it.
            state.settings.delete(BLOB_STORE)
        (Path(folder) / DATABASE).rename(target)
    check_database(target, {HEAD})


def require_empty(url: str) -> None:
    """Raises UnfitDatabase for a database that holds something of iamd's, ValueError for no URL, StoreUnavailable."""
    address = Address(url)
    line = BlockingLine(address)
    try:
        _refuse_taken(address, line)
    except psycopg.Error as error:
        raise StoreUnavailable(f"{address}: {' '.join(str(error).split())}") from error
    finally:
        line.close()


@contextmanager
def copied_in(directory: Path, url: str, progress: Progress) -> Iterator[None]:
    """The state of this directory's database, in an empty one on a server: committed once the block has ended.

    The directory's database is brought up to date first. Raises what `require_empty` raises, NewerFormat,
    DamagedDatabase, OSError; OutcomeUnknown where the server was lost while it committed.
    """
    metadata = schema(EVERYWHERE)
    opening.prepare(directory, metadata)
    address = Address(url)
    prepare(address, metadata)
    line = BlockingLine(address)
    try:
        line.script(_BEGIN)
        _refuse_taken(address, line)
        statements = {kind.name: Statements(kind, metadata, POSTGRESQL) for kind in KINDS}
        with read_copy(directory / DATABASE, WHOLE) as source:
            copy_state(source, write_state(statements, line), progress)
        yield
        _commit(line)
    except psycopg.Error as error:
        raise StoreUnavailable(f"{address}: {' '.join(str(error).split())}") from error
    finally:
        line.close()


def _commit(line: BlockingLine) -> None:
    try:
        line.script("COMMIT")
    except StoreUnavailable as error:
        raise OutcomeUnknown(
            f"the server was lost while it committed ({error}): look whether it has the data"
        ) from error


def _refuse_taken(address: Address, line: BlockingLine) -> None:
    version = schema_version(line)
    if version is None:
        return
    if version == HEAD and not any(line.execute(f"SELECT 1 FROM {kind.name} LIMIT 1").fetchone() for kind in KINDS):  # noqa: S608  # our own names
        return
    raise UnfitDatabase(f"{address} holds data of iamd already: make an empty one")
