"""A database of several servers whose commits wait for no second one."""

import contextlib
from collections.abc import Iterator

from iamd.bootstrap.doctor.finding import Finding, Site, warning


def check(site: Site) -> Iterator[Finding]:
    if site.database_url is None:
        return
    # Only who has such a database loads its driver.
    import psycopg  # noqa: PLC0415  # as above

    from iamd.stores.sql.postgres.address import Address  # noqa: PLC0415  # as above

    # What keeps it from answering is the affair of another check.
    with contextlib.suppress(ValueError, psycopg.Error):
        address = Address(site.database_url)
        if not address.names_several:
            return
        with psycopg.connect(**address.parameters) as connection:
            row = connection.execute("SELECT current_setting('synchronous_standby_names', true)").fetchone()
        if row is not None and not row[0]:
            yield warning(
                f"commits of {address} wait for no standby",
                "When another server takes over, what was acknowledged last may be lost, and a primary that was "
                "replaced cannot be told from the one that took over.",
                "Let commits wait: synchronous_mode in Patroni, synchronous_standby_names elsewhere. If they do, look "
                "why no standby is left.",
            )
