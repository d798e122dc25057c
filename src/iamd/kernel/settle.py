"""One moment for a decision and for what it is about.

Who calls and what they may is put together from several facts, and another process may commit between one and the
next: a policy read before a Deny was added, another after an Allow was, would allow what never was allowed; a row read
behind both may hold what was stored only because the Deny stood. So what changed meanwhile is decided anew.
"""

from typing import Final

from iamd.kernel.authorize import authorize
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.kernel.service import Operation
from iamd.model.http import NOW
from iamd.stores.ports.store import EpochEnded, StoreUnavailable

_TRIES: Final = 10
RESTLESS: Final = "who may do what changed too often to decide"


def settle(kernel: Kernel, call: Call) -> None:
    """INVARIANT: caller and verdicts rest on facts of one and the same moment, after the request came.

    What is read at once is held to that moment behind its reading (`perform`), when its rows are known too.
    Raises StoreUnavailable where no such moment was found, or where nobody could say what has changed.
    """
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    if kernel.store.reads_wait and kernel.trail.is_full:
        raise StoreUnavailable("what happens could not be recorded: too many events wait for the database")
    if reads_at_once(operation):
        return
    for _ in range(_TRIES):
        if is_settled(kernel, call):
            return
        decide_anew(kernel, call)
    raise StoreUnavailable(RESTLESS)


def reads_at_once(operation: Operation) -> bool:
    """Whether it is done with as soon as it has been decided on."""
    return not operation.writes and operation.prepare is None


def is_settled(kernel: Kernel, call: Call) -> bool:
    """Whether nothing that decisions may rest on has changed since it was found out who calls."""
    return kernel.facts.is_turn(call.turn)


def decide_anew(kernel: Kernel, call: Call) -> None:
    """Who calls and what they may, as it is now: what the caller may is no older than what it is about.

    Raises what `authenticate` and `authorize` raise; EpochEnded where the caller would be known in another epoch now.
    """
    epoch = call.epoch
    call.came = NOW
    assert call.identify is not None  # noqa: S101  # set by whoever found out who calls
    call.identify(kernel, call)
    if call.epoch != epoch:
        raise EpochEnded
    authorize(kernel, call)
