"""Object bytes that are gone, and bytes that no object needs any more."""

from collections.abc import Iterator
from typing import Final

from iamd.bootstrap.doctor.finding import Finding, Site, error, warning
from iamd.stores.blobs.local import LocalBlobs
from iamd.stores.ports.buckets import BlobUse
from iamd.stores.ports.state import State

_PAGE: Final = 500
_NAMED: Final = 3
_LEFT_MS: Final = 3 * 24 * 3_600_000
"""Housekeeping takes a day to note an orphan and another to delete it."""


def check(site: Site) -> Iterator[Finding]:
    folder = site.objects / "blobs"
    if not folder.is_dir():
        return
    with site.state() as state:
        if state is None:
            return
        written = dict(LocalBlobs(folder, str, durable=False).written())
        missing = sorted({use.blob_id for use in _uses(state)} - written.keys())
        old = [blob for blob, at in written.items() if site.now - at > _LEFT_MS]
        orphans = [blob for blob in old if not state.blob_uses.page("key", blob, limit=1)]
    # What has gone since it was listed is not missing.
    missing = [blob for blob in missing if not (folder / blob[:2] / blob).exists()]
    if missing:
        yield error(
            f"the bytes of {len(missing)} blobs are gone from {folder}: {', '.join(missing[:_NAMED])}",
            "The objects that consist of them answer an error when they are read.",
            "Copy these files back from a backup; without one, upload the objects again.",
        )
    if orphans:
        yield warning(
            f"{len(orphans)} blobs that no object uses are older than three days: {', '.join(orphans[:_NAMED])}",
            "They take room. A running server deletes such blobs two days after their object went.",
            "Let a server run for two days on end; if they stay, its log says why they could not be removed.",
        )


def _uses(state: State) -> Iterator[BlobUse]:
    after: tuple[str, str, bytes] | None = None
    while page := state.blob_uses.page("key", after=after, limit=_PAGE):
        yield from page
        after = (page[-1].blob_id, page[-1].bucket_id, page[-1].key)
