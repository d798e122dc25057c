"""`iamd restore`: a data directory from a backup file, or a database and the directory of its first node."""

import json
from pathlib import Path

import click

from iamd.cli.options import EnvironmentCommand, json_option, master_key_option
from iamd.cli.progress import shown


@click.command(cls=EnvironmentCommand)
@click.option("--input", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data-dir", required=True, type=click.Path(path_type=Path), help="A new directory, or one that is empty."
)
@click.option(
    "--database-url", metavar="URL", help="An empty PostgreSQL database, for what would be one in --data-dir."
)
@master_key_option
@json_option
def restore(
    input: Path,  # noqa: A002  # the flag's name
    data_dir: Path,
    database_url: str | None,
    master_key_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Check a backup and make a data directory of it; start a server on it as on any other.

    With --database-url the state goes into that database, which must be empty, and the directory is for its first node.
    """
    from iamd.bootstrap.archive import BackupRefused  # noqa: PLC0415  # `--help` needs no store
    from iamd.bootstrap.nodes import NodeRefused  # noqa: PLC0415  # as above
    from iamd.bootstrap.place import Place  # noqa: PLC0415  # as above
    from iamd.bootstrap.restore import restore as run  # noqa: PLC0415  # as above
    from iamd.credentials.master_key import MasterKeyError  # noqa: PLC0415  # as above
    from iamd.stores.ports.store import StoreUnavailable  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import DamagedDatabase, NewerFormat  # noqa: PLC0415  # as above

    try:
        with shown("Restoring", None if database_url else 2 * input.stat().st_size) as progress:
            restored = run(input, Place(data_dir, master_key_file, database_url), progress)
    except (BackupRefused, DamagedDatabase, MasterKeyError, NewerFormat) as refusal:
        raise click.ClickException(f"{input}: {refusal}") from None
    except (NodeRefused, StoreUnavailable) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or data_dir}: {error.strerror or error}") from None
    if as_json:
        members = {
            "dataDir": str(restored.data_dir),
            "createdAt": restored.created_at,
            "blobs": restored.blobs,
            "needsMasterKeyFile": restored.needs_key_file,
        }
        click.echo(json.dumps(members))
        return
    click.echo(restored.data_dir)
    if restored.needs_key_file:
        click.echo("Its master key is not in it: give --master-key-file to iamd serve too.", err=True)
