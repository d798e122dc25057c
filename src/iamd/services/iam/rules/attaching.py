"""Managed policies attached to users, groups and roles."""

from collections.abc import Mapping
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import Page, read_page
from iamd.model.errors import AwsError, limit_exceeded, no_such_entity
from iamd.services.iam.rules.managed import PERMISSIONS, check_policy_arn, policy_to_attach
from iamd.services.iam.rules.owners import Owner
from iamd.stores.ports.policies import Attachment

_OF_SERVICE_LINKED_ROLES: Final = "/aws-service-role/"


def attach(ctx: Context, owner: Owner, arn: str) -> None:
    """Attach once more what is attached: nothing happens. Raises NoSuchEntity, LimitExceeded, PolicyNotAttachable."""
    policy = policy_to_attach(ctx, arn)
    if policy.path.startswith(_OF_SERVICE_LINKED_ROLES):
        raise AwsError("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
    if ctx.state.attachments.get(ctx.account, owner.id, PERMISSIONS, arn) is not None:
        return
    if ctx.state.attachments.count("key", ctx.account, owner.id, PERMISSIONS) >= owner.attachments:
        raise limit_exceeded(f"Cannot exceed quota for {owner.quota_name}: {owner.attachments}")
    ctx.state.attachments.insert(Attachment(ctx.account, owner.id, PERMISSIONS, arn, ctx.now_ms))


def detach(ctx: Context, owner: Owner, arn: str) -> None:
    """Raises InvalidInput, NoSuchEntity."""
    check_policy_arn(arn)
    if ctx.state.attachments.delete(ctx.account, owner.id, PERMISSIONS, arn) is None:
        raise no_such_entity(f"Policy {arn} was not found.")


def attached_page(ctx: Context, owner: Owner, request: Mapping[str, Any]) -> Any:
    """The answer of ListAttached…Policies; `PathPrefix` narrows it."""
    prefix = request.get("PathPrefix") or "/"
    page: Page[Attachment] = read_page(
        request,
        lambda after, limit: [
            tie
            for tie in ctx.state.attachments.page("key", ctx.account, owner.id, PERMISSIONS, after=after)
            if path_of_policy(tie.policy_arn).startswith(prefix)
        ][:limit],
        lambda tie: (tie.policy_arn,),
    )
    return {"AttachedPolicies": [attached_answer(tie) for tie in page.records], **page.members}


def all_attached(ctx: Context, owner_id: str) -> list[Any]:
    return [attached_answer(tie) for tie in ctx.state.attachments.page("key", ctx.account, owner_id, PERMISSIONS)]


def attached_answer(tie: Attachment) -> dict[str, str]:
    return {"PolicyName": tie.policy_arn.rpartition("/")[2], "PolicyArn": tie.policy_arn}


def path_of_policy(arn: str) -> str:
    """`/` or `/a/b/`: what stands between `policy` and the name."""
    resource = arn.split(":", 5)[5].removeprefix("policy")
    return resource[: resource.rindex("/") + 1]
