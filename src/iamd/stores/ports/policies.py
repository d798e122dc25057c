"""Policies: customer managed ones with versions, inline ones, attachments, and the policies of resources."""

from dataclasses import dataclass

from iamd.model.tags import Tags
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class Policy:
    """A customer managed policy. `latest_version` is the highest number ever given, never reused."""

    account: str
    name: str
    folded_name: str
    path: str
    id: str
    created_at: Millis
    updated_at: Millis
    default_version: int
    latest_version: int
    description: str | None = None
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:policy{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    account: str
    policy_id: str
    number: int
    created_at: Millis
    document: str


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    """`owner_id` is the unique id of the user, group or role that the policy is part of."""

    account: str
    owner_id: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """`owner_id` has `policy_arn` attached; as a permissions boundary where `usage` is "boundary", else "policy"."""

    account: str
    owner_id: str
    usage: str
    policy_arn: str
    attached_at: Millis


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The policy of a bucket, the trust policy of a role, …; one store, keyed by the resource's ARN.

    `document` is the text as written, with user and role ARNs of principals replaced by unique ids.
    """

    resource_arn: str
    account: str
    document: str


POLICIES = Kind(
    "policies",
    Policy,
    key=("account", "name"),
    unique={"folded": ("account", "folded_name"), "id": ("account", "id")},
    orders={"path": ("account", "path", "name")},
    topics=lambda policy: (f"policy:{policy.arn}",),
)
POLICY_VERSIONS = Kind(
    "policy_versions",
    PolicyVersion,
    key=("account", "policy_id", "number"),
    wide=True,
)
INLINE_POLICIES = Kind(
    "inline_policies",
    InlinePolicy,
    key=("account", "owner_id", "name"),
    topics=lambda policy: (f"id:{policy.account}:{policy.owner_id}",),
    wide=True,
)
ATTACHMENTS = Kind(
    "attachments",
    Attachment,
    key=("account", "owner_id", "usage", "policy_arn"),
    orders={"policy": ("account", "policy_arn", "usage")},
    topics=lambda tie: (f"id:{tie.account}:{tie.owner_id}",),
)
RESOURCE_POLICIES = Kind(
    "resource_policies",
    ResourcePolicy,
    key=("resource_arn",),
    orders={"account": ("account", "resource_arn")},
    topics=lambda policy: (f"resource:{policy.resource_arn}",),
    wide=True,
)
