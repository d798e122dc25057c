"""The master key: a file of 64 hex digits."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

_KEY: Final = re.compile(rb"[0-9a-fA-F]{64}")
_LIMIT: Final = 1024


class MasterKeyError(Exception):
    """The master key cannot be read or is none; the text says which file and why, never what is in it."""


def load_master_key(path: Path) -> bytes:
    """32 bytes. White space around the digits is fine. Raises MasterKeyError."""
    try:
        with path.open("rb") as file:
            text = file.read(_LIMIT).strip()
    except OSError as error:
        raise MasterKeyError(f"master key file {path}: {error.strerror}") from error
    if not _KEY.fullmatch(text):
        raise MasterKeyError(f"master key file {path}: it must hold 64 hex digits and nothing else")
    return bytes.fromhex(text.decode("ascii"))


def create_master_key(path: Path) -> bytes:
    """Write a new key, mode 0600, durably and whole or not at all. Raises MasterKeyError if the file is there."""
    key = secrets.token_bytes(32)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key.hex().encode("ascii") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a rename, never replaces a key that another process wrote meanwhile.
            os.link(draft, path)
        finally:
            draft.unlink()
        _sync_folder(path.parent)
    except OSError as error:
        raise MasterKeyError(f"master key file {path}: {error.strerror}") from error
    return key


def load_or_create_master_key(path: Path) -> bytes:
    if not path.exists():
        try:
            return create_master_key(path)
        except MasterKeyError:
            if not path.exists():
                raise
    return load_master_key(path)


def is_exposed(path: Path) -> bool:
    """Whether anyone but the owner may read or write the file."""
    return bool(path.stat().st_mode & 0o077)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
