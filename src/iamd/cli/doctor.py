"""`iamd doctor`: what is wrong, what it means, what to do. Beside a running server or without one."""

import json
from pathlib import Path
from typing import Any, Final

import click

from iamd.cli.options import ExaminedCommand, data_dir_option, database_url_option, json_option

_MARKS: Final = {"error": "✗", "warning": "!", "note": "·"}


@click.command(cls=ExaminedCommand)
@data_dir_option
@click.option("--master-key-file", type=click.Path(dir_okay=False, path_type=Path), help="[default: in --data-dir]")
@database_url_option
@click.option("--object-store-url", metavar="URL", help="Where nodes share objects.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=4566, show_default=True, help="Port of the AWS API.")
@click.option(
    "--console-port", type=click.IntRange(0, 65535), default=4567, show_default=True, help="Port of the console."
)
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Port of Prometheus metrics.")
@click.option("--tls-cert", type=click.Path(dir_okay=False, path_type=Path), help="Certificate, as PEM.")
@click.option("--tls-key", type=click.Path(dir_okay=False, path_type=Path), help="Its key, as PEM.")
@json_option
def doctor(*, as_json: bool, port: int, console_port: int, metrics_port: int | None, **flags: Any) -> int:
    """Look for what is wrong; give it the flags of the server. Exit status 0 if all is well, 1 if not."""
    from iamd.bootstrap.clock import now_ms  # noqa: PLC0415  # `--help` needs nothing
    from iamd.bootstrap.doctor.examination import CHECKS, examine  # noqa: PLC0415  # as above
    from iamd.bootstrap.doctor.finding import Severity, Site  # noqa: PLC0415  # as above
    from iamd.bootstrap.settings import process_environment  # noqa: PLC0415  # as above

    ports = (port, console_port) if metrics_port is None else (port, console_port, metrics_port)
    site = Site(ports=ports, environ=process_environment(), now=now_ms(), **flags)
    found = list(examine(site))
    is_well = all(finding.severity is Severity.NOTE for _, finding in found)
    if as_json:
        findings = [
            {
                "check": name,
                "severity": finding.severity.value,
                "symptom": finding.symptom,
                "meaning": finding.meaning,
                "remedy": finding.remedy,
            }
            for name, finding in found
        ]
        click.echo(json.dumps({"ok": is_well, "checks": list(CHECKS), "findings": findings}))
    else:
        for name, finding in found:
            click.echo(f"{_MARKS[finding.severity]} {name}: {finding.symptom}")
            click.echo(f"    {finding.meaning}\n    → {finding.remedy}")
        click.echo(f"{len(CHECKS)} checks: {'all is well' if is_well else 'something is wrong'}")
    return 0 if is_well else 1
