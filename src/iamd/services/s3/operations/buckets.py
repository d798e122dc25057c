"""Buckets: create, find, list, delete."""

import re
from typing import Final

from iamd.kernel.context import Context
from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.acting import canonical_id, the_bucket
from iamd.services.s3.api import (
    Bucket,
    CreateBucketConfiguration,
    CreateBucketRequest,
    CreateBucketResponse,
    DeleteBucketRequest,
    GetBucketLocationRequest,
    GetBucketLocationResponse,
    HeadBucketRequest,
    HeadBucketResponse,
    ListBucketsRequest,
    ListBucketsResponse,
)
from iamd.services.s3.headers import has_grants
from iamd.services.s3.names import QUOTAS, is_bucket_name
from iamd.services.s3.service import service
from iamd.services.s3.tagging import checked_bucket_tags
from iamd.services.s3.tokens import read_token, write_token
from iamd.services.s3.uploads import delete_uploads_of
from iamd.stores.ports.buckets import Bucket as StoredBucket

_HOME: Final = "us-east-1"
"""S3's first region: the one that a location constraint never names."""

_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}")
_LEGACY: Final = {"EU": "eu-west-1"}
_ENFORCED: Final = "BucketOwnerEnforced"
_MOST_LISTED: Final = 10000
_READ_AT_ONCE: Final = 1000


@service.operation
def create_bucket(ctx: Context, request: CreateBucketRequest) -> CreateBucketResponse:
    """Create a bucket, its public access blocked and ACLs disabled.

    In us-east-1 creating one's own bucket again succeeds, as it always has; elsewhere it is BucketAlreadyOwnedByYou.
    """
    name = request["Bucket"]
    if not is_bucket_name(name):
        raise errors.invalid_bucket_name(name)
    configuration = request.get("CreateBucketConfiguration") or CreateBucketConfiguration()
    region = _region(ctx.region, configuration.get("LocationConstraint"))
    _check_features(request, configuration)
    existing = ctx.state.buckets.get(name)
    if existing is not None:
        if existing.account == ctx.account and region == existing.region == _HOME:
            return _created(existing)
        raise _taken(existing, ctx.account)
    if ctx.state.buckets.count("account", ctx.account) >= QUOTAS.buckets:
        raise AwsError("TooManyBuckets", "You have attempted to create more buckets than allowed")
    tags = checked_bucket_tags(tuple((tag["Key"], tag["Value"]) for tag in configuration.get("Tags", ())))
    bucket = StoredBucket(name, ctx.account, region, ctx.tools.ids.internal_id(), ctx.now_ms, tags=tags)
    ctx.state.buckets.insert(bucket)
    return _created(bucket)


def _region(signed: str, constraint: str | None) -> str:
    """Where the bucket will be. Only us-east-1 creates buckets of other regions."""
    if not constraint:
        if signed != _HOME:
            raise AwsError(
                "IllegalLocationConstraintException",
                "The unspecified location constraint is incompatible for the region specific endpoint this request was "
                "sent to.",
            )
        return _HOME
    region = _LEGACY.get(constraint, constraint)
    if constraint == _HOME or not _REGION.fullmatch(region):
        raise AwsError(
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
            members={"LocationConstraint": constraint},
        )
    if signed not in (_HOME, region):
        raise AwsError(
            "IllegalLocationConstraintException",
            f"The {constraint} location constraint is incompatible for the region specific endpoint this request was "
            "sent to.",
        )
    return region


