"""Emptying an ephemeral server between two tests."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from iamd.kernel.find import signed_service
from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import read_claim, verify


def may_reset(request: HttpRequest, key_id: str, secret: str, now: datetime) -> bool:
    """Whether it is signed with the bootstrap key: the copy in memory, whatever the test did to that user."""
    protocol = "rest-xml" if signed_service(request) == "s3" else "query"
    try:
        claim = read_claim(request, protocol=protocol)
        if claim is None or claim.access_key_id != key_id or claim.session_token is not None:
            return False
        verify(request, claim, secret, now, protocol=protocol)
    except AwsError:
        return False
    return True


def guarded(
    empty: Callable[[], Awaitable[None]], key_id: str, secret: str, now: Callable[[], datetime]
) -> Callable[[HttpRequest], Awaitable[int]]:
    """204 once no worker can serve the old state, 403 for anybody but the holder of the bootstrap key."""

    async def reset(request: HttpRequest) -> int:
        if not may_reset(request, key_id, secret, now()):
            return 403
        await empty()
        return 204

    return reset
