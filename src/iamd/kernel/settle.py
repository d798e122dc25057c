"""One moment for a decision, where others run while something is read for it.

Who calls and what they may is put together from several facts. Where reading one of them takes its time, another may
have changed before all are there: a policy read before a Deny was added, another after an Allow was, would allow what
never was allowed. So what was decided while anything changed is decided anew.
"""

from typing import Final

from iamd.kernel.authorize import authorize
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.stores.ports.store import EpochEnded, StoreUnavailable

_TRIES: Final = 10


def settle(kernel: Kernel, call: Call) -> None:
    """INVARIANT: caller and verdicts rest on facts of one and the same moment, after the request came.

    Raises StoreUnavailable where no such moment was found, or where nobody could say what has changed.
    """
    if not kernel.store.reads_wait:
        return
    if kernel.trail.is_full:
        raise StoreUnavailable("what happens could not be recorded: too many events wait for the database")
    for _ in range(_TRIES):
        kernel.facts.refresh()
        if kernel.facts.turn == call.turn:
            return
        decide_anew(kernel, call)
    raise StoreUnavailable("who may do what changed too often to decide")


def decide_anew(kernel: Kernel, call: Call) -> None:
    """Who calls and what they may, as it is now: what the caller may is no older than what it is about.

    Raises what `authenticate` and `authorize` raise; EpochEnded where the caller would be known in another epoch now.
    """
    epoch = call.epoch
    assert call.identify is not None  # noqa: S101  # set by whoever found out who calls
    call.identify()
    if call.epoch != epoch:
        raise EpochEnded
    authorize(kernel, call)
