"""A clock that disagrees with the file system's, or with what was written before."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import Final

from iamd.bootstrap.doctor.finding import Finding, Site, error, warning

_TOLERATED_MS: Final = 60_000
_REMEDY: Final = (
    "Set the clock of this machine by NTP (timedatectl set-ntp true), and of the file server if there is one."
)


def check(site: Site) -> Iterator[Finding]:
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=site.data_dir) as probe:
        probe.write(b"?")
        probe.flush()
        skew = site.now - os.fstat(probe.fileno()).st_mtime_ns // 1_000_000
        if abs(skew) > _TOLERATED_MS:
            yield error(
                f"the clock of this process is {_span(skew)} the file system's",
                "Signatures are valid for minutes and sessions for hours: calls are refused, or hold too long.",
                _REMEDY,
            )
    with contextlib.suppress(OSError):
        ahead = site.database.stat().st_mtime_ns // 1_000_000 - site.now
        if ahead > _TOLERATED_MS:
            yield warning(
                f"the database was written {ahead // 1000} s in the future",
                "The clock has gone back since: new events sort before old ones, and what has expired is valid again.",
                _REMEDY,
            )
    skew = site.now - _server_time(site)
    if abs(skew) > _TOLERATED_MS:
        yield error(
            f"the clock of this machine is {_span(skew)} the database server's",
            "Nodes whose clocks differ take one another's new sessions for early and old ones for valid.",
            "Set the clocks of the nodes and of the database server by NTP (timedatectl set-ntp true).",
        )


def _server_time(site: Site) -> int:
    """Milliseconds since 1970; this machine's where there is no database server, or it does not answer."""
    if site.database_url is None:
        return site.now
    # Only who has such a database loads its driver.
    import psycopg  # noqa: PLC0415  # as above

    from iamd.stores.sql.postgres.address import Address  # noqa: PLC0415  # as above

    with contextlib.suppress(psycopg.Error, ValueError):
        with psycopg.connect(**Address(site.database_url).parameters) as connection:
            row = connection.execute("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)").fetchone()
        return site.now if row is None else int(row[0])
    return site.now


def _span(skew: int) -> str:
    return f"{abs(skew) // 1000} s {'ahead of' if skew > 0 else 'behind'}"
