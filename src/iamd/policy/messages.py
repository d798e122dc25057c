"""AWS's words for a denial. User Guide, "Troubleshoot access denied error messages"."""

from types import MappingProxyType
from typing import Final

from iamd.model.decision import Decision, Layer, Outcome
from iamd.model.principal import PrincipalKind
from iamd.policy.request import AccessRequest

_POLICY_TYPES: Final = MappingProxyType(
    {
        Layer.SCP: ("a", "service control policy"),
        Layer.RCP: ("a", "resource control policy"),
        Layer.RESOURCE: ("a", "resource-based policy"),
        Layer.IDENTITY: ("an", "identity-based policy"),
        Layer.BOUNDARY: ("a", "permissions boundary"),
        Layer.SESSION: ("a", "session policy"),
    }
)
_TRUST: Final = ("the", "role trust policy")


def denial_message(
    decision: Decision,
    request: AccessRequest,
    *,
    resource: str | None = None,
    trust: bool = False,
    s3: bool = False,
    same_organization: bool = True,
) -> str:
    """The message of AccessDenied.

    `resource` is what is printed after `on resource:` (an ARN, or `user NAME` as IAM likes it); None leaves it out.
    `trust`: the resource policy is a role's trust policy. `s3`: S3's form, with quotes, and bare for an anonymous
    caller or one outside account and organization. `same_organization`: caller and resource share the account or the
    organization, so that the ARN of a denying managed policy is named.
    """
    if s3 and (request.principal.kind is PrincipalKind.ANONYMOUS or not same_organization):
        return "Access Denied"
    caller = request.principal.arn or "anonymous"
    shown = "" if resource is None else f' on resource: "{resource}"' if s3 else f" on resource: {resource}"
    tail = _tail(decision, request.action, trust=trust)
    arn = decision.statement.policy_arn if decision.statement is not None else None
    if arn is not None and decision.outcome is Outcome.EXPLICITLY_DENIED and same_organization:
        tail += f", with policy ARN: {arn}" if s3 else f": {arn}"
    return f"User: {caller} is not authorized to perform: {request.action}{shown} {tail}"


def _tail(decision: Decision, action: str, *, trust: bool) -> str:
    layer = decision.blocked_by or Layer.IDENTITY
    article, policy = _TRUST if trust and layer is Layer.RESOURCE else _POLICY_TYPES[layer]
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        return f"with an explicit deny in {article} {policy}"
    return f"because no {policy} allows the {action} action"
