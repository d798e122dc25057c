"""`iamd backup`: everything in one file, beside a running server or without one."""

import json
from pathlib import Path

import click

from iamd.cli.options import (
    EnvironmentCommand,
    data_dir_option,
    database_url_option,
    json_option,
    master_key_option,
)
from iamd.cli.progress import shown


@click.command(cls=EnvironmentCommand)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Written whole or not at all."
)
@click.option("--without-master-key", is_flag=True, help="Leave the key and bootstrap.json out of it.")
@data_dir_option
@database_url_option
@master_key_option
@json_option
def backup(
    output: Path,
    data_dir: Path,
    database_url: str | None,
    master_key_file: Path | None,
    *,
    without_master_key: bool,
    as_json: bool,
) -> None:
    """Write accounts, policies, objects and the trail to one file, checked, mode 0600."""
    if database_url is not None:
        raise click.ClickException(
            "--database-url: a database server has its own backups. Make one by pg_dump or continuous archiving, then"
            " copy the objects, and keep the master key elsewhere; iamd backup is for a data directory"
        )
    from iamd.bootstrap.archive import BackupRefused  # noqa: PLC0415  # `--help` needs no store
    from iamd.bootstrap.backup import back_up  # noqa: PLC0415  # as above
    from iamd.credentials.master_key import MasterKeyError  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import DamagedDatabase, NewerFormat  # noqa: PLC0415  # as above
    from iamd.stores.sql.reading import NoData  # noqa: PLC0415  # as above

    try:
        with shown("Backing up", None) as progress:
            made = back_up(data_dir, master_key_file, output, progress, with_master_key=not without_master_key)
    except (BackupRefused, DamagedDatabase, MasterKeyError, NewerFormat, NoData) as refusal:
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
