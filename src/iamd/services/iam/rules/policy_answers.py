"""Managed policies as IAM answers them."""

from datetime import datetime
from typing import Any

from iamd.kernel.times import whole_seconds
from iamd.reference.managed_policies import ManagedPolicy
from iamd.services.iam.rules.documents import encoded
from iamd.services.iam.rules.managed import AnyPolicy
from iamd.stores.ports.policies import PolicyVersion


def policy_answer(policy: AnyPolicy, used: tuple[int, int]) -> dict[str, Any]:
    """`Policy` without description and tags; `used` counts attachments and boundaries."""
    if isinstance(policy, ManagedPolicy):
        identity: tuple[str, str, datetime, datetime] = (
            policy.policy_id,
            policy.default_version_id,
            policy.create_date,
            policy.update_date,
        )
    else:
        times = whole_seconds(policy.created_at), whole_seconds(policy.updated_at)
        identity = (policy.id, f"v{policy.default_version}", *times)
    policy_id, version_id, created, updated = identity
    return {
        "PolicyName": policy.name,
        "PolicyId": policy_id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": version_id,
        "AttachmentCount": used[0],
        "PermissionsBoundaryUsageCount": used[1],
        "IsAttachable": True,
        "CreateDate": created,
        "UpdateDate": updated,
    }


def version_answer(version: PolicyVersion, default: int, *, with_document: bool = False) -> dict[str, Any]:
    """`PolicyVersion` of a customer managed policy."""
    return {
        **({"Document": encoded(version.document)} if with_document else {}),
        "VersionId": f"v{version.number}",
        "IsDefaultVersion": version.number == default,
        "CreateDate": whole_seconds(version.created_at),
    }


def published_version_answer(policy: ManagedPolicy, *, with_document: bool = False) -> dict[str, Any]:
    """The one version of an AWS managed policy that is known here: the default one."""
    return {
        **({"Document": encoded(policy.document())} if with_document else {}),
        "VersionId": policy.default_version_id,
        "IsDefaultVersion": True,
        "CreateDate": policy.update_date,
    }
