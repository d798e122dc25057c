"""A data directory, or a node's and its database, from a backup file: checked first, then whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from iamd.bootstrap.archive import MASTER_KEY, BackupRefused, Contents, Progress, read_archive, seal_of
from iamd.bootstrap.nodes import NodeRefused
from iamd.bootstrap.place import Place
from iamd.credentials.master_key import MasterKeyError, load_master_key
from iamd.credentials.sealing import Sealer
from iamd.stores.sql.migrations.run import known_versions
from iamd.stores.sql.opening import DATABASE, FORMAT, FORMAT_FILE
from iamd.stores.sql.snapshot import check_database

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Restored:
    """`needs_key_file`: the master key is not in the directory, so its server must be told where it is."""

    data_dir: Path
    created_at: str
    blobs: int
    needs_key_file: bool


def restore(source: Path, place: Place, progress: Progress) -> Restored:
    """Into a new or empty data directory; where the place names a database on a server, the state into that.

    Raises BackupRefused, NodeRefused, MasterKeyError, NewerFormat, DamagedDatabase, StoreUnavailable, OSError; nothing
    is then left behind, except after OutcomeUnknown.
    """
    data_dir = place.data_dir
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise BackupRefused(f"{data_dir} is not empty")
    if place.database_url is not None:
        _require_empty(place.database_url)
    with source.open("rb") as file:
        contents = read_archive(file, progress)
        _check_version(contents)
        key = _key(contents, place.master_key_file)
        file.seek(0)
        if data_dir.is_dir():
            # It may be a mount point, which nothing can be renamed to.
            draft = data_dir / f".restoring-{secrets.token_hex(4)}"
        else:
            data_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = data_dir.with_name(f".{data_dir.name}.restoring-{secrets.token_hex(4)}")
        draft.mkdir(mode=0o700)
        try:
            # Its folders would come with modes of their own otherwise.
            (draft / "blobs").mkdir(mode=0o700)
            if read_archive(file, progress, draft).sums != contents.sums:
                raise BackupRefused("it was changed while it was read")
            _complete(draft, contents, key)
            with _database_in(draft, place.database_url, progress):
                _publish(draft, data_dir)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    has_key = (data_dir / MASTER_KEY).exists()
    return Restored(data_dir, str(contents.header.get("created_at")), contents.blobs, needs_key_file=not has_key)


def _require_empty(url: str) -> None:
    """Raises NodeRefused, StoreUnavailable."""
    from iamd.stores.sql.postgres.copying import require_empty  # noqa: PLC0415  # who has one loads its driver
    from iamd.stores.sql.postgres.opening import UnfitDatabase  # noqa: PLC0415  # as above

    try:
        require_empty(url)
    except (ValueError, UnfitDatabase) as refusal:
        raise NodeRefused(f"--database-url: {refusal}") from None


@contextmanager
def _database_in(draft: Path, url: str | None, progress: Progress) -> Iterator[None]:
    """The block is given a node's directory where there is a server: without a database, which goes there.

    What the directory holds must be in its place before the server's transaction ends: objects without rows are
    collected some day, rows without objects are lost. Raises NodeRefused, StoreUnavailable.
    """
    if url is None:
        yield
        return
    from iamd.stores.sql.postgres.copying import copied_in  # noqa: PLC0415  # as above
    from iamd.stores.sql.postgres.opening import UnfitDatabase  # noqa: PLC0415  # as above

    try:
        with copied_in(draft, url, progress):
            for path in (*draft.glob(f"{DATABASE}*"), draft / FORMAT_FILE):
                path.unlink()
            yield
    except UnfitDatabase as refusal:
        raise NodeRefused(f"--database-url: {refusal}") from None


def _check_version(contents: Contents) -> None:
    data_format = contents.header.get("data_format")
    if type(data_format) is not int or data_format > FORMAT:
        raise BackupRefused(f"it has data format {data_format!r}; this iamd knows formats up to {FORMAT}")


def _key(contents: Contents, master_key_file: Path | None) -> bytes:
    """The key that sealed this backup. Raises MasterKeyError."""
    if master_key_file is not None:
        key, name = load_master_key(master_key_file), str(master_key_file)
    elif contents.master_key is not None:
        try:
            key, name = bytes.fromhex(contents.master_key.decode("ascii")), "the key in it"
        except ValueError:
            raise BackupRefused("the master key in it is none") from None
    else:
        raise MasterKeyError("it was made without the master key: give --master-key-file")
    if len(key) != _KEY_BYTES or Sealer(key).key_id.hex() != contents.header.get("key_id"):
        raise MasterKeyError(f"{name} is not the master key of this backup")
    if seal_of(key, contents.sums) != contents.seal:
        raise BackupRefused("its checksums have been altered: their seal does not fit")
    return key


def _complete(draft: Path, contents: Contents, key: bytes) -> None:
    database = draft / DATABASE
    if not database.is_file():
        raise BackupRefused("it holds no database")
    # An older schema is brought up to date by the first server that starts on it.
    check_database(database, known_versions())
    if contents.master_key is not None or contents.header.get("key_in_data_dir"):
        path = draft / MASTER_KEY
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(key.hex() + "\n", encoding="ascii")


def _publish(draft: Path, data_dir: Path) -> None:
    """The database comes last where the directory is there already: without it there is no data."""
    # One wait for all the files, which may be millions.
    os.sync()
    if draft.parent != data_dir:
        draft.rename(data_dir)
    else:
        for path in sorted(draft.iterdir(), key=lambda path: path.name == DATABASE):
            path.rename(data_dir / path.name)
    os.sync()
