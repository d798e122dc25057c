"""`iamd accounts`: more accounts, beside a running server or without one."""

import json
from pathlib import Path

import click

from iamd.cli.options import EnvironmentCommand, account_option, data_dir_option, json_option, master_key_option


@click.group()
def accounts() -> None:
    """Create and list accounts."""


@accounts.command(cls=EnvironmentCommand)
@account_option
@click.option("--name", required=True, help="What people call it.")
@data_dir_option
@master_key_option
@json_option
def create(account_id: str | None, name: str, data_dir: Path, master_key_file: Path | None, *, as_json: bool) -> None:
    """Add an account and print the path of its bootstrap file; its keys work at once."""
    from iamd.bootstrap.more_accounts import AccountRefused, create_account  # noqa: PLC0415  # `--help` needs no store
    from iamd.credentials.master_key import MasterKeyError  # noqa: PLC0415  # as above
    from iamd.stores.ports.store import StoreUnavailable  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import DamagedDatabase, NewerFormat  # noqa: PLC0415  # as above
    from iamd.stores.sql.reading import NoData  # noqa: PLC0415  # as above

    try:
        path = create_account(data_dir, master_key_file, account_id, name)
    except (AccountRefused, DamagedDatabase, MasterKeyError, NewerFormat, NoData, StoreUnavailable, OSError) as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(path.read_text(encoding="utf-8").strip() if as_json else path)


@accounts.command(name="list", cls=EnvironmentCommand)
@data_dir_option
@master_key_option
@json_option
def list_accounts(data_dir: Path, master_key_file: Path | None, *, as_json: bool) -> None:
    """Print every account: number, name, alias, root's e-mail address."""
    from iamd.bootstrap.more_accounts import list_known  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import NewerFormat  # noqa: PLC0415  # as above
    from iamd.stores.sql.reading import NoData  # noqa: PLC0415  # as above

    del master_key_file
    try:
        known = list_known(data_dir)
    except (NewerFormat, NoData) as refusal:
        raise click.ClickException(str(refusal)) from None
    for account in known:
        members = {
            "account_id": account.id,
            "name": account.name,
            "alias": account.alias,
            "root_email": account.root_email,
        }
        click.echo(json.dumps(members) if as_json else "  ".join(value for value in members.values() if value))
