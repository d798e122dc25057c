"""A denial as the service answers it: AWS's words, and what some services append to them."""

from typing import Final

from iamd.authz.check import Check
from iamd.authz.encoded_message import ENCODING, encode
from iamd.credentials.sealing import Sealer
from iamd.model.decision import Decision
from iamd.model.errors import AwsError
from iamd.model.ids import authorization_id
from iamd.policy import Question, denial_message

_S3: Final = "s3"
_WITH_ID: Final = frozenset({"iam"})
"""Services (action prefixes) whose denials name the authorization id: IAM's were seen."""


def denial_of(question: Question, decision: Decision, check: Check, sealer: Sealer | None) -> AwsError:
    """AccessDenied; of a service that encodes why, UnauthorizedOperation. Without `sealer` nothing is encoded."""
    request = question.request
    service = check.action.partition(":")[0]
    message = denial_message(
        decision,
        request,
        resource=check.resource if check.shown_as is None else check.shown_as or None,
        trust=check.policy_required,
        s3=service == _S3,
        same_organization=request.principal.account == request.resource_account,
    )
    if service not in ENCODING:
        return AwsError("AccessDenied", message, 403)
    message = f"You are not authorized to perform this operation. {message}"
    if sealer is not None:
        message += f" Encoded authorization failure message: {encode(sealer, question)}"
    return AwsError("UnauthorizedOperation", message, 403)


def has_authorization_id(check: Check) -> bool:
    return check.action.partition(":")[0] in _WITH_ID


def where_to_look(request_id: str, console_url: str) -> str:
    """What such a denial ends with; the link is to this server's own console."""
    identifier = authorization_id(request_id)
    api = f"the GetRequestAuthorizationDetails API with the following authorization id: {identifier}"
    if not console_url:
        return f". Call {api}"
    return f". Go to {console_url}/events?request={request_id} for complete details, or call {api}"
