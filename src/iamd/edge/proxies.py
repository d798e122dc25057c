"""Where a request really comes from, when proxies that the operator configured say so."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_FOR: Final = b"x-forwarded-for"
_PROTO: Final = b"x-forwarded-proto"
_SCHEMES: Final = ("http", "https")
Headers = Iterable[tuple[bytes, bytes]]


class Proxies:
    """Networks whose X-Forwarded-For and -Proto count; everybody else may write there what they like."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = tuple(ip_network(network) for network in networks)

    def origin(self, peer: str, scheme: str, headers: Headers) -> tuple[str, str]:
        """The client's address and scheme: the socket's, or what a trusted peer has added.

        The address is the right-most one that is no trusted proxy's: what stands left of it the client may have sent.
        """
        if not self._networks or not self._is_trusted(peer):
            return peer, scheme
        named = {name: value for name, value in headers if name == _PROTO}
        proto = named.get(_PROTO, b"").decode("latin-1").rpartition(",")[2].strip().lower()
        return self._client(peer, headers), proto if proto in _SCHEMES else scheme

    def _client(self, peer: str, headers: Headers) -> str:
        hops = b",".join(value for name, value in headers if name == _FOR).decode("latin-1").split(",")
        client = peer
        for hop in reversed(hops):
            address = _address(hop.strip())
            if address is None:
                break
            client = str(address)
            if not self._is_trusted(client):
                break
        return client

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without a port; IPv4 in IPv6's clothes is IPv4."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
