"""A database that is damaged."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.stores.sql.connections import connect_reader

_FINDINGS: Final = 5


def check(site: Site) -> Iterator[Finding]:
    """Reads all of it: a gigabyte takes some seconds."""
    if not site.database.exists():
        return
    try:
        connection = connect_reader(site.database)
        try:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_FINDINGS})")]
        finally:
            connection.close()
    except sqlite3.Error as damage:
        found = [str(damage)]
    if found != ["ok"]:
        told = " ".join("; ".join(found).split())
        yield error(
            f"{site.database} is damaged: {told}",
            "What was acknowledged may be missing; the disk, its controller or a copy made by hand did this.",
            "Stop the server, keep the directory, look at the disk, and restore the last backup (iamd restore).",
        )
