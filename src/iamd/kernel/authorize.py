"""May the caller do all that the request asks for?"""

from collections.abc import Iterable
from functools import partial
from typing import Final

from iamd.authz.check import Ask, Check
from iamd.authz.decide import Verdict
from iamd.authz.session_limits import refuse_for_session
from iamd.kernel.call import Call
from iamd.kernel.codes import shows_code
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError, access_denied
from iamd.wire.sigv4 import AuthScheme

_SIGNED_AS: Final = {
    AuthScheme.HEADER_V4: ("REST-HEADER", "AWS4-HMAC-SHA256"),
    AuthScheme.PRESIGNED_V4: ("REST-QUERY-STRING", "AWS4-HMAC-SHA256"),
    AuthScheme.PRESIGNED_V2: ("REST-QUERY-STRING", "AWS"),
    AuthScheme.ANONYMOUS: ("", ""),
}


def authorize(kernel: Kernel, call: Call) -> None:
    """Decides every check of the operation's table; raises the first denial or leaves the verdicts to the operation."""
    operation = call.operation
    assert operation is not None  # noqa: S101  # found by the step before
    call.ask = _ask(kernel, call)
    refuse_for_session(call.caller, operation.spec.service.name, operation.spec.name)
    if operation.open_to_all:
        return
    if operation.checks is not None:
        call.checks = tuple(operation.checks(call.ask))
    if not call.checks:
        raise _unmapped(call)
    call.verdicts = tuple(kernel.authorizer.decide(call.ask, call.checks))
    if not operation.itemwise:
        raise_first_denial(call.verdicts)


def authorize_more(kernel: Kernel, call: Call, checks: Iterable[Check]) -> None:
    """What an operation asks for beyond its table (`Context.authorize`)."""
    assert call.ask is not None  # noqa: S101  # operations run behind `authorize`
    verdicts = kernel.authorizer.decide(call.ask, checks)
    call.verdicts += tuple(verdict for verdict in verdicts if verdict.denial is not None)
    raise_first_denial(verdicts)


def raise_first_denial(verdicts: Iterable[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.denial is not None:
            raise verdict.denial


def _ask(kernel: Kernel, call: Call) -> Ask:
    assert call.operation is not None  # noqa: S101  # found by the step before
    claim = call.claim
    auth, version = _SIGNED_AS[call.scheme]
    return Ask(
        operation=call.operation.spec.name,
        params=call.params,
        caller=call.caller,
        account=call.caller.account,
        region=call.region,
        state=kernel.store.recent,
        http=call.http,
        now=call.now_ms,
        auth=auth,
        signature_version=version,
        signed_at=0 if claim is None else int(claim.timestamp.timestamp() * 1000),
        payload="" if claim is None else claim.payload_hash,
        shows_code=partial(shows_code, kernel, call.caller, call.now_ms),
        request_id=call.request_id,
    )


def _unmapped(call: Call) -> AwsError:
    """An operation that nobody mapped is denied to everybody."""
    assert call.operation is not None  # noqa: S101  # found by the step before
    spec = call.operation.spec
    who = call.caller.principal.arn or "anonymous"
    action = f"{spec.service.signing_name}:{spec.name}"
    why = f"because no identity-based policy allows the {action} action"
    return access_denied(f"User: {who} is not authorized to perform: {action} {why}")
