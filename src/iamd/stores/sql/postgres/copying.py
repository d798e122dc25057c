"""A data directory's database from a database server's state, beside the nodes that run on it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from iamd.stores.ports.settings import BLOB_STORE
from iamd.stores.sql.copying import Progress, copy_state, filling
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import DATABASE
from iamd.stores.sql.postgres.reading import open_snapshot
from iamd.stores.sql.snapshot import check_database


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
