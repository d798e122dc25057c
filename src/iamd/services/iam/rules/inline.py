"""Policies that are part of a user, group or role."""

from collections.abc import Mapping
from typing import Any

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.model.errors import AwsError, limit_exceeded, no_such_entity
from iamd.policy import PolicyKind, policy_size
from iamd.services.iam.rules.documents import check_document, encoded
from iamd.services.iam.rules.owners import Owner
from iamd.stores.ports.policies import InlinePolicy


def put_inline(ctx: Context, owner: Owner, request: Mapping[str, Any]) -> None:
    """Raises MalformedPolicyDocument, LimitExceeded."""
    name, document = request["PolicyName"], request["PolicyDocument"]
    check_document(document, PolicyKind.IDENTITY)
    kept = ctx.state.inline_policies.page("key", ctx.account, owner.id)
    size = policy_size(document) + sum(policy_size(policy.document) for policy in kept if policy.name != name)
    if size > owner.inline_size:
        raise limit_exceeded(f"Maximum policy size of {owner.inline_size} bytes exceeded for {owner.kind} {owner.name}")
    ctx.state.inline_policies.put(InlinePolicy(ctx.account, owner.id, name, document))


def get_inline(ctx: Context, owner: Owner, name: str) -> Any:
    """The answer of Get…Policy. Raises NoSuchEntity."""
    policy = ctx.state.inline_policies.get(ctx.account, owner.id, name)
    if policy is None:
        raise _no_such_policy(owner, name)
    return {
        f"{owner.kind.capitalize()}Name": owner.name,
        "PolicyName": policy.name,
        "PolicyDocument": encoded(policy.document),
    }


def delete_inline(ctx: Context, owner: Owner, name: str) -> None:
    """Raises NoSuchEntity."""
    if ctx.state.inline_policies.delete(ctx.account, owner.id, name) is None:
        raise _no_such_policy(owner, name)


def inline_page(ctx: Context, owner: Owner, request: Mapping[str, Any]) -> Any:
    """The answer of List…Policies: names."""
    page = read_page(
        request,
        lambda after, limit: ctx.state.inline_policies.page("key", ctx.account, owner.id, after=after, limit=limit),
        lambda policy: (policy.name,),
    )
    return {"PolicyNames": [policy.name for policy in page.records], **page.members}


def all_inline(ctx: Context, owner_id: str) -> list[Any]:
    """As GetAccountAuthorizationDetails has them."""
    return [
        {"PolicyName": policy.name, "PolicyDocument": encoded(policy.document)}
        for policy in ctx.state.inline_policies.page("key", ctx.account, owner_id)
    ]


def _no_such_policy(owner: Owner, name: str) -> AwsError:
    return no_such_entity(f"The {owner.kind} policy with name {name} cannot be found.")
