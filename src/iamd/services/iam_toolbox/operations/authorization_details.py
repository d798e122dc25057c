"""What a denial was decided on, found by the authorization id of its message."""

from iamd.audit.search import of_request
from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.model.ids import request_of_authorization
from iamd.policy.kept import unpack
from iamd.policy.question import Question
from iamd.services.iam_toolbox.api import (
    GetRequestAuthorizationDetailsRequest,
    GetRequestAuthorizationDetailsResponse,
    GetRequestAuthorizationPolicyRequest,
    GetRequestAuthorizationPolicyResponse,
)
from iamd.services.iam_toolbox.details import details_of, policies_of
from iamd.services.iam_toolbox.service import service


@service.operation
def get_request_authorization_details(
    ctx: Context, request: GetRequestAuthorizationDetailsRequest
) -> GetRequestAuthorizationDetailsResponse:
    """All on one page: of a call the one denial is kept that it failed with."""
    question = _kept(ctx, request["authorizationId"])
    outside = question.is_foreign_to(ctx.account)
    answer: GetRequestAuthorizationDetailsResponse = details_of(question, outside=outside)  # type: ignore[assignment]
    return answer


@service.operation
def get_request_authorization_policy(
    ctx: Context, request: GetRequestAuthorizationPolicyRequest
) -> GetRequestAuthorizationPolicyResponse:
    """As the policy was then; of its statements those that cover the denied action."""
    question = _kept(ctx, request["authorizationId"])
    for policy in policies_of(question.explain(outside=question.is_foreign_to(ctx.account))):
        if policy.uri == request["policyUri"]:
            return {"policyDocument": policy.document()}
    raise _not_found("The policy was not found.")


def _kept(ctx: Context, authorization_id: str) -> Question:
    """Of the caller's own account. Raises ResourceNotFoundException."""
    request_id = request_of_authorization(authorization_id)
    for found in of_request(ctx.state, request_id) if request_id is not None else ():
        event = ctx.state.events.get(found.at, found.id) if found.account == ctx.account else None
        if event is not None and event.details is not None:
            return unpack(event.details)
    raise _not_found("The authorization details were not found.")


def _not_found(message: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message, 404)
