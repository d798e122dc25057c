"""Settings of a bucket that cannot be set here yet: each answers as for a bucket where nobody ever set it.

Codes and messages: S3 API Reference, the page of each operation; messages marked ~ are inferred.
"""

from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.services.s3 import api
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.service import service


def _never_set(ctx: Context, code: str, message: str) -> AwsError:
    return AwsError(code, message, 404, members={"BucketName": the_bucket(ctx).name})


@service.operation
def get_bucket_abac(ctx: Context, _request: api.GetBucketAbacRequest) -> api.GetBucketAbacResponse:
    """Tags of the bucket do not decide."""
    the_bucket(ctx)
    return {"AbacStatus": {"Status": "Disabled"}}


@service.operation
def get_bucket_accelerate_configuration(
    ctx: Context, _request: api.GetBucketAccelerateConfigurationRequest
) -> api.GetBucketAccelerateConfigurationResponse:
    """Never enabled: no status."""
    the_bucket(ctx)
    return {}


@service.operation
def get_bucket_analytics_configuration(
    ctx: Context, _request: api.GetBucketAnalyticsConfigurationRequest
) -> api.GetBucketAnalyticsConfigurationResponse:
    """None."""
    raise _no_configuration(ctx)


@service.operation
def get_bucket_cors(ctx: Context, _request: api.GetBucketCorsRequest) -> api.GetBucketCorsResponse:
    """None."""
    raise _never_set(ctx, "NoSuchCORSConfiguration", "The CORS configuration does not exist")


@service.operation
def get_bucket_encryption(ctx: Context, _request: api.GetBucketEncryptionRequest) -> api.GetBucketEncryptionResponse:
    """SSE-S3, as for every bucket since 2023; customer-provided keys are blocked, as for new buckets since 2026."""
    the_bucket(ctx)
    rule: api.ServerSideEncryptionRule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": False,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


@service.operation
def get_bucket_intelligent_tiering_configuration(
    ctx: Context, _request: api.GetBucketIntelligentTieringConfigurationRequest
) -> api.GetBucketIntelligentTieringConfigurationResponse:
    """None."""
    raise _no_configuration(ctx)


@service.operation
def get_bucket_inventory_configuration(
    ctx: Context, _request: api.GetBucketInventoryConfigurationRequest
) -> api.GetBucketInventoryConfigurationResponse:
    """None."""
    raise _no_configuration(ctx)


@service.operation
def get_bucket_lifecycle_configuration(
    ctx: Context, _request: api.GetBucketLifecycleConfigurationRequest
) -> api.GetBucketLifecycleConfigurationResponse:
    """None."""
    raise _never_set(ctx, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")


@service.operation
def get_bucket_logging(ctx: Context, _request: api.GetBucketLoggingRequest) -> api.GetBucketLoggingResponse:
    """Off."""
    the_bucket(ctx)
    return {}


@service.operation
def get_bucket_metadata_configuration(
    ctx: Context, _request: api.GetBucketMetadataConfigurationRequest
) -> api.GetBucketMetadataConfigurationResponse:
    """None (~ the message)."""
    raise _never_set(ctx, "MetadataConfigurationNotFound", "The metadata configuration does not exist")


@service.operation
def get_bucket_metadata_table_configuration(
    ctx: Context, _request: api.GetBucketMetadataTableConfigurationRequest
) -> api.GetBucketMetadataTableConfigurationResponse:
    """None (~ the message)."""
    raise _never_set(ctx, "MetadataConfigurationNotFound", "The metadata configuration does not exist")


@service.operation
def get_bucket_metrics_configuration(
    ctx: Context, _request: api.GetBucketMetricsConfigurationRequest
) -> api.GetBucketMetricsConfigurationResponse:
    """None."""
    raise _no_configuration(ctx)


@service.operation
def get_bucket_notification_configuration(
    ctx: Context, _request: api.GetBucketNotificationConfigurationRequest
) -> api.GetBucketNotificationConfigurationResponse:
    """Nobody is notified."""
    the_bucket(ctx)
    return {}


@service.operation
def get_bucket_ownership_controls(
    ctx: Context, _request: api.GetBucketOwnershipControlsRequest
) -> api.GetBucketOwnershipControlsResponse:
    """The owner owns every object: ACLs are disabled, as for every new bucket since 2023."""
    the_bucket(ctx)
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}


@service.operation
def get_bucket_replication(ctx: Context, _request: api.GetBucketReplicationRequest) -> api.GetBucketReplicationResponse:
    """None."""
    raise _never_set(ctx, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")


@service.operation
def get_bucket_request_payment(
    ctx: Context, _request: api.GetBucketRequestPaymentRequest
) -> api.GetBucketRequestPaymentResponse:
    """The owner pays."""
    the_bucket(ctx)
    return {"Payer": "BucketOwner"}


@service.operation
def get_bucket_tagging(ctx: Context, _request: api.GetBucketTaggingRequest) -> api.GetBucketTaggingResponse:
    """The bucket's tags; none is an error."""
    tags = the_bucket(ctx).tags
    if not tags:
        raise _never_set(ctx, "NoSuchTagSet", "The TagSet does not exist")
    return {"TagSet": [{"Key": name, "Value": value} for name, value in tags]}


@service.operation
def get_bucket_versioning(ctx: Context, _request: api.GetBucketVersioningRequest) -> api.GetBucketVersioningResponse:
    """Never enabled: no status."""
    the_bucket(ctx)
    return {}


@service.operation
def get_bucket_website(ctx: Context, _request: api.GetBucketWebsiteRequest) -> api.GetBucketWebsiteResponse:
    """None."""
    raise _never_set(ctx, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")


@service.operation
def get_object_lock_configuration(
    ctx: Context, _request: api.GetObjectLockConfigurationRequest
) -> api.GetObjectLockConfigurationResponse:
    """None."""
    raise _never_set(
        ctx,
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    )


@service.operation
def list_bucket_analytics_configurations(
    ctx: Context, _request: api.ListBucketAnalyticsConfigurationsRequest
) -> api.ListBucketAnalyticsConfigurationsResponse:
    """None."""
    the_bucket(ctx)
    return {"IsTruncated": False}


@service.operation
def list_bucket_intelligent_tiering_configurations(
    ctx: Context, _request: api.ListBucketIntelligentTieringConfigurationsRequest
) -> api.ListBucketIntelligentTieringConfigurationsResponse:
    """None."""
    the_bucket(ctx)
    return {"IsTruncated": False}


@service.operation
def list_bucket_inventory_configurations(
    ctx: Context, _request: api.ListBucketInventoryConfigurationsRequest
) -> api.ListBucketInventoryConfigurationsResponse:
    """None."""
    the_bucket(ctx)
    return {"IsTruncated": False}


@service.operation
def list_bucket_metrics_configurations(
    ctx: Context, _request: api.ListBucketMetricsConfigurationsRequest
) -> api.ListBucketMetricsConfigurationsResponse:
    """None."""
    the_bucket(ctx)
    return {"IsTruncated": False}


def _no_configuration(ctx: Context) -> AwsError:
    return _never_set(ctx, "NoSuchConfiguration", "The specified configuration does not exist.")
