"""A running server: its doors, its signals, its end."""

import asyncio
import errno
import logging
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from iamd.audit.retention import prune
from iamd.bootstrap.accounts import Urls, hash_root_password, write_endpoint
from iamd.bootstrap.clock import now_ms
from iamd.bootstrap.collector import relax_collector
from iamd.bootstrap.compose import Parts, compose, open_parts, token_ring
from iamd.bootstrap.first_start import Start, first_start, populate
from iamd.bootstrap.settings import Settings
from iamd.console.app import Console
from iamd.edge.hosts import Hosts
from iamd.edge.listening import Tls, check_tls, claim_port, is_listening, listener, reachable
from iamd.edge.proxies import Proxies
from iamd.gateway.app import Gateway
from iamd.gateway.reset import Reset
from iamd.kernel.kernel import Kernel
from iamd.reference.quotas import Quotas
from iamd.stores.ports.store import StoreUnavailable, Transaction

_LOG = logging.getLogger(__name__)
_GRACE_SECONDS = 10.0
_PRUNE_SECONDS = 60.0
Announce = Callable[[Start, Urls], None]


def serve(settings: Settings, state_dir: Path, announce: Announce) -> None:
    """Runs until SIGTERM or SIGINT. Raises PortTaken, MasterKeyError, AccountMismatch before it is ready."""
    port = claim_port(settings.host, settings.port)
    console_port = claim_port(settings.host, settings.console_port)
    urls = _urls(settings, port, console_port)
    parts = open_parts(state_dir, settings.master_key_file, ephemeral=settings.ephemeral)
    try:
        start = first_start(parts, settings.account_id, settings.region, urls, settings.data_dir)
        write_endpoint(state_dir, settings.region, urls)
        kernel = compose(parts, start.ring, settings.region, Quotas(users=settings.user_quota))
        reset = _reset(settings, parts, kernel, start) if settings.ephemeral else None
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_run(settings, kernel, (port, console_port), reset, lambda: announce(start, urls)))
    finally:
        parts.store.close()


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415  # only a server needs it

    return uvloop.new_event_loop()


async def _run(
    settings: Settings, kernel: Kernel, ports: tuple[int, int], reset: Reset | None, ready: Callable[[], None]
) -> None:
    tls = None
    if settings.tls_cert is not None and settings.tls_key is not None:
        tls = Tls(settings.tls_cert, settings.tls_key)
        check_tls(tls)
    names = [urlsplit(url).hostname or "" for url in (settings.public_url, settings.console_public_url) if url]
    hosts = Hosts(names)
    gateway = Gateway(kernel, hosts, Proxies(settings.trusted_proxies), reset)
    servers = (
        listener(gateway, settings.host, ports[0], tls),
        listener(Console(hosts), settings.host, ports[1], tls),
    )
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = [asyncio.ensure_future(server.serve()) for server in servers]
    try:
        for port in ports:
            await is_listening(settings.host, port)
        ready()
        relax_collector()
        pruning = asyncio.ensure_future(_prune(kernel, settings.events_max_size))
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait((stop, *serving), return_when=asyncio.FIRST_COMPLETED)
        pruning.cancel()
    finally:
        for server in servers:
            server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
        await asyncio.wait(serving, timeout=_GRACE_SECONDS)
    await gateway.drained(_GRACE_SECONDS)
    await kernel.trail.close()


async def _prune(kernel: Kernel, limit: int) -> None:
    while True:
        try:
            await prune(kernel.store, kernel.clock(), limit)
        except StoreUnavailable:
            _LOG.exception("old events could not be removed")
        await asyncio.sleep(_PRUNE_SECONDS)


def claim_directory(directory: Path) -> None:
    """Make the data directory, for its owner alone. Raises OSError where it cannot be had or written."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "Permission denied", str(directory))


def _urls(settings: Settings, port: int, console_port: int) -> Urls:
    scheme = "http" if settings.tls_cert is None else "https"
    host = reachable(settings.host)
    host = f"[{host}]" if ":" in host else host
    return Urls(
        endpoint=settings.public_url or f"{scheme}://{host}:{port}",
        console=settings.console_public_url or f"{scheme}://localhost:{console_port}",
    )


def _reset(settings: Settings, parts: Parts, kernel: Kernel, start: Start) -> Reset:
    """INVARIANT: after a reset the account and its key are those of bootstrap.json, and nothing else is left."""
    plan = start.created
    assert plan is not None  # noqa: S101  # an ephemeral server always begins with nothing
    password_hash = hash_root_password(parts.passwords, plan)

    async def empty() -> None:
        await kernel.trail.forget(now_ms())

        def work(transaction: Transaction) -> None:
            populate(transaction.state, parts, plan, password_hash)

        await parts.store.reset(work)
        kernel.facts.refresh()
        ring = token_ring(parts.store.state, parts.sealer)
        if ring is not None:
            kernel.tools.tokens.replace_ring(ring)
        parts.blobs.clear()
        for path in settings.data_dir.glob("bootstrap-*.json"):
            path.unlink(missing_ok=True)

    return Reset(
        empty, plan.access_key_id, plan.secret_access_key, lambda: datetime.fromtimestamp(now_ms() / 1000, UTC)
    )
