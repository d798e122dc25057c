"""Where a server is to be found."""

from iamd.bootstrap.accounts import Urls
from iamd.bootstrap.settings import Settings
from iamd.edge.listening import reachable


def urls_of(settings: Settings, port: int, console_port: int, metrics_port: int | None = None) -> Urls:
    scheme = "http" if settings.tls_cert is None else "https"
    host = reachable(settings.host)
    host = f"[{host}]" if ":" in host else host
    return Urls(
        endpoint=settings.public_url or f"{scheme}://{host}:{port}",
        console=settings.console_public_url or f"{scheme}://localhost:{console_port}",
        metrics=None if metrics_port is None else f"{scheme}://{host}:{metrics_port}/metrics",
    )
