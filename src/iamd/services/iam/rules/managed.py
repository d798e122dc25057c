"""Managed policies: the customer's in the store, AWS's in the reference."""

from collections.abc import Iterator
from typing import Final

from iamd.kernel.context import Context
from iamd.model.arn import Arn
from iamd.model.errors import AwsError, access_denied, no_such_entity
from iamd.reference.managed_policies import ARN_PREFIX, ManagedPolicies, ManagedPolicy
from iamd.services.iam.rules.boundaries import BOUNDARY
from iamd.stores.ports.policies import Policy
from iamd.stores.ports.state import State

AnyPolicy = Policy | ManagedPolicy
PERMISSIONS: Final = "policy"
"""An attachment's `usage` where it is no boundary."""


def check_policy_arn(arn: str) -> None:
    """Raises InvalidInput for text that can be no managed policy's ARN."""
    try:
        fields = Arn.parse(arn)
    except ValueError:
        fields = None
    if fields is None or (fields.service, fields.region) != ("iam", "") or not fields.account:
        raise AwsError("InvalidInput", f"ARN {arn} is not valid.")


def customer_policy(state: State, account: str, arn: str) -> Policy | None:
    """The account's own policy with exactly this ARN."""
    policy = state.policies.get(account, arn.rpartition("/")[2])
    return policy if policy is not None and policy.arn == arn else None


def find_policy(state: State, published: ManagedPolicies, account: str, arn: str) -> AnyPolicy | None:
    """A policy that the account can use."""
    return customer_policy(state, account, arn) or published.get(arn)


def policy_to_read(ctx: Context, arn: str) -> AnyPolicy:
    """Raises InvalidInput, NoSuchEntity."""
    check_policy_arn(arn)
    policy = find_policy(ctx.state, ctx.tools.managed_policies, ctx.account, arn)
    if policy is None:
        raise no_such_entity(f"Policy {arn} was not found.")
    return policy


def policy_to_attach(ctx: Context, arn: str) -> AnyPolicy:
    """Raises InvalidInput, NoSuchEntity."""
    check_policy_arn(arn)
    policy = find_policy(ctx.state, ctx.tools.managed_policies, ctx.account, arn)
    if policy is None:
        raise no_such_entity(f"Policy {arn} does not exist or is not attachable.")
    return policy


def policy_to_change(ctx: Context, arn: str, action: str) -> Policy:
    """The customer's own; nobody changes AWS's (~ the text). Raises InvalidInput, NoSuchEntity, AccessDenied."""
    policy = policy_to_read(ctx, arn)
    if isinstance(policy, ManagedPolicy):
        who = ctx.caller.principal.arn
        raise access_denied(f"User: {who} is not authorized to perform: iam:{action} on resource: policy {arn}")
    return policy


def default_document(state: State, policy: AnyPolicy) -> str:
    if isinstance(policy, ManagedPolicy):
        return policy.document()
    version = state.policy_versions.get(policy.account, policy.id, policy.default_version)
    if version is None:
        raise LookupError(policy.arn)
    return version.document


def uses(state: State, account: str, arn: str) -> tuple[int, int]:
    """How many entities have the policy attached, and as their boundary."""
    return (
        state.attachments.count("policy", account, arn, PERMISSIONS),
        state.attachments.count("policy", account, arn, BOUNDARY),
    )


def used_arns(state: State, account: str, starts: str = "", after: str = "") -> Iterator[str]:
    """ARNs of managed policies that some entity uses, in order, behind `after`: one index step each."""
    while found := state.attachments.page("policy", account, starts=starts or None, after=(after,), limit=1):
        after = found[0].policy_arn
        yield after


def arn_prefix(account: str | None, path_prefix: str) -> str:
    """What ARNs of policies below a path begin with; None: AWS's own."""
    return f"{ARN_PREFIX if account is None else f'arn:aws:iam::{account}:policy'}{path_prefix}"
