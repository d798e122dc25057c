"""Which services resource control policies reach; dated, from `facts/rcp.toml`."""

from functools import cached_property

from iamd.reference.facts import read_facts


class RcpServices:
    """INVARIANT: a service that AWS has not listed is not affected by RCPs, and neither are its resources here."""

    def __contains__(self, prefix: str) -> bool:
        return prefix in self.prefixes

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(read_facts("rcp")["services"])
