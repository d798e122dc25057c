"""Permissions boundaries: which policies can be one, and tying one to its user or role."""

from typing import Final

from iamd.kernel.context import Context
from iamd.model.arn import Arn
from iamd.model.errors import AwsError, no_such_entity
from iamd.stores.ports.policies import Attachment

BOUNDARY: Final = "boundary"
_AWS: Final = "aws"


def check_boundary(ctx: Context, arn: str) -> None:
    """Raises InvalidInput for text that is no policy's ARN, NoSuchEntity, or PolicyNotAttachable."""
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        raise _not_valid(arn) from None
    if (parsed.service, parsed.region) != ("iam", "") or not parsed.resource.startswith("policy/"):
        raise _not_valid(arn)
    if parsed.account == _AWS:
        exists = arn in ctx.tools.managed_policies
    else:
        policy = ctx.state.policies.get(ctx.account, parsed.resource.rpartition("/")[2])
        exists = policy is not None and policy.arn == arn
    if not exists:
        raise no_such_entity(f"Scope ARN: {arn} does not exist or is not attachable.")
    if parsed.account == _AWS and parsed.resource.startswith("policy/aws-service-role/"):
        raise AwsError("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")


def tie_boundary(ctx: Context, owner_id: str, old: str | None, new: str | None) -> None:
    """Record whose boundary a policy is, so that the policy's users are found from its side too."""
    if old is not None:
        ctx.state.attachments.delete(ctx.account, owner_id, BOUNDARY, old)
    if new is not None:
        ctx.state.attachments.put(Attachment(ctx.account, owner_id, BOUNDARY, new, ctx.now_ms))


def _not_valid(arn: str) -> AwsError:
    return AwsError("InvalidInput", f"ARN {arn} is not valid.")
