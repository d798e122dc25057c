"""All kinds of state together: one read view, or one transaction's view."""

from dataclasses import dataclass
from typing import Any

from iamd.stores.ports.accounts import ACCOUNT_ALIASES, ACCOUNTS, Account, AccountAlias
from iamd.stores.ports.buckets import (
    BLOB_USES,
    BUCKETS,
    COMPLETED_UPLOADS,
    OBJECTS,
    ORPHANS,
    UPLOAD_PARTS,
    UPLOADS,
    BlobUse,
    Bucket,
    CompletedUpload,
    Orphan,
    S3Object,
    Upload,
    UploadPart,
)
from iamd.stores.ports.credentials import (
    ACCESS_KEY_USES,
    ACCESS_KEYS,
    LOGIN_PROFILES,
    TOKEN_KEYS,
    AccessKey,
    AccessKeyUse,
    LoginProfile,
    TokenKey,
)
from iamd.stores.ports.events import EVENT_VOLUMES, EVENTS, Event, EventVolume
from iamd.stores.ports.identities import (
    GROUPS,
    INSTANCE_PROFILES,
    MEMBERSHIPS,
    ROLE_USES,
    ROLES,
    USERS,
    Group,
    InstanceProfile,
    Membership,
    Role,
    RoleUse,
    User,
)
from iamd.stores.ports.mfa import MFA_DEVICES, MfaDevice
from iamd.stores.ports.policies import (
    ATTACHMENTS,
    INLINE_POLICIES,
    POLICIES,
    POLICY_VERSIONS,
    RESOURCE_POLICIES,
    Attachment,
    InlinePolicy,
    Policy,
    PolicyVersion,
    ResourcePolicy,
)
from iamd.stores.ports.records import Kind, Records
from iamd.stores.ports.settings import SETTINGS, Setting
from iamd.stores.ports.signin import CONSOLE_SESSIONS, SIGNIN_FAILURES, ConsoleSession, SigninFailures

KINDS: tuple[Kind[Any], ...] = (
    ACCOUNTS,
    ACCOUNT_ALIASES,
    USERS,
    GROUPS,
    ROLES,
    ROLE_USES,
    INSTANCE_PROFILES,
    MEMBERSHIPS,
    POLICIES,
    POLICY_VERSIONS,
    INLINE_POLICIES,
    ATTACHMENTS,
    RESOURCE_POLICIES,
    ACCESS_KEYS,
    ACCESS_KEY_USES,
    LOGIN_PROFILES,
    MFA_DEVICES,
    CONSOLE_SESSIONS,
    SIGNIN_FAILURES,
    TOKEN_KEYS,
    BUCKETS,
    OBJECTS,
    BLOB_USES,
    UPLOADS,
    UPLOAD_PARTS,
    COMPLETED_UPLOADS,
    ORPHANS,
    EVENTS,
    EVENT_VOLUMES,
    SETTINGS,
)
"""Every kind of state; the field of `State` for each is its `name`."""


@dataclass(frozen=True, slots=True)
class State:
    accounts: Records[Account]
    account_aliases: Records[AccountAlias]
    users: Records[User]
    groups: Records[Group]
    roles: Records[Role]
    role_uses: Records[RoleUse]
    instance_profiles: Records[InstanceProfile]
    memberships: Records[Membership]
    policies: Records[Policy]
    policy_versions: Records[PolicyVersion]
    inline_policies: Records[InlinePolicy]
    attachments: Records[Attachment]
    resource_policies: Records[ResourcePolicy]
    access_keys: Records[AccessKey]
    access_key_uses: Records[AccessKeyUse]
    login_profiles: Records[LoginProfile]
    mfa_devices: Records[MfaDevice]
    console_sessions: Records[ConsoleSession]
    signin_failures: Records[SigninFailures]
    token_keys: Records[TokenKey]
    buckets: Records[Bucket]
    objects: Records[S3Object]
    blob_uses: Records[BlobUse]
    uploads: Records[Upload]
    upload_parts: Records[UploadPart]
    completed_uploads: Records[CompletedUpload]
    orphans: Records[Orphan]
    events: Records[Event]
    event_volumes: Records[EventVolume]
    settings: Records[Setting]
