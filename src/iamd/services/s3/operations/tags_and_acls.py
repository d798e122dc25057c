"""Tags of objects; ACLs, which every bucket has disabled; locks, which no bucket has."""

from dataclasses import replace

from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.acting import canonical_id, check_decided, missing_key, the_bucket
from iamd.services.s3.api import (
    DeleteObjectTaggingRequest,
    DeleteObjectTaggingResponse,
    GetBucketAclRequest,
    GetBucketAclResponse,
    GetObjectAclRequest,
    GetObjectAclResponse,
    GetObjectLegalHoldRequest,
    GetObjectLegalHoldResponse,
    GetObjectRetentionRequest,
    GetObjectRetentionResponse,
    GetObjectTaggingRequest,
    GetObjectTaggingResponse,
    Grant,
    Owner,
    PutBucketAclRequest,
    PutObjectAclRequest,
    PutObjectAclResponse,
    PutObjectTaggingRequest,
    PutObjectTaggingResponse,
    Tag,
)
from iamd.services.s3.authorization.finding import found_in
from iamd.services.s3.authorization.objects import object_in
from iamd.services.s3.bodies import check_digests
from iamd.services.s3.headers import acls_disabled
from iamd.services.s3.names import check_version, key_bytes
from iamd.services.s3.service import service
from iamd.services.s3.tagging import checked_object_tags, tag_set
from iamd.stores.ports.buckets import Bucket, S3Object


@service.operation
def get_object_tagging(ctx: Context, request: GetObjectTaggingRequest) -> GetObjectTaggingResponse:
    """An object's tags; none is no error."""
    row = _decided_row(ctx, request["Key"], request.get("VersionId"))
    tags: list[Tag] = [{"Key": name, "Value": value} for name, value in row.tags]
    return {"TagSet": tags}


@service.operation
def put_object_tagging(ctx: Context, request: PutObjectTaggingRequest) -> PutObjectTaggingResponse:
    """Replace an object's tags."""
    check_digests(ctx.http)
    row = _decided_row(ctx, request["Key"], request.get("VersionId"))
    ctx.state.objects.replace(replace(row, tags=checked_object_tags(tag_set(request))))
    return {}


@service.operation
def delete_object_tagging(ctx: Context, request: DeleteObjectTaggingRequest) -> DeleteObjectTaggingResponse:
    """Remove an object's tags."""
    row = _decided_row(ctx, request["Key"], request.get("VersionId"))
    ctx.state.objects.replace(replace(row, tags=()))
    return {}


@service.operation
def get_bucket_acl(ctx: Context, _request: GetBucketAclRequest) -> GetBucketAclResponse:
    """The owner has full control, and nobody else can be granted anything."""
    return {"Owner": _owner(ctx, the_bucket(ctx)), "Grants": _grants(ctx, the_bucket(ctx))}


@service.operation
def get_object_acl(ctx: Context, request: GetObjectAclRequest) -> GetObjectAclResponse:
    """The bucket's owner owns every object in it."""
    _decided_row(ctx, request["Key"], request.get("VersionId"))
    bucket = the_bucket(ctx)
    return {"Owner": _owner(ctx, bucket), "Grants": _grants(ctx, bucket)}


@service.operation
def put_bucket_acl(ctx: Context, _request: PutBucketAclRequest) -> None:
    """ACLs are disabled."""
    the_bucket(ctx)
    raise acls_disabled()


@service.operation
def put_object_acl(ctx: Context, request: PutObjectAclRequest) -> PutObjectAclResponse:
    """ACLs are disabled; `bucket-owner-full-control` states what holds anyway, and is let pass."""
    _decided_row(ctx, request["Key"], request.get("VersionId"))
    others = {"AccessControlPolicy", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"}
    if request.get("ACL") != "bucket-owner-full-control" or others & request.keys():
        raise acls_disabled()
    return {}


@service.operation
def get_object_legal_hold(ctx: Context, request: GetObjectLegalHoldRequest) -> GetObjectLegalHoldResponse:
    """No bucket has object lock."""
    raise _no_lock(ctx, request["Key"], request.get("VersionId"))


@service.operation
def get_object_retention(ctx: Context, request: GetObjectRetentionRequest) -> GetObjectRetentionResponse:
    """No bucket has object lock."""
    raise _no_lock(ctx, request["Key"], request.get("VersionId"))


def _no_lock(ctx: Context, key: str, version: str | None) -> AwsError:
    _row(ctx, key, version)
    return errors.invalid_request("Bucket is missing Object Lock Configuration")


def _row(ctx: Context, key: str, version: str | None) -> S3Object:
    row = ctx.state.objects.get(the_bucket(ctx).id, key_bytes(key))
    if row is None:
        raise missing_key(ctx, found_in(ctx.http), key)
    check_version(version, key)
    return row


def _decided_row(ctx: Context, key: str, version: str | None) -> S3Object:
    """The same, of an object whose tags were decided on."""
    row = _row(ctx, key, version)
    check_decided(row, object_in(ctx.http))
    return row


def _owner(ctx: Context, bucket: Bucket) -> Owner:
    return {"ID": canonical_id(ctx.state, bucket.account)}


def _grants(ctx: Context, bucket: Bucket) -> list[Grant]:
    owner = canonical_id(ctx.state, bucket.account)
    return [{"Grantee": {"Type": "CanonicalUser", "ID": owner}, "Permission": "FULL_CONTROL"}]
