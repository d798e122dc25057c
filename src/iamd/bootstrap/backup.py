"""A backup: the database as of one commit with every blob that it refers to, beside whoever writes."""

import os
import secrets
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from iamd import __version__
from iamd.bootstrap.archive import MASTER_KEY, ArchiveWriter, BackupRefused, Progress, read_archive
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.compose import token_ring
from iamd.credentials.master_key import load_master_key
from iamd.credentials.sealing import Sealer
from iamd.model.times import iso_seconds
from iamd.stores.blobs.files import blob_path
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


class _Vanished(Exception):  # noqa: N818  # names what happened
    """A blob that the copy refers to is gone."""


def back_up(
    data_dir: Path, master_key_file: Path | None, output: Path, progress: Progress, *, with_master_key: bool = True
) -> Made:
    """Write `output` whole, checked and durable, or not at all. It replaces a file of that name.

    Raises BackupRefused, MasterKeyError, NoData, NewerFormat, DamagedDatabase, OSError.
    """
    require_data(data_dir)
    if output.is_dir():
        raise BackupRefused(f"{output} is a directory")
    key = load_master_key(master_key_file or data_dir / MASTER_KEY)
    draft = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    copy = draft.with_name(draft.name + ".db")
    with ExitStack() as stack:
        for path in (draft, copy, *(copy.with_name(copy.name + end) for end in ("-journal", "-wal", "-shm"))):
            stack.callback(path.unlink, missing_ok=True)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    _write(file, data_dir, copy, key, progress, with_master_key=with_master_key)
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


def _write(
    file: IO[bytes], data_dir: Path, copy: Path, key: bytes, progress: Progress, *, with_master_key: bool
) -> None:
    file.seek(0)
    file.truncate()
    copy.unlink(missing_ok=True)
    copy_database(data_dir, copy)
    sealer = Sealer(key)
    with read_copy(copy) as state:
        if token_ring(state, sealer) is None:
            raise BackupRefused(f"{data_dir} has no account yet: start its server once")
    header: dict[str, Any] = {
        "iamd": __version__,
        "created_at": iso_seconds(now_ms() // 1000),
        "data_format": FORMAT,
        "schema": HEAD,
        "key_id": sealer.key_id.hex(),
        "key_in_data_dir": (data_dir / MASTER_KEY).exists(),
    }
    archive = ArchiveWriter(file, header, progress)
    try:
        if with_master_key:
            archive.add_bytes(MASTER_KEY, key.hex().encode("ascii") + b"\n")
            _add_bootstraps(archive, data_dir)
        with copy.open("rb") as database:
            archive.add(DATABASE, copy.stat().st_size, database)
        for blob_id in blobs_of(copy):
            _add_blob(archive, data_dir / "blobs", blob_id)
        archive.finish(key)
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
