"""What the console reads by itself, beside AWS's operations: decided like a call, and recorded as one.

INVARIANT: `authorize` comes behind the reading, so that what is told rests on policies that are no older than it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from iamd.audit.record import Facts, Outcome, events_of
from iamd.authz.check import Ask, Check
from iamd.authz.decide import Verdict
from iamd.authz.explaining import explanation_of
from iamd.authz.user_identity import foreign_identity, user_identity
from iamd.console.answers import ExplainedError
from iamd.console.sessions import Signed, refuse_unchanged, still_signed_in
from iamd.kernel.kernel import Kernel
from iamd.model.http import HttpRequest
from iamd.policy.kept import pack


@dataclass(frozen=True, slots=True)
class Reading:
    """`service` and `operation` are the event's, `parameters` what was asked for, `now` milliseconds.

    `recorded`: an event tells of it. A denial is recorded always.
    """

    http: HttpRequest
    signed: Signed
    now: int
    service: str
    operation: str
    parameters: Mapping[str, str]
    recorded: bool = True


def ask_of(kernel: Kernel, reading: Reading) -> Ask:
    caller = reading.signed.caller
    return Ask(
        operation=reading.operation,
        params={},
        caller=caller,
        account=caller.account,
        region=kernel.region,
        state=kernel.store.state,
        http=reading.http,
        now=reading.now,
    )


def authorize(kernel: Kernel, reading: Reading, checks: Iterable[Check]) -> None:
    """All of `checks`, of which there is one at least, of who is signed in now and by the policies of now.

    Raises the first denial, explained; NotSignedIn.
    """
    reading = replace(reading, signed=still_signed_in(kernel, reading.signed.token, reading.now))
    refuse_unchanged(reading.signed)
    verdicts = kernel.authorizer.decide(ask_of(kernel, reading), checks)
    verdict = next((each for each in verdicts if each.denial is not None), verdicts[0])
    if reading.recorded or verdict.denial is not None:
        _record(kernel, reading, verdict, tuple(dict.fromkeys(each.check.action for each in verdicts)))
    if verdict.denial is not None:
        raise ExplainedError(verdict.denial, explanation_of(verdict))


def _record(kernel: Kernel, reading: Reading, verdict: Verdict, actions: tuple[str, ...]) -> None:
    caller, request, denial = reading.signed.caller, reading.http, verdict.denial
    facts = Facts(
        request_id=kernel.tools.ids.request_id(reading.now),
        at=reading.now,
        account=caller.account,
        principal=caller.principal.arn or "",
        user_identity=user_identity(caller),
        foreign_identity=foreign_identity(caller),
        service=reading.service,
        operation=reading.operation,
        region=kernel.region,
        read_only=True,
        source_ip=request.client_ip,
        user_agent=request.header(b"user-agent"),
        secure=request.scheme == "https",
        host=request.header(b"host") or "",
        parameters=reading.parameters,
        actions=actions,
        resources=(),
        data_event=False,
        droppable=True,
        details=None if verdict.question is None else pack(verdict.question),
        from_console=True,
    )
    outcome = Outcome() if denial is None else Outcome(denial.code, denial.message)
    kernel.trail.add(events_of(facts, outcome, kernel.tools.ids.event_id), kernel.store.epoch)
