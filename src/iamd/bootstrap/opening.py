"""What a server's processes open: a data directory, or a database server beside one."""

from pathlib import Path

from iamd.bootstrap.compose import Parts, open_parts
from iamd.bootstrap.settings import Settings


def open_for(settings: Settings, state_dir: Path) -> Parts:
    """Raises what `open_parts` and `open_node` raise."""
    if settings.database_url is None:
        return open_parts(state_dir, settings.master_key_file, ephemeral=settings.ephemeral)
    from iamd.bootstrap.nodes import open_node  # noqa: PLC0415  # hardly anybody's

    return open_node(state_dir, settings.master_key_file, settings.database_url, settings.object_store_url)


def claim(settings: Settings, state_dir: Path, parts: Parts) -> None:
    """Once a server's account is there: see `nodes.claim_blobs`."""
    if settings.database_url is not None:
        from iamd.bootstrap.nodes import claim_blobs  # noqa: PLC0415  # as above

        claim_blobs(parts, state_dir, settings.object_store_url)
