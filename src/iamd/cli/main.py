"""The `iamd` command."""

import os
import sys
from typing import Final

import click

from iamd import __version__
from iamd.cli.options import read_environment

_COMMANDS: Final = {
    "accounts": "iamd.cli.accounts",
    "backup": "iamd.cli.backup",
    "decide": "iamd.cli.decide",
    "doctor": "iamd.cli.doctor",
    "env": "iamd.cli.env",
    "events": "iamd.cli.events",
    "explain": "iamd.cli.explain",
    "recover": "iamd.cli.recover",
    "restore": "iamd.cli.restore",
    "serve": "iamd.cli.serve",
    "who-can": "iamd.cli.who_can",
}
"""Commands by the module that holds them: imported when called, so that `iamd decide` starts at once."""

_EXAMINES: Final = "doctor"
"""The command that tells of mistyped variables instead of refusing them."""


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        import importlib  # noqa: PLC0415  # see _COMMANDS

        command: click.Command = getattr(importlib.import_module(module), module.rpartition(".")[2])
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="iamd")
@click.pass_context
def iamd(ctx: click.Context) -> None:
    """AWS IAM that you run yourself."""
    if ctx.invoked_subcommand != _EXAMINES:
        read_environment()


def main() -> None:
    """Exit status 2 and one clear line for what cannot be understood; 1 for what cannot be done."""
    try:
        status = iamd.main(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has gone; Python must not try again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.UsageError as error:
        click.echo(f"iamd: {_one_line(error)}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"iamd: {_one_line(error)}", err=True)
        sys.exit(1)
    sys.exit(status or 0)


def _one_line(error: click.ClickException) -> str:
    return " ".join(error.format_message().split())
