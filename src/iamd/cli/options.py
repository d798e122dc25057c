"""What commands have in common: flags from the environment, the data directory, refusals in one line."""

import re
from pathlib import Path
from typing import Any, Final

import click

from iamd.bootstrap.settings import UnknownSetting, environment, process_environment, sort_environment

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
DATA_DIR: Final = Path("iamd-data")


class EnvironmentCommand(click.Command):
    """Every flag may also come from the environment, `IAMD_<FLAG>`; several values of one are separated by commas."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        given = self.read()
        defaults: dict[str, Any] = {}
        for parameter in self.params:
            value = given.get(parameter.name or "")
            if value is not None:
                defaults[parameter.name or ""] = _split(value) if parameter.multiple else value
        kwargs["default_map"] = defaults
        return super().make_context(*args, **kwargs)

    def read(self) -> dict[str, str]:
        """What the environment sets. Raises UsageError for what is no setting."""
        return read_environment()


class ExaminedCommand(EnvironmentCommand):
    """One that looks at the environment itself: what is no setting is a finding, not a refusal."""

    def read(self) -> dict[str, str]:
        return sort_environment(process_environment())[0]


def read_environment() -> dict[str, str]:
    """Raises UsageError for an `IAMD_…` variable that no command knows."""
    try:
        return environment()
    except UnknownSetting as unknown:
        raise click.UsageError(str(unknown)) from None


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def account_number(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _ACCOUNT.fullmatch(value):
        raise click.BadParameter("an account id has 12 digits")
    return value


data_dir_option = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), default=DATA_DIR, help="[default: ./iamd-data]"
)
database_url_option = click.option(
    "--database-url", metavar="URL", help="PostgreSQL database, instead of one in --data-dir."
)
account_option = click.option("--account-id", callback=account_number, help="Twelve digits.")
json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")
master_key_option = click.option(
    "--master-key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="[default: in --data-dir]"
)
