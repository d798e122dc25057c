"""Buckets, their policies and settings."""

from collections.abc import Iterator, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.model.tags import Tags
from iamd.services.s3.authorization.finding import find, on_bucket
from iamd.services.s3.authorization.keys import (
    CREATE_BUCKET_HEADERS,
    GRANTS,
    header_keys,
    list_keys,
    request_keys,
)

ALL_BUCKETS: Final = "arn:aws:s3:::*"
"""What ListBuckets acts on: AWS's own examples grant it on this, others on `*`, and both match. No message names it."""

_GRANT_MEMBERS: Final = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def _list_buckets(ask: Ask) -> Iterator[Check]:
    yield Check("s3:ListAllMyBuckets", ALL_BUCKETS, request_keys(ask, ask.account), shown_as="")


def _create_bucket(ask: Ask) -> Iterator[Check]:
    """No bucket policy counts: the bucket is not there yet, or is somebody's."""
    params = ask.params
    configuration = params.get("CreateBucketConfiguration") or {}
    arn = f"arn:aws:s3:::{params['Bucket']}"
    base = request_keys(ask, ask.account)
    tags: Tags | None = tuple((tag["Key"], tag["Value"]) for tag in configuration.get("Tags", ())) or None
    keys = {**base, **header_keys(ask, CREATE_BUCKET_HEADERS)}
    if configuration.get("LocationConstraint"):
        keys["s3:locationconstraint"] = configuration["LocationConstraint"]
    yield Check("s3:CreateBucket", arn, keys, request_tags=tags)
    if tags is not None:
        yield Check("s3:TagResource", arn, base, request_tags=tags)
    if params.get("ACL", "private") != "private" or any(member in params for member in _GRANT_MEMBERS):
        yield Check("s3:PutBucketAcl", arn, {**base, **header_keys(ask, ("x-amz-acl", *GRANTS))})
    if "ObjectOwnership" in params:
        yield Check("s3:PutBucketOwnershipControls", arn, base)
    if params.get("ObjectLockEnabledForBucket"):
        yield Check("s3:PutBucketObjectLockConfiguration", arn, base)
        yield Check("s3:PutBucketVersioning", arn, base)


def _get_bucket_location(ask: Ask) -> Iterator[Check]:
    """Whoever asks where a bucket is need not know it."""
    yield find(ask, any_region=True).check("s3:GetBucketLocation")


def _list_objects(ask: Ask) -> Iterator[Check]:
    yield find(ask).check("s3:ListBucket", list_keys(ask.params))


def _put_bucket_acl(ask: Ask) -> Iterator[Check]:
    yield find(ask).check("s3:PutBucketAcl", header_keys(ask, ("x-amz-acl", *GRANTS)))


def _on_policy(action: str) -> Checks:
    def checks(ask: Ask) -> Iterator[Check]:
        yield find(ask).policy_check(action)

    return checks


BUCKET_CHECKS: Final[Mapping[str, Checks]] = {
    "CreateBucket": _create_bucket,
    "DeleteBucket": on_bucket("s3:DeleteBucket"),
    "DeleteBucketPolicy": _on_policy("s3:DeleteBucketPolicy"),
    "DeleteBucketTagging": on_bucket("s3:PutBucketTagging"),
    "DeletePublicAccessBlock": on_bucket("s3:PutBucketPublicAccessBlock"),
    "GetBucketAbac": on_bucket("s3:GetBucketAbac"),
    "GetBucketAccelerateConfiguration": on_bucket("s3:GetAccelerateConfiguration"),
    "GetBucketAcl": on_bucket("s3:GetBucketAcl"),
    "GetBucketAnalyticsConfiguration": on_bucket("s3:GetAnalyticsConfiguration"),
    "GetBucketCors": on_bucket("s3:GetBucketCORS"),
    "GetBucketEncryption": on_bucket("s3:GetEncryptionConfiguration"),
    "GetBucketIntelligentTieringConfiguration": on_bucket("s3:GetIntelligentTieringConfiguration"),
    "GetBucketInventoryConfiguration": on_bucket("s3:GetInventoryConfiguration"),
    "GetBucketLifecycleConfiguration": on_bucket("s3:GetLifecycleConfiguration"),
    "GetBucketLocation": _get_bucket_location,
    "GetBucketLogging": on_bucket("s3:GetBucketLogging"),
    "GetBucketMetadataConfiguration": on_bucket("s3:GetBucketMetadataTableConfiguration"),
    "GetBucketMetadataTableConfiguration": on_bucket("s3:GetBucketMetadataTableConfiguration"),
    "GetBucketMetricsConfiguration": on_bucket("s3:GetMetricsConfiguration"),
    "GetBucketNotificationConfiguration": on_bucket("s3:GetBucketNotification"),
    "GetBucketOwnershipControls": on_bucket("s3:GetBucketOwnershipControls"),
    "GetBucketPolicy": _on_policy("s3:GetBucketPolicy"),
    "GetBucketPolicyStatus": on_bucket("s3:GetBucketPolicyStatus"),
    "GetBucketReplication": on_bucket("s3:GetReplicationConfiguration"),
    "GetBucketRequestPayment": on_bucket("s3:GetBucketRequestPayment"),
    "GetBucketTagging": on_bucket("s3:GetBucketTagging"),
    "GetBucketVersioning": on_bucket("s3:GetBucketVersioning"),
    "GetBucketWebsite": on_bucket("s3:GetBucketWebsite"),
    "GetObjectLockConfiguration": on_bucket("s3:GetBucketObjectLockConfiguration"),
    "GetPublicAccessBlock": on_bucket("s3:GetBucketPublicAccessBlock"),
    "HeadBucket": on_bucket("s3:ListBucket"),
    "ListBucketAnalyticsConfigurations": on_bucket("s3:GetAnalyticsConfiguration"),
    "ListBucketIntelligentTieringConfigurations": on_bucket("s3:GetIntelligentTieringConfiguration"),
    "ListBucketInventoryConfigurations": on_bucket("s3:GetInventoryConfiguration"),
    "ListBucketMetricsConfigurations": on_bucket("s3:GetMetricsConfiguration"),
    "ListBuckets": _list_buckets,
    "ListObjects": _list_objects,
    "ListObjectsV2": _list_objects,
    "PutBucketAcl": _put_bucket_acl,
    "PutBucketPolicy": _on_policy("s3:PutBucketPolicy"),
    "PutBucketTagging": on_bucket("s3:PutBucketTagging"),
    "PutPublicAccessBlock": on_bucket("s3:PutBucketPublicAccessBlock"),
}
