"""Running the operation and recording it: for a change both are one transaction."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from iamd.audit.record import Facts as EventFacts
from iamd.audit.record import Outcome, event_of
from iamd.authz.user_identity import user_identity
from iamd.kernel.authorize import authorize_more
from iamd.kernel.call import Call
from iamd.kernel.context import Context
from iamd.kernel.kernel import Kernel
from iamd.model.http import HttpResponse
from iamd.stores.ports.events import Event
from iamd.stores.ports.state import State
from iamd.stores.ports.store import Transaction

DATA_ACTIONS: Final = frozenset(
    f"s3:{name}"
    for name in (
        "GetObject",
        "PutObject",
        "DeleteObject",
        "GetObjectAttributes",
        "GetObjectTagging",
        "PutObjectTagging",
        "DeleteObjectTagging",
        "GetObjectAcl",
        "PutObjectAcl",
        "ListBucket",
    )
)
"""Actions whose events CloudTrail calls data events."""


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
    if not operation.writes:
        call.response = _run(kernel, call, kernel.store.state)
        kernel.trail.add(success_event(kernel, call))
        return

    def work(transaction: Transaction) -> HttpResponse:
        response = _run(kernel, call, transaction.state)
        transaction.record(success_event(kernel, call))
        return response

    call.response = await kernel.store.write(work)


def _run(kernel: Kernel, call: Call, state: State) -> HttpResponse:
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    call.result = operation.function(_context(kernel, call, state), call.params)
    return operation.spec.serialize(call.result or {}, request_id=call.request_id, host_id=call.host_id)


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
        verdicts=tuple(verdict.denial for verdict in call.verdicts),
    )


def success_event(kernel: Kernel, call: Call) -> Event:
    assert call.operation is not None  # noqa: S101  # only what was performed succeeds
    elements = call.operation.spec.redact_response(call.result or {}) if call.operation.writes else None
    return event_of(event_facts(kernel, call), Outcome(response_elements=elements))


def event_facts(kernel: Kernel, call: Call) -> EventFacts:
    """What the trail says of a call, whatever became of it."""
    spec = call.operation.spec if call.operation is not None else call.wanted
    return EventFacts(
        event_id=kernel.tools.ids.event_id(),
        request_id=call.request_id,
        at=call.now_ms,
        account=call.caller.account,
        principal=call.caller.principal.arn or "",
        user_identity=user_identity(call.caller),
        service="" if call.spec is None else call.spec.name,
        operation="" if spec is None else spec.name,
        region=call.region,
        read_only=call.operation is not None and not call.operation.writes,
        source_ip=call.http.client_ip,
        user_agent=call.http.header(b"user-agent"),
        secure=call.http.scheme == "https",
        host=call.http.header(b"host") or "",
        parameters=spec.redact(call.params) if spec is not None and call.params else None,
        actions=tuple(check.action for check in call.checks),
        resources=tuple((check.resource, check.resource_account or "") for check in call.checks),
        data_event=any(check.action in DATA_ACTIONS for check in call.checks),
    )


def moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
