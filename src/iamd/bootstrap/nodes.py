"""A node of several, or the only one, on a database server: what it needs besides its data directory."""

import os
import secrets
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from iamd.bootstrap.compose import Parts, StoreParts
from iamd.credentials.master_key import MasterKeyError, load_master_key, load_or_create_master_key
from iamd.credentials.passwords import Passwords
from iamd.credentials.randomness import Ids
from iamd.credentials.sealing import Sealer
from iamd.stores.blobs.local import LocalBlobs
from iamd.stores.ports.settings import BLOB_STORE, Setting
from iamd.stores.ports.state import State
from iamd.stores.ports.store import StoreUnavailable, Transaction
from iamd.stores.space import RESERVE_BYTES, Reserve

_KEY: Final = "master.key"
_MARK: Final = "blob-store"
_OTHERS: Final = ("s3", "gs", "az")


class NodeRefused(Exception):  # noqa: N818  # names what happened
    """The database or the object store that a node was given will not do; the text says why."""


def open_node(
    directory: Path, master_key_file: Path | None, database_url: str, object_store_url: str | None = None
) -> Parts:
    """Raises NodeRefused, MasterKeyError, NewerFormat, StoreUnavailable, OSError."""
    # Only who has such a database loads its driver.
    from iamd.stores.sql.postgres.opening import UnfitDatabase  # noqa: PLC0415  # as above
    from iamd.stores.sql.postgres.store import open_store  # noqa: PLC0415  # as above

    shared = directory if object_store_url is None else object_store(object_store_url)
    try:
        store = open_store(database_url)
    except (ValueError, UnfitDatabase) as refusal:
        raise NodeRefused(f"--database-url: {refusal}") from None
    except StoreUnavailable as unavailable:
        raise StoreUnavailable(f"--database-url: {unavailable}") from None
    try:
        key = _key(directory, master_key_file, store.state)
        shared.mkdir(mode=0o700, parents=True, exist_ok=True)
        ids = Ids()
        reserve = Reserve(shared, RESERVE_BYTES)
        reserve.prepare()
        return Parts(
            store=store,
            blobs=LocalBlobs(shared / "blobs", ids.internal_id, reserve=reserve),
            ids=ids,
            sealer=Sealer(key),
            passwords=Passwords(),
        )
    except BaseException:
        store.close()
        raise


def open_beside(directory: Path, master_key_file: Path | None, database_url: str) -> StoreParts:
    """For a command: nothing is made that is not there. Raises MasterKeyError, StoreUnavailable."""
    from iamd.stores.sql.postgres.store import open_store  # noqa: PLC0415  # as above

    key = load_master_key(master_key_file or directory / _KEY)
    return StoreParts(store=open_store(database_url), ids=Ids(), sealer=Sealer(key), passwords=Passwords())


def object_store(url: str) -> Path:
    """The directory that a `file:` URL names. Raises NodeRefused."""
    parts = urlsplit(url)
    if parts.scheme in _OTHERS:
        raise NodeRefused(f"--object-store-url {parts.scheme}://… is not built yet: share a directory, file:///…")
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise NodeRefused("--object-store-url is no URL like file:///shared/directory")
    return Path(unquote(parts.path))


def _key(directory: Path, master_key_file: Path | None, state: State) -> bytes:
    if master_key_file is not None:
        return load_master_key(master_key_file)
    own = directory / _KEY
    if own.exists() or not state.accounts.page("key", limit=1):
        return load_or_create_master_key(own)
    raise MasterKeyError("the database's secrets are sealed already: give the key that did it as --master-key-file")


def claim_blobs(parts: Parts, directory: Path, object_store_url: str | None) -> None:
    """Note which blobs the database's rows refer to, or find these to be the ones. Raises NodeRefused."""
    place = directory if object_store_url is None else object_store(object_store_url)
    mark = _mark(place / _MARK)

    def work(transaction: Transaction) -> str:
        settings = transaction.state.settings
        known = settings.get(BLOB_STORE)
        if known is None:
            settings.insert(Setting(BLOB_STORE, mark))
            return mark
        return known.value

    known = parts.store.state.settings.get(BLOB_STORE)
    if mark != (parts.store.write_now(work) if known is None else known.value):
        flag = (
            "give the one that all nodes share as --object-store-url" if object_store_url is None else "it is another"
        )
        raise NodeRefused(f"the objects of this database are not in {place}: {flag}")


def blobs_mark(place: Path) -> str | None:
    """The id of the blobs that lie there, None where none do."""
    path = place / _MARK
    return path.read_text(encoding="ascii").strip() if path.is_file() else None


def _mark(path: Path) -> str:
    """The id of the blobs beside this file; drawn by whoever comes first, of all nodes."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with draft.open("w", encoding="ascii") as file:
            file.write(secrets.token_hex(16) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link never replaces what another node wrote meanwhile.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
