"""Schema, written by `tools/migration.py` from the kinds of state; do not edit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "access_key_uses",
        sa.Column("key_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="access_key_uses_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_keys",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("active", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name="access_keys_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("access_keys_by_user", "access_keys", ["account", "user_id", "id"], unique=False)
    op.create_table(
        "account_aliases",
        sa.Column("alias", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("alias", name="account_aliases_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("account_aliases_by_account", "account_aliases", ["account", "alias"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root_email", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("root_password_hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("canonical_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("password_policy", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name="accounts_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("accounts_by_email", "accounts", ["root_email", "id"], unique=False)
    op.create_index("accounts_canonical", "accounts", ["canonical_id"], unique=True)
    op.create_table(
        "attachments",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("usage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("policy_arn", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("attached_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "owner_id", "usage", "policy_arn", name="attachments_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "attachments_by_policy", "attachments", ["account", "policy_arn", "usage", "owner_id"], unique=False
    )
    op.create_table(
        "blob_uses",
        sa.Column("blob_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("bucket_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("blob_id", "bucket_id", "key", name="blob_uses_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "buckets",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("public_access_block", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("policy_is_public", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name="buckets_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("buckets_by_account", "buckets", ["account", "name"], unique=False)
    op.create_index("buckets_id", "buckets", ["id"], unique=True)
    op.create_table(
        "changelog",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("revision"),
    )
    op.create_table(
        "completed_uploads",
        sa.Column("bucket_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("completed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("bucket_id", "key", "id", name="completed_uploads_pk"),
        sqlite_with_rowid=True,
    )
    op.create_index(
        "completed_uploads_by_time", "completed_uploads", ["completed_at", "bucket_id", "key", "id"], unique=False
    )
    op.create_table(
        "console_sessions",
        sa.Column("token_hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("access_key_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("password_mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_ip", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_agent", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("mfa_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="console_sessions_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("console_sessions_by_expiry", "console_sessions", ["expires_at", "token_hash"], unique=False)
    op.create_index(
        "console_sessions_by_user", "console_sessions", ["account", "user_id", "started_at", "token_hash"], unique=False
    )
    op.create_index("console_sessions_id", "console_sessions", ["id"], unique=True)
    op.create_table(
        "event_volumes",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hour", name="event_volumes_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("principal", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("actions", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("error_code", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("read_only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("droppable", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("details", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("at", "id", name="events_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "groups",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="groups_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("groups_folded", "groups", ["account", "folded_name"], unique=True)
    op.create_index("groups_id", "groups", ["account", "id"], unique=True)
    op.create_index(
        "groups_partly_by_path",
        "groups",
        ["account", "path", "name"],
        unique=False,
        sqlite_where=sa.text("path != '/'"),
        postgresql_where=sa.text("path != '/'"),
    )
    op.create_table(
        "inline_policies",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "owner_id", "name", name="inline_policies_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "instance_profiles",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="instance_profiles_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("instance_profiles_by_role", "instance_profiles", ["account", "role_id", "name"], unique=False)
    op.create_index("instance_profiles_folded", "instance_profiles", ["account", "folded_name"], unique=True)
    op.create_index("instance_profiles_id", "instance_profiles", ["account", "id"], unique=True)
    op.create_index(
        "instance_profiles_partly_by_path",
        "instance_profiles",
        ["account", "path", "name"],
        unique=False,
        sqlite_where=sa.text("path != '/'"),
        postgresql_where=sa.text("path != '/'"),
    )
    op.create_table(
        "login_profiles",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reset_required", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("max_session_seconds", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account", "user_id", name="login_profiles_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memberships",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "group_id", "user_id", name="memberships_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("memberships_by_user", "memberships", ["account", "user_id", "group_id"], unique=False)
    op.create_table(
        "mfa_devices",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("serial", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("enabled_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("used_step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("drift", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "serial", name="mfa_devices_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("mfa_devices_by_user", "mfa_devices", ["account", "user_id", "serial"], unique=False)
    op.create_table(
        "objects",
        sa.Column("bucket_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("etag", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("modified_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metadata", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("checksums", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("extents", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("data", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.Column("parts", sa.Text(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("bucket_id", "key", name="objects_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "orphans",
        sa.Column("blob_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("blob_id", name="orphans_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policies",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("default_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("latest_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="policies_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("policies_by_path", "policies", ["account", "path", "name"], unique=False)
    op.create_index("policies_folded", "policies", ["account", "folded_name"], unique=True)
    op.create_index("policies_id", "policies", ["account", "id"], unique=True)
    op.create_table(
        "policy_versions",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("policy_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "policy_id", "number", name="policy_versions_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "resource_policies",
        sa.Column("resource_arn", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("resource_arn", name="resource_policies_pk"),
        sqlite_with_rowid=True,
    )
    op.create_index("resource_policies_by_account", "resource_policies", ["account", "resource_arn"], unique=False)
    op.create_table(
        "role_uses",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "role_id", name="role_uses_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roles",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("max_session_seconds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("boundary_arn", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="roles_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("roles_folded", "roles", ["account", "folded_name"], unique=True)
    op.create_index("roles_id", "roles", ["account", "id"], unique=True)
    op.create_index(
        "roles_partly_by_path",
        "roles",
        ["account", "path", "name"],
        unique=False,
        sqlite_where=sa.text("path != '/'"),
        postgresql_where=sa.text("path != '/'"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name="settings_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signin_failures",
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject", "address", name="signin_failures_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("signin_failures_by_since", "signin_failures", ["since", "subject", "address"], unique=False)
    op.create_table(
        "store_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tallies",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "owner", name="tallies_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token_keys",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name="token_keys_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("etag", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("modified_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("checksums", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("extents", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("data", sa.LargeBinary(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("upload_id", "number", name="upload_parts_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "uploads",
        sa.Column("bucket_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("initiated_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("initiator", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("metadata", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("checksum", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("checksum_type", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("checksum_named", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("bucket_id", "key", "id", name="uploads_pk"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "users",
        sa.Column("account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("boundary_arn", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("tags", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("password_last_used_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account", "name", name="users_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("users_folded", "users", ["account", "folded_name"], unique=True)
    op.create_index("users_id", "users", ["account", "id"], unique=True)
    op.create_index(
        "users_partly_by_path",
        "users",
        ["account", "path", "name"],
        unique=False,
        sqlite_where=sa.text("path != '/'"),
        postgresql_where=sa.text("path != '/'"),
    )
