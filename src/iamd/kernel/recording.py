"""What the trail says of a call, whatever became of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from iamd.audit.record import Facts, Outcome, events_of
from iamd.authz.user_identity import UNKNOWN, foreign_identity, user_identity
from iamd.kernel.call import Call
from iamd.kernel.kernel import Kernel
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.policy.kept import pack
from iamd.stores.ports.events import Event
from iamd.wire.sigv4 import AuthScheme

_DATA_ACTIONS: Final = frozenset(
    f"s3:{name}"
    for name in (
        "AbortMultipartUpload",
        "DeleteObject",
        "DeleteObjectTagging",
        "GetObject",
        "GetObjectAcl",
        "GetObjectAttributes",
        "GetObjectTagging",
        "ListBucket",
        "ListBucketMultipartUploads",
        "ListBucketVersions",
        "ListMultipartUploadParts",
        "PutObject",
        "PutObjectAcl",
        "PutObjectTagging",
        "RestoreObject",
    )
)
"""Actions of the calls whose events CloudTrail calls data events."""

_SIGNED_BY: Final = {
    AuthScheme.HEADER_V4: {"SignatureVersion": "SigV4", "AuthenticationMethod": "AuthHeader"},
    AuthScheme.PRESIGNED_V4: {"SignatureVersion": "SigV4", "AuthenticationMethod": "QueryString"},
    AuthScheme.PRESIGNED_V2: {"SignatureVersion": "SigV2", "AuthenticationMethod": "QueryString"},
}
_READS: Final = ("Get", "List", "Head", "Describe")


def events_of_success(kernel: Kernel, call: Call, response: HttpResponse) -> Sequence[Event]:
    assert call.operation is not None  # noqa: S101  # only what was performed succeeds
    elements = call.operation.spec.redact_response(call.result or {}) if call.operation.writes else None
    facts = _facts(call, response, None)
    return events_of(facts, Outcome(response_elements=elements), kernel.tools.ids.event_id)


def events_of_fault(kernel: Kernel, call: Call, fault: AwsError, response: HttpResponse) -> Sequence[Event]:
    outcome = Outcome(error_code=fault.code, error_message=fault.message)
    return events_of(_facts(call, response, fault), outcome, kernel.tools.ids.event_id)


def _facts(call: Call, response: HttpResponse, fault: AwsError | None) -> Facts:
    spec = call.operation.spec if call.operation is not None else call.wanted
    host = call.http.header(b"host") or ""
    service = "" if call.spec is None else call.spec.signing_name
    parameters = dict(spec.redact(call.params)) if spec is not None and call.params else {}
    if service == "s3":
        parameters["Host"] = host
    account = call.caller.account
    actions = tuple([check.action for check in call.checks])
    return Facts(
        request_id=call.request_id,
        at=call.now_ms,
        account=account,
        principal=call.caller.principal.arn or "",
        user_identity=user_identity(call.caller) if call.is_known else UNKNOWN,
        foreign_identity=foreign_identity(call.caller) if call.is_known else UNKNOWN,
        service=service,
        operation="" if spec is None else spec.name,
        region=call.region,
        read_only=_is_read_only(call, service),
        source_ip=call.http.client_ip,
        user_agent=call.http.header(b"user-agent"),
        secure=call.http.scheme == "https",
        host=host,
        parameters=parameters,
        actions=actions,
        resources=tuple([(check.resource, check.resource_account or account) for check in call.checks]),
        data_event=not _DATA_ACTIONS.isdisjoint(actions),
        droppable=call.operation is None or not call.operation.writes,
        extra=_extra(call, response) if service == "s3" else None,
        details=_details(call, fault),
        from_console=call.caller.session is not None and call.caller.session.kind == "console",
    )


def _details(call: Call, fault: AwsError | None) -> bytes | None:
    """What a denial was decided on: its explanation is that of this moment, whatever changes afterwards.

    It is the denial that the call failed with, or the first of a call that is answered item by item.
    """
    itemwise = fault is None and call.operation is not None and call.operation.itemwise
    for verdict in call.verdicts:
        if verdict.question is not None and (itemwise or verdict.denial is fault):
            return pack(verdict.question)
    return None


def _is_read_only(call: Call, service: str) -> bool:
    """STS changes nothing, although what it issues is committed before it answers."""
    if call.operation is not None:
        return service == "sts" or not call.operation.writes
    return call.wanted is not None and call.wanted.name.startswith(_READS)


def _extra(call: Call, response: HttpResponse) -> Mapping[str, Any]:
    """S3's additionalEventData, without the cipher: the listener does not tell which it is."""
    signed = _SIGNED_BY.get(call.scheme, {})
    size = len(call.http.body) if call.stored is None else call.stored.size
    sent = response.body
    extra: dict[str, Any] = {}
    if signed:
        extra["SignatureVersion"] = signed["SignatureVersion"]
    extra["bytesTransferredIn"] = size
    if signed:
        extra["AuthenticationMethod"] = signed["AuthenticationMethod"]
    extra["x-amz-id-2"] = call.host_id
    extra["bytesTransferredOut"] = len(sent) if isinstance(sent, bytes) else sent.length
    return extra
