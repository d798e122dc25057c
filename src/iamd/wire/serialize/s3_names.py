"""What S3 says on the wire and its model in botocore does not: root elements, namespaces, status codes.

The roots are those of the S3 API reference's response syntax (docs.aws.amazon.com/AmazonS3/latest/API).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from iamd.wire.models import Model, Shape

NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
        "s3control": "http://awss3control.amazonaws.com/doc/2018-08-20/",
    },
)

_S3_ROOTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CompleteMultipartUpload": "CompleteMultipartUploadResult",
        "CreateMultipartUpload": "InitiateMultipartUploadResult",
        "CreateSession": "CreateSessionResult",
        "DeleteObjects": "DeleteResult",
        "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
        "GetBucketAcl": "AccessControlPolicy",
        "GetBucketCors": "CORSConfiguration",
        "GetBucketLifecycle": "LifecycleConfiguration",
        "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
        "GetBucketLogging": "BucketLoggingStatus",
        "GetBucketNotification": "NotificationConfiguration",
        "GetBucketNotificationConfiguration": "NotificationConfiguration",
        "GetBucketRequestPayment": "RequestPaymentConfiguration",
        "GetBucketTagging": "Tagging",
        "GetBucketVersioning": "VersioningConfiguration",
        "GetBucketWebsite": "WebsiteConfiguration",
        "GetObjectAcl": "AccessControlPolicy",
        "GetObjectAttributes": "GetObjectAttributesResponse",
        "GetObjectLegalHold": "LegalHold",
        "GetObjectRetention": "Retention",
        "GetObjectTagging": "Tagging",
        "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
        "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
        "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
        "ListBuckets": "ListAllMyBucketsResult",
        "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
        "ListMultipartUploads": "ListMultipartUploadsResult",
        "ListObjectVersions": "ListVersionsResult",
        "ListObjects": "ListBucketResult",
        "ListObjectsV2": "ListBucketResult",
        "ListParts": "ListPartsResult",
    },
)
_S3_STATUS: Final[Mapping[str, int]] = MappingProxyType({"PutBucketPolicy": 204})


def root_name(model: Model, operation: str, shape: Shape) -> str:
    """The root element of an answer whose body is the shape."""
    known = _S3_ROOTS.get(operation) if model.name == "s3" else None
    return known or shape.location_name or shape.name


def success_status(model: Model, operation: str) -> int:
    known = _S3_STATUS.get(operation) if model.name == "s3" else None
    return known or int(model.operations[operation]["http"].get("responseCode", 200))
