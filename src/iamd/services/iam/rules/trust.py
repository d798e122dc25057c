"""Role trust policies: kept under the role's ARN like every resource policy, principals by unique id."""

from typing import Final

from iamd.authz.principal_ids import InvalidPrincipalError, ids_to_principals, principals_to_ids, someones
from iamd.kernel.context import Context
from iamd.model.errors import limit_exceeded, malformed_policy
from iamd.policy import PolicyKind, policy_size
from iamd.reference.quotas import Quotas
from iamd.services.iam.rules.documents import check_document, encoded
from iamd.stores.ports.identities import Role
from iamd.stores.ports.policies import ResourcePolicy
from iamd.stores.ports.state import State

_QUOTAS: Final = Quotas()


def put_trust(ctx: Context, role: Role, document: str) -> None:
    """Raises MalformedPolicyDocument, LimitExceeded."""
    check_document(document, PolicyKind.TRUST)
    if policy_size(document) > _QUOTAS.assume_role_policy_size:
        raise limit_exceeded(f"Cannot exceed quota for ACLSizePerRole: {_QUOTAS.assume_role_policy_size}")
    try:
        kept = principals_to_ids(document, someones(ctx.state, role.account))
    except InvalidPrincipalError as error:
        raise malformed_policy(error.message) from error
    ctx.state.resource_policies.put(ResourcePolicy(role.arn, role.account, kept))


def shown_trust(state: State, role: Role) -> str:
    """The encoded document, principals as ARNs where they exist."""
    policy = state.resource_policies.get(role.arn)
    if policy is None:
        raise LookupError(role.arn)
    return encoded(ids_to_principals(policy.document, someones(state, role.account)))