def _check_features(request: CreateBucketRequest, configuration: CreateBucketConfiguration) -> None:
    ownership = request.get("ObjectOwnership", _ENFORCED)
    if request.get("ACL", "private") != "private" or has_grants(request):
        if ownership == _ENFORCED:
            raise AwsError(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
        raise errors.not_implemented("x-amz-acl")
    if ownership != _ENFORCED:
        raise errors.not_implemented("x-amz-object-ownership")
    if request.get("ObjectLockEnabledForBucket"):
        raise errors.not_implemented("x-amz-bucket-object-lock-enabled")
    if request.get("BucketNamespace", "global") != "global":
        raise errors.not_implemented("x-amz-bucket-namespace")
    if "Location" in configuration or "Bucket" in configuration:
        raise errors.not_implemented("CreateBucketConfiguration")


def _taken(existing: StoredBucket, account: str) -> AwsError:
    members = {"BucketName": existing.name}
    if existing.account == account:
        return AwsError(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            409,
            members=members,
        )
    return AwsError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please "
        "select a different name and try again.",
        409,
        members=members,
    )


def _created(bucket: StoredBucket) -> CreateBucketResponse:
    home = bucket.region == _HOME
    return {"Location": f"/{bucket.name}" if home else f"http://{bucket.name}.s3.amazonaws.com/"}


@service.operation
def head_bucket(ctx: Context, _request: HeadBucketRequest) -> HeadBucketResponse:
    """Whether a bucket is there and may be listed."""
    return {"BucketRegion": the_bucket(ctx).region, "AccessPointAlias": False}


@service.operation
def get_bucket_location(ctx: Context, _request: GetBucketLocationRequest) -> GetBucketLocationResponse:
    """The bucket's region; nothing for us-east-1."""
    region = the_bucket(ctx).region
    return {} if region == _HOME else {"LocationConstraint": region}


@service.operation
def delete_bucket(ctx: Context, _request: DeleteBucketRequest) -> None:
    """Delete an empty bucket, its policy, and what was on its way into it."""
    bucket = the_bucket(ctx)
    if ctx.state.objects.page("key", bucket.id, limit=1):
        raise AwsError(
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty",
            409,
            members={"BucketName": bucket.name},
        )
    delete_uploads_of(ctx.state, bucket)
    ctx.state.resource_policies.delete(bucket.arn)
    ctx.state.buckets.delete(bucket.name)


@service.operation
def list_buckets(ctx: Context, request: ListBucketsRequest) -> ListBucketsResponse:
    """The account's buckets in the order of their names; in pages, if the request asks for pages."""
    limit = request.get("MaxBuckets")
    if limit is not None and not 1 <= limit <= _MOST_LISTED:
        message = f"Argument max-buckets must be an integer between 1 and {_MOST_LISTED}"
        raise errors.invalid_argument(message, "max-buckets", str(limit))
    token, prefix = request.get("ContinuationToken"), request.get("Prefix") or ""
    found = _buckets(
        ctx,
        prefix,
        request.get("BucketRegion"),
        None if token is None else read_token(token).decode(),
        (limit or _MOST_LISTED) + 1,
    )
    page = found[: limit or _MOST_LISTED]
    paged = bool(request)
    answer: ListBucketsResponse = {
        "Buckets": [_listed(bucket, with_region=paged) for bucket in page],
        "Owner": {"ID": canonical_id(ctx.state, ctx.account)},
    }
    if len(found) > len(page):
        answer["ContinuationToken"] = write_token(page[-1].name.encode())
    if prefix:
        answer["Prefix"] = prefix
    return answer


def _buckets(ctx: Context, prefix: str, region: str | None, after: str | None, wanted: int) -> list[StoredBucket]:
    found: list[StoredBucket] = []
    while len(found) < wanted:
        read = ctx.state.buckets.page(
            "account",
            ctx.account,
            starts=prefix,
            after=None if after is None else (after,),
            limit=min(wanted, _READ_AT_ONCE),
        )
        found += [bucket for bucket in read if region in (None, bucket.region)]
        if len(read) < min(wanted, _READ_AT_ONCE):
            break
        after = read[-1].name
    return found[:wanted]


def _listed(bucket: StoredBucket, *, with_region: bool) -> Bucket:
    listed: Bucket = {"Name": bucket.name, "CreationDate": whole_seconds(bucket.created_at)}
    if with_region:
        listed["BucketRegion"] = bucket.region
    return listed
