"""S3's errors, with its codes, messages and further members.

Amazon S3 API Reference, "Error responses"; messages marked ~ are inferred.
"""

from iamd.model.errors import AwsError
from iamd.stores.ports.buckets import Bucket


def no_such_bucket(name: str) -> AwsError:
    return AwsError("NoSuchBucket", "The specified bucket does not exist", 404, members={"BucketName": name})


def invalid_bucket_name(name: str) -> AwsError:
    return AwsError("InvalidBucketName", "The specified bucket is not valid.", members={"BucketName": name})


def no_such_key(key: str) -> AwsError:
    return AwsError("NoSuchKey", "The specified key does not exist.", 404, members={"Key": key})


def no_such_version(key: str, version: str) -> AwsError:
    return AwsError(
        "NoSuchVersion", "The specified version does not exist.", 404, members={"Key": key, "VersionId": version}
    )


def invalid_argument(message: str, name: str, value: str) -> AwsError:
    return AwsError("InvalidArgument", message, members={"ArgumentName": name, "ArgumentValue": value})


def invalid_request(message: str) -> AwsError:
    return AwsError("InvalidRequest", message)


def not_implemented(header: str) -> AwsError:
    """A header whose feature is not built: refused, never passed over."""
    return AwsError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented.",
        501,
        members={"Header": header},
    )


def precondition_failed(condition: str) -> AwsError:
    return AwsError(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        412,
        members={"Condition": condition},
    )


def malformed_xml() -> AwsError:
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", message)


def malformed_policy(message: str) -> AwsError:
    return AwsError("MalformedPolicy", message)


def method_not_allowed(method: str, resource_type: str) -> AwsError:
    return AwsError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        405,
        members={"Method": method, "ResourceType": resource_type},
    )


def operation_aborted() -> AwsError:
    """The bucket or the object is not what it was when the call was authorized."""
    return AwsError(
        "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please try again.",
        409,
    )


def wrong_region(bucket: Bucket, region: str, *, presigned: bool) -> AwsError:
    """The request was signed for another region than the bucket's; SDKs sign anew for the one that is named."""
    detail = f"the region '{region}' is wrong; expecting '{bucket.region}'"
    if presigned:
        code, message = "AuthorizationQueryParametersError", f"Error parsing the X-Amz-Credential parameter; {detail}"
    else:
        code, message = "AuthorizationHeaderMalformed", f"The authorization header is malformed; {detail}"
    return AwsError(code, message, members={"Region": bucket.region}, headers={"x-amz-bucket-region": bucket.region})
