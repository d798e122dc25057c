"""IpAddress: version 4 and 6, ranges in CIDR notation; without a prefix length a range is one address.

A version 4 address written inside version 6 (`::ffff:192.0.2.1`) is the same machine: it matches ranges of both kinds.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from iamd.policy.conditions.comparer import Comparer, read_all
from iamd.policy.variables import Context

_RANGE: Final = re.compile(r"[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?")
Network = IPv4Network | IPv6Network


def read_range(text: str) -> Network | None:
    """Bits behind the prefix are ignored."""
    if not _RANGE.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id is not None else address


def within(values: tuple[str, ...], _variables: bool) -> Comparer:
    networks, complete = read_all(values, read_range)

    def compare(value: str, _context: Context) -> bool | None:
        address = read_address(value)
        if address is None:
            return None
        inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        forms = (address,) if inner is None else (address, inner)
        if any(form in network for form in forms for network in networks):
            return True
        return False if complete else None

    return compare
