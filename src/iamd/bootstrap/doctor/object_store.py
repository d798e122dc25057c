"""Objects that lie elsewhere than where the database's rows expect them."""

from collections.abc import Iterator

from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.bootstrap.nodes import NodeRefused, blobs_mark
from iamd.stores.ports.settings import BLOB_STORE


def check(site: Site) -> Iterator[Finding]:
    """Only with `--database-url`: a data directory has both."""
    if site.database_url is None:
        return
    try:
        place = site.objects
    except NodeRefused as refusal:
        yield error(str(refusal), "No node starts with it.", "Give file:///shared/directory.")
        return
    with site.state() as state:
        known = None if state is None else state.settings.get(BLOB_STORE)
    if known is None:
        return
    found = blobs_mark(place)
    if found != known.value:
        yield error(
            f"{place} {'holds no objects' if found is None else 'holds other objects'} of this database's",
            "A node that is started so refuses to start: objects above 64 KiB would be gone.",
            "Give the --object-store-url that the nodes share; for the only node, its --data-dir.",
        )
