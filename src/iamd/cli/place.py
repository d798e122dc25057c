"""Where a command finds what it asks or changes, and what it says if there is nothing."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from iamd.bootstrap.place import Place
from iamd.cli.options import data_dir_option, database_url_option, master_key_option


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data-dir`, `--database-url` and `--master-key-file`, handed over as one `place`."""

    @data_dir_option
    @database_url_option
    @master_key_option
    @wraps(command)
    def with_place(*, data_dir: Path, database_url: str | None, master_key_file: Path | None, **given: Any) -> Any:
        return command(place=Place(data_dir, master_key_file, database_url), **given)

    return with_place


def refusals(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What a place answers that cannot be read, and what else a command may be refused by; each is one line."""
    from iamd.credentials.master_key import MasterKeyError  # noqa: PLC0415  # `--help` needs no store
    from iamd.stores.ports.store import StoreUnavailable  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import DamagedDatabase, NewerFormat  # noqa: PLC0415  # as above
    from iamd.stores.sql.reading import NoData  # noqa: PLC0415  # as above

    return DamagedDatabase, MasterKeyError, NewerFormat, NoData, StoreUnavailable, *more
