"""A disk that is full or nearly so."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from iamd.bootstrap.doctor.finding import Finding, Site, error, warning
from iamd.stores.space import MARGIN_BYTES, RESERVE, RESERVE_BYTES

_LOW_BYTES: Final = 256 << 20
_LOW_FILES: Final = 1000
_REMEDY: Final = "Make room on that disk, or give events less of it (--events-max-size)."


def check(site: Site) -> Iterator[Finding]:
    for folder in dict.fromkeys((site.data_dir, site.objects)):
        if folder.exists():
            yield from _check(folder)


def _check(folder: Path) -> Iterator[Finding]:
    space = os.statvfs(folder)
    free = space.f_bavail * space.f_frsize
    if (folder / "blobs").exists() and not (folder / RESERVE).exists() and free < RESERVE_BYTES + MARGIN_BYTES:
        yield error(
            f"the disk of {folder} is full: {free >> 20} MiB are free",
            "What takes away rights or data is still done; everything that would store more is refused with 503.",
            _REMEDY,
        )
    elif free < _LOW_BYTES:
        yield warning(
            f"the disk of {folder} is nearly full: {free >> 20} MiB are free",
            "When it is full, everything that would store more is refused.",
            _REMEDY,
        )
    if space.f_files and space.f_favail < _LOW_FILES:
        yield warning(
            f"the file system of {folder} can hold {space.f_favail} more files",
            "Each object above 64 KiB is a file of its own: uploads will be refused.",
            "Remove small files there, or make a file system with more inodes.",
        )
