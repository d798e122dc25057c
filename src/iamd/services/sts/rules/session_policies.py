"""Session policies: one inline, and managed ones by ARN."""

from collections.abc import Mapping
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.model.errors import AwsError, malformed_policy, validation_error
from iamd.policy import PolicyError, PolicyKind, parse_document
from iamd.reference.quotas import Quotas

_QUOTAS: Final = Quotas()
_LONGEST: Final = 131_072
"""Of AssumeRole's policy, for which the model has no limit: the longest document that any other operation takes. What
is shorter is read, and must fit into the token (PackedPolicyTooLarge)."""


def session_policies(ctx: Context, account: str, request: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents and the ARNs; managed policies are those of `account`, where the session will act, or AWS's.

    Raises MalformedPolicyDocument, ValidationError.
    """
    document: str | None = request.get("Policy")
    if document is not None:
        if len(document) > _LONGEST:
            raise _too_long("policy", _LONGEST)
        try:
            parse_document(document, kind=PolicyKind.SESSION)
        except PolicyError as error:
            raise malformed_policy(error.message) from error
    arns = tuple(entry.get("arn", "") for entry in request.get("PolicyArns") or ())
    if len(arns) > _QUOTAS.session_policy_arns:
        raise _too_long("policyArns", _QUOTAS.session_policy_arns)
    for arn in arns:
        if not _exists(ctx, account, arn):
            raise validation_error(f"Policy {arn} does not exist or is not attachable.")
    return (() if document is None else (document,)), arns


def _too_long(member: str, limit: int) -> AwsError:
    return validation_error(
        f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {limit}"
    )


def _exists(ctx: Context, account: str, arn: str) -> bool:
    policy = ctx.state.policies.get(account, arn.rpartition("/")[2])
    return arn in ctx.tools.managed_policies or (policy is not None and policy.arn == arn)
