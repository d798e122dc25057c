"""`iamd env`: the exports that point the AWS tools here."""

import json
from pathlib import Path

import click

from iamd.cli.announce import exports
from iamd.cli.options import EnvironmentCommand, account_option, data_dir_option, json_option, master_key_option


@click.command(cls=EnvironmentCommand)
@account_option
@data_dir_option
@master_key_option
@json_option
def env(account_id: str | None, data_dir: Path, master_key_file: Path | None, *, as_json: bool) -> None:
    """Print `export` lines for an account's first key: `eval "$(iamd env)"`."""
    from iamd.bootstrap.more_accounts import kept_keys  # noqa: PLC0415  # `--help` needs no store

    del master_key_file
    keys = kept_keys(data_dir, account_id)
    if keys is None:
        whose = "the first account" if account_id is None else f"account {account_id}"
        raise click.ClickException(f"{data_dir} holds no bootstrap file of {whose}: a key is shown once")
    variables = exports(keys["access_key_id"], keys["secret_access_key"], keys["region"], keys["endpoint_url"])
    if as_json:
        click.echo(json.dumps(variables))
        return
    for name, value in variables.items():
        click.echo(f"export {name}={value}")
