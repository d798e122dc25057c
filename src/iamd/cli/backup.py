"""`iamd backup`: everything in one file, beside a running server or without one."""

import json
from pathlib import Path

import click

from iamd.bootstrap.place import Place
from iamd.cli.options import EnvironmentCommand, json_option
from iamd.cli.place import place_options, refusals
from iamd.cli.progress import shown


@click.command(cls=EnvironmentCommand)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Written whole or not at all."
)
@click.option("--without-master-key", is_flag=True, help="Leave the key and bootstrap.json out of it.")
@click.option("--object-store-url", metavar="URL", help="Where the nodes share objects.")
@place_options
@json_option
def backup(
    output: Path, object_store_url: str | None, place: Place, *, without_master_key: bool, as_json: bool
) -> None:
    """Write accounts, policies, objects and the trail to one file, checked, mode 0600."""
    if object_store_url is not None and place.database_url is None:
        raise click.UsageError("--object-store-url is for nodes that share a --database-url")
    from iamd.bootstrap.archive import BackupRefused  # noqa: PLC0415  # `--help` needs no store
    from iamd.bootstrap.backup import back_up  # noqa: PLC0415  # as above
    from iamd.bootstrap.nodes import NodeRefused, object_store  # noqa: PLC0415  # as above

    try:
        objects = place.data_dir if object_store_url is None else object_store(object_store_url)
        with shown("Backing up", None) as progress:
            made = back_up(place, objects, output, progress, with_master_key=not without_master_key)
    except refusals(BackupRefused, NodeRefused) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or output}: {error.strerror or error}") from None
    if as_json:
        members = {"file": str(made.file), "bytes": made.bytes, "blobs": made.blobs, "masterKey": made.has_master_key}
        click.echo(json.dumps(members))
        return
    click.echo(made.file)
    if made.has_master_key:
        click.echo("It holds the master key: whoever can read it can read every secret.", err=True)
