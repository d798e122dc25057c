"""IpAddress: version 4 and 6, ranges in CIDR notation; without a prefix length a range is one address.

A version 4 address written inside version 6 (`::ffff:192.0.2.1`) is the same machine: it matches ranges of both kinds.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

from iamd.policy.conditions.comparer import Comparer, read_all
from iamd.policy.variables import Context

_RANGE: Final = re.compile(r"[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?")
Address = IPv4Address | IPv6Address


class Range(NamedTuple):
    """The leading bits of an IP version's addresses, `free` being how many bits follow them."""

    version: int
    leading: int
    free: int

    def holds(self, address: Address) -> bool:
        return address.version == self.version and int(address) >> self.free == self.leading


def read_range(text: str) -> Range | None:
    """Bits behind the prefix are ignored."""
    if not _RANGE.fullmatch(text):
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    free = network.max_prefixlen - network.prefixlen
    return Range(network.version, int(network.network_address) >> free, free)


def read_address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id is not None else address


def within(values: tuple[str, ...], _variables: bool) -> Comparer:
    ranges, complete = read_all(values, read_range)

    def compare(value: str, _context: Context) -> bool | None:
        address = read_address(value)
        if address is None:
            return None
        inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        if any(each.holds(address) or (inner is not None and each.holds(inner)) for each in ranges):
            return True
        return False if complete else None

    return compare
