"""AWS's default quotas and limits of IAM, STS and S3.

Sources: IAM User Guide "IAM and AWS STS quotas" (object quotas, character limits); IAM API Reference GetAccountSummary;
STS API Reference AssumeRole, GetSessionToken, GetFederationToken; S3 User Guide "Buckets quotas", "Bucket naming
rules", "Object key names", "Amazon S3 multipart upload limits" (48.8 TiB is its 10,000 parts of 5 GiB).
Sizes of IAM policies are in characters, white space not counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quotas:
    """One account's limits, at AWS's defaults; an operator may raise the adjustable ones."""

    # Entities of an account, adjustable at AWS except users.
    users: int = 5000
    groups: int = 300
    roles: int = 1000
    instance_profiles: int = 1000
    policies: int = 1500
    server_certificates: int = 20
    saml_providers: int = 100
    oidc_providers: int = 100
    account_aliases: int = 1

    # Per entity.
    groups_per_user: int = 10
    access_keys_per_user: int = 2
    signing_certificates_per_user: int = 2
    ssh_keys_per_user: int = 5
    service_specific_credentials_per_user: int = 2
    mfa_devices_per_user: int = 8
    attached_policies_per_user: int = 10
    attached_policies_per_group: int = 10
    attached_policies_per_role: int = 10
    roles_per_instance_profile: int = 1
    versions_per_policy: int = 5
    policy_versions_in_use: int = 10000
    tags_per_resource: int = 50

    # Characters of policies: inline ones count together per entity.
    user_policy_size: int = 2048
    group_policy_size: int = 5120
    role_policy_size: int = 10240
    managed_policy_size: int = 6144
    assume_role_policy_size: int = 2048

    # Characters of names; the service model states the rest.
    user_name: int = 64
    group_name: int = 128
    role_name: int = 64
    policy_name: int = 128
    instance_profile_name: int = 128
    path: int = 512
    tag_key: int = 128
    tag_value: int = 256

    # STS. Seconds, characters, counts.
    session_policy_size: int = 2048
    session_policy_arns: int = 10
    session_tags: int = 50
    role_session_seconds: tuple[int, int] = (900, 43200)
    chained_session_seconds: int = 3600
    session_token_seconds: tuple[int, int] = (900, 129600)
    root_session_token_seconds: int = 3600

    # S3. Bytes unless it says otherwise.
    buckets: int = 10000
    bucket_policy_size: int = 20 * 1024
    bucket_name: tuple[int, int] = (3, 63)
    object_key: int = 1024
    object_size: int = 10000 * 5 * 1024**3
    put_object_size: int = 5 * 1024**3
    copy_object_size: int = 5 * 1024**3
    user_metadata: int = 2 * 1024
    object_tags: int = 10
    bucket_tags: int = 50
    delete_objects: int = 1000
    list_page: int = 1000
    upload_parts: int = 10000
    upload_part_size: tuple[int, int] = (5 * 1024**2, 5 * 1024**3)

    def account_summary(self) -> Mapping[str, int]:
        """The quota entries of GetAccountSummary's `SummaryMap`; the usage entries are counted by the caller."""
        return {
            "AccessKeysPerUserQuota": self.access_keys_per_user,
            "AssumeRolePolicySizeQuota": self.assume_role_policy_size,
            "AttachedPoliciesPerGroupQuota": self.attached_policies_per_group,
            "AttachedPoliciesPerRoleQuota": self.attached_policies_per_role,
            "AttachedPoliciesPerUserQuota": self.attached_policies_per_user,
            "GlobalEndpointTokenVersion": 1,
            "GroupPolicySizeQuota": self.group_policy_size,
            "GroupsPerUserQuota": self.groups_per_user,
            "GroupsQuota": self.groups,
            "InstanceProfilesQuota": self.instance_profiles,
            "PoliciesQuota": self.policies,
            "PolicySizeQuota": self.managed_policy_size,
            "PolicyVersionsInUseQuota": self.policy_versions_in_use,
            "RolePolicySizeQuota": self.role_policy_size,
            "RolesQuota": self.roles,
            "ServerCertificatesQuota": self.server_certificates,
            "SigningCertificatesPerUserQuota": self.signing_certificates_per_user,
            "UserPolicySizeQuota": self.user_policy_size,
            "UsersQuota": self.users,
            "VersionsPerPolicyQuota": self.versions_per_policy,
        }
