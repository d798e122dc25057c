"""The two doors of one process, from their opening to the last answer."""

import asyncio
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from iamd.bootstrap.collector import relax_collector
from iamd.bootstrap.housekeeping import chores, keep_house
from iamd.bootstrap.metrics.door import MetricsDoor
from iamd.bootstrap.metrics.families import Snapshot
from iamd.bootstrap.metrics.measuring import measure
from iamd.bootstrap.settings import Settings
from iamd.bootstrap.signals import heard
from iamd.bootstrap.urls import urls_of
from iamd.console.app import Console
from iamd.edge.hosts import Hosts
from iamd.edge.listening import Application, Door, Tls
from iamd.edge.proxies import Proxies
from iamd.gateway.app import Gateway
from iamd.gateway.reset import Reset
from iamd.kernel.kernel import Kernel

GRACE_SECONDS = 10.0


class DoorClosed(Exception):  # noqa: N818  # names what happened
    """A door has closed by itself: a server that nobody reaches does not go on."""


class Doors:
    """`keeps_house`: this process removes what is old; one of those that share the store is enough.

    With a `metrics_port` there is a third door, for this process alone.
    """

    def __init__(
        self,
        settings: Settings,
        ports: tuple[int, int],
        kernel: Kernel,
        *,
        reset: Reset | None = None,
        keeps_house: bool = True,
        metrics_port: int | None = None,
    ) -> None:
        self._settings = settings
        self._ports = ports
        self._kernel = kernel
        self._reset = reset
        self._keeps_house = keeps_house
        self._metrics_port = metrics_port
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begin to end, as SIGTERM and SIGINT do."""
        self._stopping.set()

    def measures(self) -> Snapshot:
        """What this process has measured; for the loop's thread, where the settings have a metrics port."""
        return measure(self._kernel)

    async def run(self, ready: Callable[[], None]) -> None:
        """Serves until it is stopped; `ready` is called once both doors accept connections. Inside `signals.held`.

        Raises PortTaken, DoorClosed, StoreUnavailable if the last events cannot be written.
        """
        with heard(self.stop):
            await self._serve(ready)

    async def _serve(self, ready: Callable[[], None]) -> None:
        settings, kernel = self._settings, self._kernel
        hosts = own_hosts(settings)
        proxies = Proxies(settings.trusted_proxies)
        gateway = Gateway(kernel, hosts, proxies, self._reset)
        urls = urls_of(settings, *self._ports)
        pages = Console(kernel, hosts, proxies, endpoint=urls.endpoint, url=urls.console)
        tls = tls_of(settings)
        api, console = self._ports
        doors = [
            Door(_attended(kernel, gateway), settings.host, api, tls),
            Door(_attended(kernel, pages), settings.host, console, tls),
        ]
        if self._metrics_port is not None:
            doors.append(Door(MetricsDoor(hosts, self._measured), settings.host, self._metrics_port, tls))
        tasks = chores(kernel, settings.events_max_size) if self._keeps_house else ()
        house = asyncio.ensure_future(keep_house(tasks))
        try:
            for door in doors:
                await door.listens()
            ready()
            relax_collector()
            await until_stopped(self._stopping, [door.ended for door in doors])
        finally:
            house.cancel()
            until = asyncio.get_running_loop().time() + GRACE_SECONDS
            for door in doors:
                door.stop()
            await asyncio.wait([door.ended for door in doors], timeout=GRACE_SECONDS)
            await gateway.drained(max(0.0, until - asyncio.get_running_loop().time()))
            await kernel.trail.close()

    async def _measured(self) -> Snapshot:
        return self.measures()


def _attended(kernel: Kernel, application: Application) -> Application:
    """So that no request waits for what another reads."""
    return lambda scope, receive, send: kernel.store.attended(application(scope, receive, send))


def own_hosts(settings: Settings) -> Hosts:
    urls = settings.public_url, settings.console_public_url
    return Hosts([urlsplit(url).hostname or "" for url in urls if url])


def tls_of(settings: Settings) -> Tls | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return Tls(settings.tls_cert, settings.tls_key)


async def until_stopped(stopping: asyncio.Event, doors: "Iterable[asyncio.Future[None]]") -> None:
    """Raises DoorClosed if one of the doors has ended first."""
    stopped = asyncio.ensure_future(_wait(stopping))
    await asyncio.wait((stopped, *doors), return_when=asyncio.FIRST_COMPLETED)
    if not stopping.is_set():
        stopped.cancel()
        raise DoorClosed("a listener has ended by itself")


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
