"""What an upload says about its object beside the bytes: system headers and user metadata.

S3 User Guide, "Working with object metadata"; PutObject in the API Reference.
"""

from collections.abc import Mapping
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.services.s3 import errors
from iamd.services.s3.names import QUOTAS

DEFAULT_TYPE: Final = "binary/octet-stream"
STORAGE_CLASSES: Final = frozenset(
    {"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY"}
)
"""Those whose objects can be read at once."""

_KEPT: Final = (
    "CacheControl",
    "ContentDisposition",
    "ContentLanguage",
    "ContentType",
    "WebsiteRedirectLocation",
)
_UNBUILT: Final = {
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    "SSECustomerKey": "x-amz-server-side-encryption-customer-key",
    "SSECustomerKeyMD5": "x-amz-server-side-encryption-customer-key-MD5",
    "CopySourceSSECustomerAlgorithm": "x-amz-copy-source-server-side-encryption-customer-algorithm",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
    "WriteOffsetBytes": "x-amz-write-offset-bytes",
}
_LOCKS: Final = (
    "ObjectLockMode",
    "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus",
    "ObjectLockEventHold",
    "ObjectLockEventHoldDurationDays",
    "ObjectLockEventHoldDurationYears",
)
_GRANTS: Final = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def check_features(request: Mapping[str, Any]) -> None:
    """Refuse what the bucket or this server does not offer: nothing that changes meaning is passed over."""
    for member, header in _UNBUILT.items():
        if member in request:
            raise errors.not_implemented(header)
    if request.get("ServerSideEncryption", "AES256") != "AES256":
        raise errors.not_implemented("x-amz-server-side-encryption")
    if request.get("StorageClass", "STANDARD") not in STORAGE_CLASSES:
        raise errors.not_implemented("x-amz-storage-class")
    if any(member in request for member in _LOCKS):
        raise errors.invalid_request("Bucket is missing Object Lock Configuration")
    if request.get("ACL", "bucket-owner-full-control") != "bucket-owner-full-control" or has_grants(request):
        raise acls_disabled()


def has_grants(request: Mapping[str, Any]) -> bool:
    return any(member in request for member in _GRANTS)


def acls_disabled() -> AwsError:
    return AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")


def object_members(request: Mapping[str, Any], http: HttpRequest) -> dict[str, Any]:
    """The response members that the object will carry."""
    members: dict[str, Any] = {name: request[name] for name in _KEPT if request.get(name) is not None}
    members["ContentType"] = members.get("ContentType") or DEFAULT_TYPE
    if request.get("StorageClass", "STANDARD") != "STANDARD":
        members["StorageClass"] = request["StorageClass"]
    encoding = _stored_encoding(request.get("ContentEncoding"))
    if encoding:
        members["ContentEncoding"] = encoding
    expires = http.header(b"expires")
    if expires is not None:
        members["Expires"] = expires
    metadata = request.get("Metadata") or {}
    _check_metadata(metadata)
    if metadata:
        members["Metadata"] = dict(metadata)
    return members


def _stored_encoding(text: str | None) -> str:
    """`aws-chunked` says how the request was sent, and is not part of the object."""
    codings = (coding.strip() for coding in (text or "").split(","))
    return ",".join(coding for coding in codings if coding and coding != "aws-chunked")


def _check_metadata(metadata: Mapping[str, str]) -> None:
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > QUOTAS.user_metadata:
        raise AwsError(
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            members={"Size": str(size), "MaxSizeAllowed": str(QUOTAS.user_metadata)},
        )
