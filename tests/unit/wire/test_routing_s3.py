"""Which operation of S3 a request is: deterministic, and never one that the client did not mean."""

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service

COPY = [(b"x-amz-copy-source", b"b/k")]


def routed(
    method: str, target: bytes, headers: list[tuple[bytes, bytes]] | None = None, bucket: str | None = None
) -> str:
    path, _, query = target.partition(b"?")
    return load_service("s3").route(HttpRequest(method, path, query, headers or [], bucket=bucket)).name


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("GET", b"/", "ListBuckets"),
        ("GET", b"/b", "ListObjects"),
        ("GET", b"/b/", "ListObjects"),
        ("GET", b"/b?list-type=2", "ListObjectsV2"),
        ("GET", b"/b?list-type=1", "ListObjects"),
        ("GET", b"/b?prefix=a&delimiter=/", "ListObjects"),
        ("GET", b"/b/?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", b"/b?location", "GetBucketLocation"),
        ("GET", b"/b?location=", "GetBucketLocation"),
        ("GET", b"/b?%6cocation", "GetBucketLocation"),
        ("GET", b"/b//", "GetObject"),
        ("GET", b"/b/k?x-id=DeleteObject", "GetObject"),
        ("GET", b"/b/k?X-Amz-Algorithm=x&X-Amz-Signature=y&X-Amz-Expires=1", "GetObject"),
        ("GET", b"/b/k?Action=DeleteObject", "GetObject"),
        ("GET", b"/b/k?versionId=1&partNumber=2", "GetObject"),
        ("GET", b"/b/k?uploadId=1", "ListParts"),
        ("GET", b"/b?analytics", "ListBucketAnalyticsConfigurations"),
        ("GET", b"/b?analytics&id=1", "GetBucketAnalyticsConfiguration"),
        ("HEAD", b"/b/k", "HeadObject"),
        ("HEAD", b"/b", "HeadBucket"),
        ("PUT", b"/b", "CreateBucket"),
        ("PUT", b"/b/k", "PutObject"),
        ("PUT", b"/b/k?partNumber=1&uploadId=2", "UploadPart"),
        ("PUT", b"/b/k?acl", "PutObjectAcl"),
        ("POST", b"/b?delete", "DeleteObjects"),
        ("POST", b"/b/k?uploads", "CreateMultipartUpload"),
        ("POST", b"/b/k?uploadId=1", "CompleteMultipartUpload"),
        ("DELETE", b"/b/k?uploadId=1", "AbortMultipartUpload"),
        ("DELETE", b"/b/k?versionId=1", "DeleteObject"),
        ("POST", b"/b/k?select&select-type=2", "SelectObjectContent"),
    ],
)
def test_a_request_is_its_operation(method: str, target: bytes, operation: str) -> None:
    assert routed(method, target) == operation


def test_a_copy_source_makes_a_put_a_copy() -> None:
    assert routed("PUT", b"/b/k", COPY) == "CopyObject"
    assert routed("PUT", b"/b/k?partNumber=1&uploadId=2", COPY) == "UploadPartCopy"


def test_a_host_that_names_the_bucket_leaves_the_key_in_the_path() -> None:
    assert routed("GET", b"/", bucket="b") == "ListObjects"
    assert routed("GET", b"/k/l", bucket="b") == "GetObject"
    assert routed("GET", b"//", bucket="b") == "GetObject"
    assert routed("DELETE", b"/", bucket="b") == "DeleteBucket"


@pytest.mark.parametrize(
    ("method", "target", "code", "status"),
    [
        ("PATCH", b"/b/k", "MethodNotAllowed", 405),
        ("DELETE", b"/", "MethodNotAllowed", 405),
        ("HEAD", b"/", "MethodNotAllowed", 405),
        ("POST", b"/b/k", "MethodNotAllowed", 405),
        ("POST", b"/b", "MethodNotAllowed", 405),
        ("GET", b"/b?delete", "MethodNotAllowed", 405),
        ("GET", b"/b/k?policy", "MethodNotAllowed", 405),
        ("DELETE", b"/b?acl", "MethodNotAllowed", 405),
        ("GET", b"/b?acl&policy", "InvalidArgument", 400),
        ("PUT", b"/b/k?tagging&acl", "InvalidArgument", 400),
        ("PUT", b"/b/k?uploadId=1", "InvalidArgument", 400),
        ("POST", b"/b/k?uploads&uploadId=1", "InvalidArgument", 400),
        ("PUT", b"/b/k?acl&uploadId=1&partNumber=1", "InvalidArgument", 400),
        ("PUT", b"/b/k?partNumber=1", "InvalidArgument", 400),
        ("GET", b"//k", "InvalidURI", 400),
        ("GET", b"b/k", "InvalidURI", 400),
        ("GET", b"*", "InvalidURI", 400),
        ("OPTIONS", b"/b/k", "BadRequest", 400),
    ],
)
def test_what_is_no_operation_is_refused(method: str, target: bytes, code: str, status: int) -> None:
    with pytest.raises(AwsError) as caught:
        routed(method, target)
    assert (caught.value.code, caught.value.status) == (code, status)


def test_a_preflight_is_forbidden_while_no_bucket_has_cors() -> None:
    with pytest.raises(AwsError) as caught:
        routed("OPTIONS", b"/b/k", [(b"origin", b"http://x")])
    assert (caught.value.code, caught.value.status) == ("AccessForbidden", 403)


def test_an_upload_by_a_form_is_not_built() -> None:
    with pytest.raises(AwsError) as caught:
        routed("POST", b"/b", [(b"content-type", b"multipart/form-data; boundary=x")])
    assert (caught.value.code, caught.value.status) == ("NotImplemented", 501)


def test_s3control_refuses_two_accounts() -> None:
    headers = [(b"host", b"111111111111.localhost"), (b"x-amz-account-id", b"222222222222")]
    request = HttpRequest("GET", b"/v20180820/jobs", b"", headers)
    with pytest.raises(AwsError) as caught:
        load_service("s3control").route(request)
    assert caught.value.code == "InvalidRequest"


def test_s3control_does_not_know_every_path() -> None:
    with pytest.raises(AwsError) as caught:
        load_service("s3control").route(HttpRequest("GET", b"/v20180820/nothing"))
    assert caught.value.status == 405
