"""MFA codes that come with a call."""

import logging
from typing import Final

from iamd.authz.caller import Caller
from iamd.credentials.mfa import WrongCodeError, count_wrong_code, fitting_step
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.stores.ports.store import EpochEnded, StoreUnavailable

_LOG: Final = logging.getLogger(__name__)


def shows_code(kernel: Kernel, caller: Caller, now_ms: int, serial: str, code: str) -> bool:
    """Whether the caller's own device of this serial shows the code now. Nothing is taken: the operation does that."""
    identity = caller.identity
    device = kernel.store.state.mfa_devices.get(caller.account, serial)
    if identity is None or device is None or device.user_id != identity.id:
        return False
    return fitting_step(kernel.store.state, kernel.tools.sealer, device, code, now_ms) is not None


async def count_wrong(kernel: Kernel, call: Call, wrong: WrongCodeError) -> None:
    """Outside of the transaction that the wrong code has undone."""
    now = call.now_ms
    try:
        await kernel.store.write(
            lambda transaction: count_wrong_code(transaction.state, wrong, now), epoch=call.epoch, urgent=True
        )
    except (EpochEnded, StoreUnavailable):
        _LOG.exception("a wrong MFA code could not be counted")
