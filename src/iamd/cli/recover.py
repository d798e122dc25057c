"""`iamd recover`: for someone locked out, beside a running server or without one."""

import json

import click

from iamd.bootstrap.place import Place
from iamd.cli.options import EnvironmentCommand, account_option, json_option
from iamd.cli.place import place_options, refusals


@click.command(cls=EnvironmentCommand)
@click.argument("who", type=click.Choice(["root", "admin"]))
@account_option
@place_options
@json_option
def recover(who: str, account_id: str | None, place: Place, *, as_json: bool) -> None:
    """Print, once, a new password of root, or a new access key of the user admin."""
    from iamd.bootstrap.recover import RecoveryRefused, recover_admin, recover_root  # noqa: PLC0415  # `--help` needs no store

    members: dict[str, str]
    notes: list[str] = []
    try:
        if who == "root":
            root = recover_root(place, account_id)
            members = {
                "account_id": root.account_id,
                "root_email": root.root_email,
                "root_password": root.root_password,
            }
            notes += [f"The MFA device {serial} is root's no longer." for serial in root.devices]
        else:
            admin = recover_admin(place, account_id)
            members = {
                "account_id": admin.account_id,
                "user_name": admin.user_name,
                "access_key_id": admin.access_key_id,
                "secret_access_key": admin.secret_access_key,
            }
            notes += [f"The {what} was gone and is there again." for what in admin.restored]
            if admin.bounded:
                notes.append("A permissions boundary still limits this user.")
    except refusals(RecoveryRefused) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or place}: {error.strerror or error}") from None
    if as_json:
        click.echo(json.dumps(members))
        return
    for name, value in members.items():
        click.echo(f"{name:18} {value}")
    for note in [*notes, "This is shown once."]:
        click.echo(note, err=True)
