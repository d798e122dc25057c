"""The parts that the road runs over, put together once by bootstrap."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from iamd.audit.trail import Trail
from iamd.authz.decide import Authorizer
from iamd.authz.facts import Facts
from iamd.kernel.ahead import Ahead
from iamd.kernel.callers import Callers
from iamd.kernel.context import Tools
from iamd.kernel.metering import Meter
from iamd.kernel.service import Service
from iamd.stores.ports.blobs import BlobStore
from iamd.stores.ports.store import Store
from iamd.wire.service import ServiceSpec, load_service
from iamd.wire.sigv4 import SigningKeys


class Catalog:
    """The built services, and the wire side of every other service that someone may call."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services: Mapping[str, Service] = {service.name: service for service in services}
        self._specs: dict[tuple[str, str | None], ServiceSpec] = {}

    def spec(self, name: str, protocol: str | None = None) -> ServiceSpec:
        """By the service model's name; raises KeyError if there is none.

        `protocol` chooses one of those that the model of a service allows that is not built.
        """
        service = self.services.get(name)
        if service is not None:
            return service.spec
        spec = self._specs.get((name, protocol))
        if spec is None:
            spec = self._specs[name, protocol] = load_service(name, protocol)
        return spec


@dataclass(frozen=True, slots=True)
class Kernel:
    """`clock` gives milliseconds since 1970; `meter` is there where somebody asks for what it counts."""

    catalog: Catalog
    store: Store
    blobs: BlobStore
    facts: Facts
    ahead: Ahead
    authorizer: Authorizer
    trail: Trail
    tools: Tools
    signing_keys: SigningKeys
    clock: Callable[[], int]
    region: str
    callers: Callers = field(default_factory=Callers)
    meter: Meter | None = None
