"""A backup: the database as of one commit with every blob that it refers to, beside whoever writes."""

import os
import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from iamd import __version__
from iamd.bootstrap.archive import MASTER_KEY, ArchiveWriter, BackupRefused, Progress, read_archive
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import token_ring
from iamd.bootstrap.nodes import blobs_mark
from iamd.bootstrap.place import Place
from iamd.credentials.master_key import load_master_key
from iamd.credentials.sealing import Sealer
from iamd.model.times import iso_seconds
from iamd.stores.blobs.files import blob_path
from iamd.stores.ports.settings import BLOB_STORE
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.opening import DATABASE, FORMAT
from iamd.stores.sql.reading import require_data
from iamd.stores.sql.snapshot import blobs_of, copy_database, read_copy

_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Made:
    """`bytes` is the size of the file."""

    file: Path
    bytes: int
    blobs: int
    has_master_key: bool


@dataclass(frozen=True, slots=True)
class _Source:
    """What a backup is made of; `objects` is the directory in which the place's objects lie."""

    place: Place
    objects: Path
    key: bytes = field(repr=False)
    with_master_key: bool


class _Vanished(Exception):  # noqa: N818  # names what happened
    """A blob that the copy refers to is gone."""


def back_up(place: Place, objects: Path, output: Path, progress: Progress, *, with_master_key: bool = True) -> Made:
    """Write `output` whole, checked and durable, or not at all. It replaces a file of that name.

    `objects` is the directory in which the place's objects lie. Raises BackupRefused, MasterKeyError, NoData,
    NewerFormat, DamagedDatabase, StoreUnavailable, OSError.
    """
    _require(place, objects)
    if output.is_dir():
        raise BackupRefused(f"{output} is a directory")
    key = load_master_key(place.master_key_file or place.data_dir / MASTER_KEY)
    source = _Source(place, objects, key, with_master_key)
    draft = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    copy = draft.with_name(draft.name + ".db")
    with ExitStack() as stack:
        for path in (draft, copy, *(copy.with_name(copy.name + end) for end in ("-journal", "-wal", "-shm"))):
            stack.callback(path.unlink, missing_ok=True)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    _write(file, source, copy, progress)
                    break
                except _Vanished as vanished:
                    # An object of the copy has been deleted since, and its bytes were collected: take a newer copy.
                    if attempt == _ATTEMPTS:
                        raise BackupRefused(f"the bytes of an object are missing: blob {vanished}") from None
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            contents = read_archive(file, progress)
        draft.replace(output)
        _sync_folder(output.parent)
    return Made(output, output.stat().st_size, contents.blobs, contents.master_key is not None)


def _require(place: Place, objects: Path) -> None:
    """Raises NoData, NewerFormat, StoreUnavailable; BackupRefused for objects of another database."""
    if place.database_url is None:
        place.refuse_node()
        require_data(place.data_dir)
        return
    with place.state() as state:
        known = state.settings.get(BLOB_STORE)
    if known is not None and blobs_mark(objects) != known.value:
        raise BackupRefused(
            f"the objects of this database are not in {objects}: give the --data-dir of its node, or the"
            " --object-store-url that its nodes share"
        )


def _copy(place: Place, copy: Path, progress: Progress) -> None:
    if place.database_url is None:
        copy_database(place.data_dir, copy)
    else:
        from iamd.stores.sql.postgres.copying import copy_server  # noqa: PLC0415  # who has one loads its driver

        copy_server(place.database_url, copy, progress)


def _write(file: IO[bytes], source: _Source, copy: Path, progress: Progress) -> None:
    file.seek(0)
    file.truncate()
    copy.unlink(missing_ok=True)
    _copy(source.place, copy, progress)
    sealer = Sealer(source.key)
    with read_copy(copy) as state:
        if token_ring(state, sealer) is None:
            raise BackupRefused(f"{source.place} has no account yet: start its server once")
    header: dict[str, Any] = {
        "iamd": __version__,
        "created_at": iso_seconds(now_ms() // 1000),
        "data_format": FORMAT,
        "schema": HEAD,
        "key_id": sealer.key_id.hex(),
        "key_in_data_dir": (source.place.data_dir / MASTER_KEY).exists(),
    }
    archive = ArchiveWriter(file, header, progress)
    try:
        if source.with_master_key:
            archive.add_bytes(MASTER_KEY, source.key.hex().encode("ascii") + b"\n")
            _add_bootstraps(archive, source.place.data_dir)
        with copy.open("rb") as database:
            archive.add(DATABASE, copy.stat().st_size, database)
        for blob_id in blobs_of(copy):
            _add_blob(archive, source.objects / "blobs", blob_id)
        archive.finish(source.key)
    finally:
        archive.close()


def _add_bootstraps(archive: ArchiveWriter, data_dir: Path) -> None:
    for path in (data_dir / "bootstrap.json", *sorted(data_dir.glob("bootstrap-*.json"))):
        with suppress(FileNotFoundError):
            archive.add_bytes(path.name, path.read_bytes())


def _add_blob(archive: ArchiveWriter, directory: Path, blob_id: str) -> None:
    path = blob_path(directory, blob_id)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise _Vanished(blob_id) from None
    with file:
        archive.add(f"blobs/{blob_id[:2]}/{blob_id}", os.fstat(file.fileno()).st_size, file)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
