"""Users, groups and roles of an account, and what ties them together."""

from dataclasses import dataclass

from iamd.model.tags import Tags
from iamd.stores.ports.records import Kind

Millis = int
"""Milliseconds since 1970-01-01T00:00:00Z."""


@dataclass(frozen=True, slots=True)
class User:
    """`folded_name` is the name in lower case: names are unique without regard to case, and looked up exactly."""

    account: str
    name: str
    folded_name: str
    path: str
    id: str
    created_at: Millis
    boundary_arn: str | None = None
    tags: Tags = ()
    password_last_used_at: Millis | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:user{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class Group:
    account: str
    name: str
    folded_name: str
    path: str
    id: str
    created_at: Millis

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:group{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class Role:
    """The trust policy lies in `resource_policies` under the role's ARN, like every resource policy."""

    account: str
    name: str
    folded_name: str
    path: str
    id: str
    created_at: Millis
    description: str | None = None
    max_session_seconds: int = 3600
    boundary_arn: str | None = None
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class RoleUse:
    """When a session of a role last called: written in batches, so no decision rests on it."""

    account: str
    role_id: str
    at: Millis
    region: str


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    account: str
    name: str
    folded_name: str
    path: str
    id: str
    created_at: Millis
    role_id: str | None = None
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:instance-profile{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class Membership:
    account: str
    group_id: str
    user_id: str


_NAMED = {"folded": ("account", "folded_name"), "id": ("account", "id")}
_PATHS = {"path": ("account", "path", "name")}
_BELOW_ROOT = {"path": ("path", "/")}

USERS = Kind(
    "users",
    User,
    key=("account", "name"),
    unique=_NAMED,
    orders=_PATHS,
    leaves_out=_BELOW_ROOT,
    topics=lambda user: (f"id:{user.account}:{user.id}",),
    tallied=True,
    unknown_when_new=True,
)
GROUPS = Kind(
    "groups",
    Group,
    key=("account", "name"),
    unique=_NAMED,
    orders=_PATHS,
    leaves_out=_BELOW_ROOT,
    topics=lambda group: (f"id:{group.account}:{group.id}",),
    tallied=True,
    unknown_when_new=True,
)
ROLES = Kind(
    "roles",
    Role,
    key=("account", "name"),
    unique=_NAMED,
    orders=_PATHS,
    leaves_out=_BELOW_ROOT,
    topics=lambda role: (f"id:{role.account}:{role.id}",),
    tallied=True,
    unknown_when_new=True,
)
ROLE_USES = Kind("role_uses", RoleUse, key=("account", "role_id"))
INSTANCE_PROFILES = Kind(
    "instance_profiles",
    InstanceProfile,
    key=("account", "name"),
    unique=_NAMED,
    orders={**_PATHS, "role": ("account", "role_id")},
    leaves_out=_BELOW_ROOT,
)
MEMBERSHIPS = Kind(
    "memberships",
    Membership,
    key=("account", "group_id", "user_id"),
    orders={"user": ("account", "user_id")},
    topics=lambda tie: (f"id:{tie.account}:{tie.user_id}",),
)
