"""Emptying an ephemeral server between two tests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from iamd.edge.in_flight import InFlight
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import read_claim, verify

_PATIENCE: Final = 2.0
"""Seconds that a call of the world that ends has to finish; one that hangs longer is not waited for."""


def may_reset(request: HttpRequest, key_id: str, secret: str, now: datetime) -> bool:
    """Whether it is signed with the bootstrap key: the copy in memory, whatever the test did to that user.

    Any service may stand in the scope, so either way of signing will do: S3's or the others'.
    """
    return any(_is_signed(request, key_id, secret, now, protocol) for protocol in ("query", "rest-xml"))


def _is_signed(request: HttpRequest, key_id: str, secret: str, now: datetime, protocol: str) -> bool:
    try:
        claim = read_claim(request, protocol=protocol)
        if claim is None or claim.access_key_id != key_id or claim.session_token is not None:
            return False
        verify(request, claim, secret, now, protocol=protocol)
    except AwsError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Reset:
    """`empty` makes the world new; `key_id` and `secret` are the bootstrap key's; `now` is the time."""

    empty: Callable[[], Awaitable[None]]
    key_id: str
    secret: str = field(repr=False)
    now: Callable[[], datetime]

    async def answer(self, request: HttpRequest, in_flight: InFlight) -> int:
        """204 once nothing can serve the old state, 403 for anybody but the holder of the bootstrap key.

        INVARIANT: no call spans two worlds. Those inside finish first, those that come meanwhile wait at the door.
        """
        if not may_reset(request, self.key_id, self.secret, self.now()):
            return 403
        async with in_flight.alone(_PATIENCE):
            await self.empty()
        return 204
