"""`iamd accounts`: more accounts, beside a running server or without one."""

import json

import click

from iamd.bootstrap.place import Place
from iamd.cli.options import EnvironmentCommand, account_option, json_option
from iamd.cli.place import place_options, refusals


@click.group()
def accounts() -> None:
    """Create and list accounts."""


@accounts.command(cls=EnvironmentCommand)
@account_option
@click.option("--name", required=True, help="What people call it.")
@place_options
@json_option
def create(account_id: str | None, name: str, place: Place, *, as_json: bool) -> None:
    """Add an account and print the path of its bootstrap file; its keys work at once."""
    from iamd.bootstrap.more_accounts import AccountRefused, create_account  # noqa: PLC0415  # `--help` needs no store

    try:
        path = create_account(place, account_id, name)
    except refusals(AccountRefused, OSError) as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(path.read_text(encoding="utf-8").strip() if as_json else path)


@accounts.command(name="list", cls=EnvironmentCommand)
@place_options
@json_option
def list_accounts(place: Place, *, as_json: bool) -> None:
    """Print every account: number, name, alias, root's e-mail address."""
    from iamd.bootstrap.more_accounts import list_known  # noqa: PLC0415  # as above

    try:
        known = list_known(place)
    except refusals() as refusal:
        raise click.ClickException(str(refusal)) from None
    for account in known:
        members = {
            "account_id": account.id,
            "name": account.name,
            "alias": account.alias,
            "root_email": account.root_email,
        }
        click.echo(json.dumps(members) if as_json else "  ".join(value for value in members.values() if value))
