"""What follows from who calls what, before any policy is read."""

from typing import Final

from iamd.model.arn import Arn
from iamd.model.decision import Layer
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.combine import Situation, Standing
from iamd.policy.request import AccessRequest, Layers

OUTSIDERS: Final = (PrincipalKind.SERVICE, PrincipalKind.PROVIDER, PrincipalKind.ANONYMOUS)
"""A tuple: enum members hash slowly and compare fast."""
_FREE_ACTIONS: Final = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})
_NOT_FOR_ROLES: Final = frozenset({"sts:getfederationtoken", "sts:getsessiontoken"})
_OWNERS_BUCKET_ACTIONS: Final = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})
_ROLE_SESSION_ACTIONS: Final = frozenset({"sts:tagsession", "sts:setsourceidentity"})
_SERVICE_LINKED: Final = "role/aws-service-role/"


def situation_of(request: AccessRequest, layers: Layers, action: str) -> Situation:
    """`action` is the request's in lower case."""
    caller = request.principal
    return Situation(
        standing=_standing(request),
        is_root=caller.kind is PrincipalKind.ROOT,
        resource_required=layers.resource_required,
        refused_by=_refused_by(caller, action),
    )


def is_free(request: AccessRequest, action: str) -> bool:
    """Calls that need no permission and that no deny stops (API references of GetCallerIdentity, GetSessionToken)."""
    return (
        action in _FREE_ACTIONS
        and request.principal.kind not in OUTSIDERS
        and _refused_by(request.principal, action) is None
    )


def resource_account(request: AccessRequest) -> str | None:
    """As given, else the ARN's if it has one, else the caller's."""
    if request.resource_account:
        return request.resource_account
    fields = request.resource.split(":", 5)
    if len(fields) == 6 and len(fields[4]) == 12 and fields[4].isascii() and fields[4].isdigit():
        return fields[4]
    return request.principal.account


def scps_bind(caller: Principal) -> bool:
    return caller.kind not in OUTSIDERS and not is_service_linked(caller)


def rcps_bind(request: AccessRequest, action: str) -> bool:
    """Organizations User Guide, "Resource control policies", Resources and entities not restricted by RCPs."""
    caller = request.principal
    if caller.kind is PrincipalKind.SERVICE and action == "sts:assumerole":
        return f":{_SERVICE_LINKED}" not in request.resource
    return not is_service_linked(caller) and action != "kms:retiregrant"


def is_service_linked(caller: Principal) -> bool:
    """Told by the role's path; the name alone, all that a session's ARN shows, is anyone's to choose."""
    if caller.kind is not PrincipalKind.ASSUMED_ROLE or caller.issuer_arn is None:
        return False
    return Arn.parse(caller.issuer_arn).resource.startswith(_SERVICE_LINKED)


def resource_policy_binds(request: AccessRequest, action: str) -> bool:
    """The owner's root reaches the bucket policy whatever it says (S3 API Reference, PutBucketPolicy)."""
    return not (
        request.principal.kind is PrincipalKind.ROOT
        and action in _OWNERS_BUCKET_ACTIONS
        and resource_account(request) == request.principal.account
    )


def requires_resource_policy(action: str, resource: str) -> bool:
    """Role trust and KMS keys: without their policy nobody gets in."""
    fields = resource.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn":
        return False
    if fields[2] == "kms":
        return fields[5].startswith("key/")
    assumes = action.lower().startswith("sts:assumerole") or action.lower() in _ROLE_SESSION_ACTIONS
    return assumes and fields[2] == "iam" and fields[5].startswith("role/")


def _standing(request: AccessRequest) -> Standing:
    if request.principal.kind in OUTSIDERS:
        return Standing.OUTSIDE
    if resource_account(request) == request.principal.account:
        return Standing.SAME_ACCOUNT
    return Standing.CROSS_ACCOUNT


def _refused_by(caller: Principal, action: str) -> Layer | None:
    """User Guide, "Compare AWS STS credentials"; root never assumes a role."""
    if caller.kind is PrincipalKind.ROOT:
        return Layer.IDENTITY if action == "sts:assumerole" else None
    if caller.kind is PrincipalKind.FEDERATED_USER:
        limited = action.startswith(("iam:", "sts:")) and action != "sts:getcalleridentity"
        return Layer.SESSION if limited else None
    if caller.kind is PrincipalKind.ASSUMED_ROLE and action in _NOT_FOR_ROLES:
        return Layer.SESSION
    return None
