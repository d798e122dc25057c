"""One call on its way down the road: what each step found out, for the next ones."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from iamd.authz.caller import NOBODY, Caller
from iamd.authz.check import Ask, Check
from iamd.authz.decide import Verdict
from iamd.kernel.service import Operation, Service
from iamd.model.blob import BlobRef
from iamd.model.errors import AwsError
from iamd.model.http import NOW, HttpRequest, HttpResponse
from iamd.wire.service import OperationSpec, ServiceSpec
from iamd.wire.sigv4 import AuthScheme, Claim


class Body(Protocol):
    """The request's body, still on the socket."""

    async def read(self, limit: int) -> bytes | None:
        """All of it, or None if it is longer than `limit` bytes."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Its pieces as they arrive; ends early, with an exception, when the client leaves."""


class Voice(Protocol):
    """How a door answers: in the service's own protocol, or as the console's pages read it."""

    def answer(self, call: "Call", result: Mapping[str, Any]) -> HttpResponse:
        """What the operation answered."""

    def refuse(self, call: "Call", spec: ServiceSpec, fault: AwsError) -> HttpResponse:
        """A fault; `spec` is the service that was found, or STS."""


@dataclass(slots=True)
class Call:
    """`is_known`: it has been established who calls, if only that nobody says.

    `signed_for` is the service that the request was taken to be signed for when its own was chosen. `epoch` is the
    store's that the caller was known in, None before. `scheme` is how it was proved who calls; a console session counts
    as a signed header, which is what AWS's console sends for it. `turn` is that of the facts by which the caller was
    known (`Facts.turn`); `came` is the request's, or NOW where only what is found out from now on will do. `identify`,
    given a kernel and the call, finds out again who calls, as it is then. `held` are blobs written for this call that
    no row refers to yet.

    INVARIANT: nothing that a call holds leads back to it, or all that it holds would wait for the garbage collector.
    """

    http: HttpRequest
    body: Body
    now: datetime
    now_ms: int
    region: str
    host_is_trusted: bool
    voice: Voice
    request_id: str = ""
    host_id: str = ""
    came: float = NOW
    signed_for: str | None = None
    spec: ServiceSpec | None = None
    service: Service | None = None
    wanted: OperationSpec | None = None
    operation: Operation | None = None
    claim: Claim | None = None
    scheme: AuthScheme = AuthScheme.ANONYMOUS
    secret: str = field(default="", repr=False)
    caller: Caller = NOBODY
    is_known: bool = False
    epoch: int | None = None
    turn: int = 0
    identify: "Callable[[Any, Call], None] | None" = None
    params: dict[str, Any] = field(default_factory=dict)
    ask: Ask | None = None
    checks: tuple[Check, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    stored: BlobRef | None = None
    held: tuple[str, ...] = ()
    prepared: Any = None
    fault: AwsError | None = None
    response: HttpResponse | None = None
    result: Any = None
