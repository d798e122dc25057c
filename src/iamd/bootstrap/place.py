"""Where an installation keeps its state, for commands beside its servers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

# Commands that only print their help, or decide offline, load nothing of a store.
if TYPE_CHECKING:
    from iamd.bootstrap.compose import StoreParts
    from iamd.stores.ports.state import State


@dataclass(frozen=True, slots=True)
class Place:
    """A data directory, or a database server beside one. `str` says which, without a password."""

    data_dir: Path
    master_key_file: Path | None = None
    database_url: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        if self.database_url is None:
            return str(self.data_dir)
        from iamd.stores.sql.postgres.address import Address  # noqa: PLC0415  # as above

        return str(Address(self.database_url))

    @contextmanager
    def state(self) -> "Iterator[State]":
        """The committed state, read only. Raises NoData, NewerFormat, StoreUnavailable."""
        if self.database_url is None:
            from iamd.stores.sql.reading import open_reader  # noqa: PLC0415  # as above

            self.refuse_node()
            with open_reader(self.data_dir) as state:
                yield state
        else:
            from iamd.stores.sql.postgres.reading import open_reader as open_server  # noqa: PLC0415  # as above

            with open_server(self.database_url) as state:
                yield state

    def open(self) -> "StoreParts":
        """For a change beside the servers, which feel it as they feel each other's.

        Raises NoData, MasterKeyError, NewerFormat, StoreUnavailable, OSError.
        """
        if self.database_url is None:
            from iamd.bootstrap.compose import open_parts  # noqa: PLC0415  # as above
            from iamd.stores.sql.reading import require_data  # noqa: PLC0415  # as above

            self.refuse_node()
            require_data(self.data_dir)
            return open_parts(self.data_dir, self.master_key_file)
        from iamd.bootstrap.nodes import open_beside  # noqa: PLC0415  # as above

        # A command neither makes the tables nor migrates them under running nodes.
        with self.state():
            pass
        return open_beside(self.data_dir, self.master_key_file, self.database_url)

    def refuse_node(self) -> None:
        """Whoever asks a node's directory has forgotten a flag, or a variable. Raises NoData."""
        from iamd.bootstrap.accounts import endpoint_file  # noqa: PLC0415  # as above
        from iamd.stores.sql.opening import DATABASE  # noqa: PLC0415  # as above
        from iamd.stores.sql.reading import NoData  # noqa: PLC0415  # as above

        if endpoint_file(self.data_dir).is_file() and not (self.data_dir / DATABASE).is_file():
            raise NoData(f"{self.data_dir} is a node's, whose data is in its database: give the --database-url")
