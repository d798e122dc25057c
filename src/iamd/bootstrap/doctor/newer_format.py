"""Data that another version of iamd has written."""

import contextlib
from collections.abc import Iterator
from typing import Final

from iamd.bootstrap.doctor.finding import Finding, Site, error, note
from iamd.stores.sql.connections import connect_reader
from iamd.stores.sql.migrations import HEAD
from iamd.stores.sql.migrations.run import known_versions
from iamd.stores.sql.opening import FORMAT, schema_version

_NEWER: Final = (
    "A newer iamd has used this directory: this one refuses to start, because it does not know what is in it.",
    "Start the version that wrote it, or restore the backup that was made before the upgrade.",
)


def check(site: Site) -> Iterator[Finding]:
    with contextlib.suppress(OSError):
        text = (site.data_dir / "format").read_text(encoding="utf-8", errors="replace").strip()
        if not text.isdecimal() or int(text) > FORMAT:
            yield error(f"{site.data_dir} has data format {text!r}; this iamd knows formats up to {FORMAT}", *_NEWER)
    if not site.database.exists():
        return
    connection = connect_reader(site.database)
    try:
        version = schema_version(connection)
    finally:
        connection.close()
    if version is None or version == HEAD:
        return
    if version not in known_versions():
        yield error(f"the database has schema {version}; this iamd knows schemas up to {HEAD}", *_NEWER)
        return
    yield note(
        f"the database has schema {version}, this iamd's is {HEAD}",
        "The next start migrates it, and keeps a copy of the old one beside it; commands that read wait until then.",
        "Make a backup, then start the server once.",
    )
