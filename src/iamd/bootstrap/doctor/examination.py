"""All checks, in the order in which one symptom explains the next."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from iamd.bootstrap.doctor import (
    blobs,
    bootstrap_files,
    certificate,
    clock,
    database,
    database_server,
    disk_space,
    endpoint,
    master_key,
    newer_format,
    object_store,
    permissions,
    ports,
    standby,
    variables,
)
from iamd.bootstrap.doctor.finding import Finding, Site, note
from iamd.bootstrap.nodes import NodeRefused
from iamd.stores.ports.store import StoreUnavailable
from iamd.stores.sql.opening import NewerFormat

CHECKS: Final[Mapping[str, Callable[[Site], Iterable[Finding]]]] = {
    "variables": variables.check,
    "permissions": permissions.check,
    "disk-space": disk_space.check,
    "clock": clock.check,
    "database": database.check,
    "database-server": database_server.check,
    "standby": standby.check,
    "format": newer_format.check,
    "master-key": master_key.check,
    "object-store": object_store.check,
    "blobs": blobs.check,
    "certificate": certificate.check,
    "ports": ports.check,
    "endpoint": endpoint.check,
    "bootstrap-file": bootstrap_files.check,
}


def examine(site: Site) -> Iterator[tuple[str, Finding]]:
    """Findings with the name of their check. What cannot be looked at because of another finding is a note."""
    for name, check in CHECKS.items():
        try:
            yield from ((name, finding) for finding in check(site))
        except (sqlite3.Error, StoreUnavailable, NodeRefused, NewerFormat, OSError) as obstacle:
            yield (
                name,
                note(
                    f"not looked at: {obstacle}",
                    "Something above it, or the rights of this user, keep the doctor from it.",
                    "Mend what is found above, as the user that runs the server, and ask again.",
                ),
            )
