"""Running the operation and recording it: for a change both are one transaction."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from iamd.kernel.authorize import authorize_more
from iamd.kernel.call import Call
from iamd.kernel.context import Context
from iamd.kernel.kernel import Kernel
from iamd.kernel.recording import events_of_success
from iamd.kernel.service import Operation
from iamd.kernel.settle import RESTLESS, decide_anew, is_settled, reads_at_once, settle
from iamd.kernel.stream import refer
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.stores.ports.state import State
from iamd.stores.ports.store import EpochEnded, StoreUnavailable, Transaction

_ATTEMPTS: Final = 5
"""How often a call is decided on before it gives way to those who change what it names."""
_CONCURRENT: Final = (
    "The request was rejected because multiple requests to change this object were submitted simultaneously. "
    "Wait a few minutes and submit your request again."
)


class _OutdatedError(Exception):
    """A name of the request leads elsewhere than when the request was authorized, or others may do other things."""


async def prepare(kernel: Kernel, call: Call) -> None:
    """The operation's slow part, off the event loop; the operation re-checks what it relied on."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    if operation.prepare is not None:
        context = _context(kernel, call, kernel.store.state)
        call.prepared = await asyncio.to_thread(operation.prepare, context, call.params)


async def perform(kernel: Kernel, call: Call) -> None:
    """Operation, answer and audit record. INVARIANT: a change commits with its record, or neither does."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    for _ in range(_ATTEMPTS):
        try:
            if operation.writes:
                call.response = await _change(kernel, call, operation)
            else:
                call.response = _read(kernel, call, operation)
        except _OutdatedError:
            # Somebody has been faster: what the request names now is decided on as it is now.
            decide_anew(kernel, call)
            settle(kernel, call)
            await prepare(kernel, call)
        else:
            return
    if not operation.writes:
        raise StoreUnavailable(RESTLESS)
    raise AwsError("ConcurrentModification", _CONCURRENT, 409)


def _read(kernel: Kernel, call: Call, operation: Operation) -> HttpResponse:
    """INVARIANT: what was decided on is what is told, by policies that are no older than what is told."""
    response = _run(kernel, call, kernel.trail.recent)
    at_once = reads_at_once(operation)
    if at_once and not is_settled(kernel, call):
        raise _OutdatedError
    # Asked behind the reading what has changed, a store reads again what is not as it was.
    _refuse_outdated(call, kernel.store.recent if at_once else kernel.store.state)
    if call.epoch is not None and not kernel.store.is_current(call.epoch):
        raise EpochEnded
    kernel.trail.add(events_of_success(kernel, call, response), call.epoch)
    return response


async def _change(kernel: Kernel, call: Call, operation: Operation) -> HttpResponse:
    """INVARIANT: what was decided on is what is changed: looked up again in the change's own transaction."""

    def work(transaction: Transaction) -> HttpResponse:
        _refuse_outdated(call, transaction.state)
        response = _run(kernel, call, transaction.state)
        for event in events_of_success(kernel, call, response):
            transaction.record(event)
        return response

    writing = kernel.store.write(work, epoch=call.epoch, urgent=operation.urgent)
    response = await refer(kernel, call, writing)
    kernel.ahead.soon()
    return response


def _refuse_outdated(call: Call, state: State) -> None:
    for check in call.checks:
        if check.found is not None and not check.found.is_still_so(state):
            raise _OutdatedError


def _run(kernel: Kernel, call: Call, state: State) -> HttpResponse:
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    call.result = operation.function(_context(kernel, call, state), call.params)
    return call.voice.answer(call, call.result or {})


def _context(kernel: Kernel, call: Call, state: State) -> Context:
    return Context(
        now=call.now,
        now_ms=call.now_ms,
        request_id=call.request_id,
        account=call.caller.account,
        region=call.region,
        caller=call.caller,
        state=state,
        http=call.http,
        tools=kernel.tools,
        authorize=lambda checks: authorize_more(kernel, call, checks),
        prepared=call.prepared,
        verdicts=tuple([verdict.denial for verdict in call.verdicts]),
    )


def moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
