"""A database server that is not named, does not answer, or whose database another version keeps."""

from collections.abc import Iterator

from iamd.bootstrap.accounts import endpoint_file
from iamd.bootstrap.doctor.finding import Finding, Site, error, note, warning
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.migrations.run import known_versions


def check(site: Site) -> Iterator[Finding]:
    if site.database_url is None:
        if endpoint_file(site.data_dir).is_file() and not site.database.exists():
            yield warning(
                f"{site.data_dir} is a node's, whose data is in a database on a server",
                "Nothing of that database has been looked at.",
                "Give the node's --database-url, or its environment, and its --object-store-url if it has one.",
            )
        return
    # Only who has such a database loads its driver.
    import psycopg  # noqa: PLC0415  # as above

    from iamd.stores.sql.postgres.address import Address  # noqa: PLC0415  # as above
    from iamd.stores.sql.postgres.opening import schema_version  # noqa: PLC0415  # as above

    try:
        address = Address(site.database_url)
    except ValueError as refusal:
        yield error(f"--database-url {refusal}", "No server starts with it.", "Give postgresql://user@host/database.")
        return
    try:
        with psycopg.connect(**address.parameters) as connection:
            version = schema_version(connection)
    except psycopg.Error as failure:
        yield error(
            f"{address} does not answer: {' '.join(str(failure).split())}",
            "Nodes decide from memory for a second, then deny; changes and whatever needs a row are answered 503.",
            "See whether it runs, takes connections from here and lets this user in; nodes recover by themselves.",
        )
        return
    if version in (None, HEAD):
        return
    if version in known_versions():
        yield note(
            f"{address} has schema {version}, this iamd's is {HEAD}",
            "The first node of this version that starts migrates it; nodes of the old one end then.",
            "Make a backup of the database, then start one node.",
        )
        return
    yield error(
        f"{address} has schema {version}; this iamd knows schemas up to {HEAD}",
        "A newer iamd keeps this database: a node of this version refuses to start.",
        "Start the version that wrote it.",
    )
