"""`iamd serve`: run a server."""

import ipaddress
import re
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from iamd.bootstrap.settings import Settings
from iamd.bootstrap.signals import held, ignore_late
from iamd.cli.options import DATA_DIR, EnvironmentCommand, account_number

_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")
_SIZE: Final = re.compile(r"([0-9]{1,15})([KMGT]iB)?", re.ASCII)
_SHIFTS: Final = {"": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40}


def _region(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _REGION.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no region's name")
    return value


def _size(_ctx: click.Context, _param: click.Parameter, value: str) -> int:
    match = _SIZE.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is no size: bytes, or a number with KiB, MiB, GiB or TiB")
    return int(match[1]) << _SHIFTS[match[2] or ""]


def _url(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        url = urlsplit(value)
        is_good = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_good = False
    if not is_good or url.path.strip("/") or url.query or url.fragment or url.username is not None:
        raise click.BadParameter(f"{value!r} is no URL like https://iamd.example.org:8443")
    return value.rstrip("/")


def _networks(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for network in value:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise click.BadParameter(f"{network!r} is no network") from None
    return value


@click.command(cls=EnvironmentCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=4566, show_default=True, help="Port of the AWS API.")
@click.option(
    "--console-port", type=click.IntRange(0, 65535), default=4567, show_default=True, help="Port of the console."
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is kept.  [default: ./iamd-data]",
)
@click.option("--account-id", callback=account_number, help="Number of the first account.  [default: drawn]")
@click.option("--database-url", metavar="URL", help="PostgreSQL database, instead of one in --data-dir.")
@click.option("--object-store-url", metavar="URL", help="Where nodes share objects: file:///shared/directory.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that serve.")
@click.option("--region", default="us-east-1", show_default=True, callback=_region, help="Region to show to clients.")
@click.option("--public-url", callback=_url, help="The API's URL as clients see it.")
@click.option("--console-public-url", callback=_url, help="The console's URL as people see it.")
@click.option("--trusted-proxy", multiple=True, callback=_networks, help="Network whose X-Forwarded-* count.")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificate, as PEM.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its key, as PEM.")
@click.option("--insecure-http", is_flag=True, help="Allow plain HTTP on a host that is not loopback.")
@click.option(
    "--master-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Key that seals secrets: 64 hex digits.  [default: in --data-dir]",
)
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help="Port of Prometheus metrics, on --host.  [default: none]"
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of standard error."
)
@click.option("--user-quota", type=click.IntRange(1), default=5000, show_default=True, help="IAM users per account.")
@click.option(
    "--events-max-size",
    callback=_size,
    default="1GiB",
    show_default=True,
    help="Room for events of reads and denials; those of changes stay.",
)
@click.option("--ephemeral", is_flag=True, help="For tests: state in a temporary directory, POST /_iamd/reset.")
def serve(**flags: Any) -> None:
    """Run iamd: the AWS API on one port, the console on another."""
    _refuse_unsafe(flags)
    if flags["ephemeral"] and flags["database_url"]:
        raise click.UsageError("--ephemeral keeps its state to itself: it takes no --database-url")
    if flags["object_store_url"] and not flags["database_url"]:
        raise click.UsageError("--object-store-url is for nodes that share a --database-url")
    wanted = [flags[name] for name in ("port", "console_port", "metrics_port") if flags[name]]
    if len(set(wanted)) < len(wanted):
        raise click.ClickException("--port, --console-port and --metrics-port: each door needs its own")
    with held():
        if flags["ephemeral"]:
            _serve_ephemeral(flags)
        else:
            data_dir = flags.pop("data_dir") or DATA_DIR
            _serve(_settings(flags, data_dir), data_dir)
        ignore_late()


def _refuse_unsafe(flags: dict[str, Any]) -> None:
    from iamd.edge.hosts import is_ip, is_loopback  # noqa: PLC0415  # `iamd serve --help` needs nothing of the server

    if (flags["tls_cert"] is None) != (flags["tls_key"] is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if is_loopback(flags["host"]):
        return
    if not is_ip(flags["host"]):
        raise click.UsageError(f"--host {flags['host']}: give an address of this machine, or localhost")
    if flags["ephemeral"]:
        raise click.UsageError("--ephemeral listens on loopback only")
    if flags["tls_cert"] is None and not flags["insecure_http"]:
        raise click.UsageError(
            f"--host {flags['host']} is not loopback: give --tls-cert and --tls-key, or --insecure-http"
        )


def _settings(flags: dict[str, Any], data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, trusted_proxies=flags.pop("trusted_proxy"), **flags)


def _serve_ephemeral(flags: dict[str, Any]) -> None:
    """State goes with the process; bootstrap.json stays where `--data-dir` says, else with the state."""
    state_dir = Path(tempfile.mkdtemp(prefix="iamd-"))
    asked: Path | None = flags.pop("data_dir")
    try:
        if asked is not None:
            asked.mkdir(mode=0o700, parents=True, exist_ok=True)
        _serve(_settings(flags, asked or state_dir), state_dir)
    finally:
        shutil.rmtree(state_dir, ignore_errors=True)


def _serve(settings: Settings, state_dir: Path) -> None:
    from iamd.bootstrap.doors import DoorClosed  # noqa: PLC0415  # as above
    from iamd.bootstrap.first_start import AccountMismatch  # noqa: PLC0415  # as above
    from iamd.bootstrap.nodes import NodeRefused  # noqa: PLC0415  # as above
    from iamd.bootstrap.server import claim_directory  # noqa: PLC0415  # as above
    from iamd.bootstrap.server import serve as run  # noqa: PLC0415  # as above
    from iamd.bootstrap.supervisor import WorkerFailed  # noqa: PLC0415  # as above
    from iamd.cli.announce import announcement  # noqa: PLC0415  # as above
    from iamd.credentials.master_key import MasterKeyError  # noqa: PLC0415  # as above
    from iamd.edge.listening import PortTaken, TlsRefused  # noqa: PLC0415  # as above
    from iamd.stores.ports.store import StoreUnavailable  # noqa: PLC0415  # as above
    from iamd.stores.sql.lock import DirectoryInUse, DirectoryLock  # noqa: PLC0415  # as above
    from iamd.stores.sql.opening import NewerFormat  # noqa: PLC0415  # as above

    try:
        claim_directory(state_dir)
        lock = DirectoryLock(state_dir)
        try:
            run(
                settings,
                state_dir,
                lock.fileno(),
                lambda start, urls: announcement(settings, start, urls, sys.stdout),
            )
        finally:
            lock.release()
    except (PortTaken, TlsRefused, MasterKeyError, AccountMismatch, DirectoryInUse) as refusal:
        raise click.ClickException(str(refusal)) from None
    except (NewerFormat, NodeRefused) as refusal:
        raise click.ClickException(str(refusal)) from None
    except (DoorClosed, WorkerFailed) as end:
        raise click.ClickException(str(end)) from None
    except StoreUnavailable as unavailable:
        place = state_dir if settings.database_url is None else "the database"
        raise click.ClickException(f"{place} cannot be used: {unavailable}") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or state_dir}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise click.ClickException(f"{state_dir}: {error}") from None
