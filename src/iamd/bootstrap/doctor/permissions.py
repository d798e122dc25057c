"""Files that somebody else may read or write, or that the server cannot."""

import os
from collections.abc import Iterator
from pathlib import Path

from iamd.bootstrap.doctor.finding import Finding, Site, error

_OTHERS = 0o077


def check(site: Site) -> Iterator[Finding]:
    if not site.data_dir.exists():
        return
    for path in _files(site):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        if status.st_mode & _OTHERS:
            yield error(
                f"{path} may be read or written by others (mode {status.st_mode & 0o777:o})",
                "Whoever reads it has the secrets or the hashes in it; whoever writes it decides what is allowed.",
                f"chmod {'700' if path.is_dir() else '600'} {path}, and think of who has read it meanwhile.",
            )
        if not os.access(path, os.R_OK | os.W_OK):
            yield error(
                f"{path} belongs to user {status.st_uid} and cannot be written by user {os.geteuid()}",
                "A server that is started by this user cannot use it.",
                f"Start iamd as its owner, or: chown -R $(id -u) {site.data_dir}",
            )


def _files(site: Site) -> Iterator[Path]:
    """What holds secrets or rights: blobs lie in a folder of their own, which is closed as a whole."""
    yield site.data_dir
    yield site.data_dir / "blobs"
    yield site.master_key_file or site.data_dir / "master.key"
    yield from sorted(site.data_dir.glob("*.json"))
    yield from sorted(site.data_dir.glob("iamd.db*"))
