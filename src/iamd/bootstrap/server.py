"""A server from start to end: one process, or a supervisor and its workers."""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from iamd.bootstrap.accounts import Urls, hash_root_password, write_endpoint
from iamd.bootstrap.compose import Parts
from iamd.bootstrap.duty import Duty, Rebirth
from iamd.bootstrap.first_start import Start, first_start
from iamd.bootstrap.logs import configure
from iamd.bootstrap.opening import claim, open_for
from iamd.bootstrap.serving import serve_doors
from iamd.bootstrap.settings import Settings
from iamd.bootstrap.supervisor import Supervisor
from iamd.bootstrap.urls import urls_of
from iamd.edge.listening import PortClaim, Tls, check_tls

Announce = Callable[[Start, Urls], None]


def serve(settings: Settings, state_dir: Path, lock_file: int, announce: Announce) -> None:
    """Runs until SIGTERM or SIGINT, inside `signals.held`. `lock_file` holds the data directory.

    Raises PortTaken, TlsRefused, MasterKeyError, AccountMismatch before it is ready; DoorClosed, WorkerFailed and
    StoreUnavailable when it ends otherwise than asked for.
    """
    if settings.tls_cert is not None and settings.tls_key is not None:
        check_tls(Tls(settings.tls_cert, settings.tls_key))
    configure(settings.log_format)
    with ExitStack() as claims:

        def claim_port(port: int) -> int:
            claimed = PortClaim(settings.host, port)
            claims.callback(claimed.release)
            return claimed.port

        ports = claim_port(settings.port), claim_port(settings.console_port)
        metrics = None if settings.metrics_port is None else claim_port(settings.metrics_port)
        _serve(settings, state_dir, lock_file, ports, announce, metrics=metrics)


def _serve(
    settings: Settings,
    state_dir: Path,
    lock_file: int,
    ports: tuple[int, int],
    announce: Announce,
    *,
    metrics: int | None,
) -> None:
    urls = urls_of(settings, *ports, metrics)
    parts = open_for(settings, state_dir)
    try:
        start = first_start(parts, settings.account_id, settings.region, urls, settings.data_dir)
        claim(settings, state_dir, parts)
        write_endpoint(state_dir, settings.region, urls)
        rebirth = _rebirth(settings, parts, start)
        duty = Duty(settings, state_dir, lock_file, ports, keeps_house=True, rebirth=rebirth, metrics_port=metrics)
        if settings.workers == 1:
            serve_doors(duty, parts, lambda: announce(start, urls))
    finally:
        parts.store.close()
    if settings.workers > 1:
        asyncio.run(Supervisor(duty).run(lambda: announce(start, urls)))


def _rebirth(settings: Settings, parts: Parts, start: Start) -> Rebirth | None:
    if not settings.ephemeral:
        return None
    assert start.created is not None  # noqa: S101  # an ephemeral server always begins with nothing
    return Rebirth(start.created, hash_root_password(parts.passwords, start.created))


def claim_directory(directory: Path) -> None:
    """Make the data directory, for its owner alone. Raises OSError where it cannot be had or written."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(directory, os.W_OK | os.X_OK):
        code = errno.EROFS if os.statvfs(directory).f_flag & os.ST_RDONLY else errno.EACCES
        raise OSError(code, os.strerror(code), str(directory))
