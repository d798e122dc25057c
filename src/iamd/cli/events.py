"""`iamd events`: the audit trail, of a running server or without one."""

import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from iamd.bootstrap.place import Place
from iamd.cli.options import EnvironmentCommand, json_option
from iamd.cli.place import place_options, refusals

if TYPE_CHECKING:
    from iamd.stores.ports.events import Event

_AGO: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_WIDE: Final = 500
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def _moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    """Milliseconds since 1970 of `1h` ago or of an ISO 8601 time, which is UTC where it names no zone."""
    if value is None:
        return None
    from iamd.bootstrap.clock import now_ms  # noqa: PLC0415  # `--help` needs nothing

    ago = _AGO.fullmatch(value)
    if ago:
        return now_ms() - int(ago[1]) * _SECONDS[ago[2]] * 1000
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a span (30m, 1h, 7d) nor a time (ISO 8601)") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


@click.command(cls=EnvironmentCommand)
@click.option("--since", callback=_moment, metavar="1h|TIME", help="Not older than this.")
@click.option("--principal", help="ARN, or name of a user, role or session.")
@click.option("--action", help="For example s3:GetObject.")
@click.option("--errors", is_flag=True, help="Only what failed or was denied.")
@place_options
@json_option
def events(
    since: int | None,
    principal: str | None,
    action: str | None,
    *,
    place: Place,
    errors: bool,
    as_json: bool,
) -> None:
    """Print audit events, oldest first; with --json one CloudTrail record a line."""
    from iamd.audit.search import Search, find  # noqa: PLC0415  # as above

    try:
        with place.state() as state:
            found = find(state, Search(since, principal, action, errors))
            if as_json:
                for event in found:
                    click.echo(event.record)
            else:
                _print_table(list(found))
    except refusals() as refusal:
        raise click.ClickException(str(refusal)) from None


def _print_table(found: "list[Event]") -> None:
    from rich.console import Console  # noqa: PLC0415  # only people need it
    from rich.table import Table  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415  # as above

    table = Table(box=None)
    for title in ("Time (UTC)", "Account", "Principal", "Event", "Result", "Request id"):
        table.add_column(title, no_wrap=True, overflow="ignore")
    for event in found:
        cells: tuple[Any, ...] = (
            datetime.fromtimestamp(event.at // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
            event.account,
            ":".join(event.principal.split(":")[4:]) or "-",
            f"{event.source.partition('.')[0]}:{event.name}",
            event.error_code or "ok",
            event.request_id,
        )
        # What a caller wrote is text, never markup.
        table.add_row(*(Text(cell) for cell in cells))
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
