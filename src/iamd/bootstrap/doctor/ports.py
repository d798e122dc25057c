"""Ports that another program has."""

from collections.abc import Iterator

from iamd.bootstrap.doctor.finding import Finding, Site, error
from iamd.bootstrap.doctor.holder import server_of
from iamd.edge.listening import PortClaim, PortTaken


def check(site: Site) -> Iterator[Finding]:
    """Not while this directory's own server has them."""
    if server_of(site.data_dir) is not None:
        return
    for port in site.ports:
        try:
            PortClaim(site.host, port).release()
        except PortTaken as taken:
            yield error(
                str(taken),
                "A server that is started with these flags refuses to start.",
                f"See who has it (ss -ltnp 'sport = :{port}'), or choose another by the port's flag.",
            )
