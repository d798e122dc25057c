"""Answers: shapes on the wire that clients other than botocore rely on, and nothing that breaks out of a header."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from iamd.model.blob import BlobRef, BlobSlice, Extent
from iamd.model.errors import AwsError
from iamd.model.http import HttpResponse
from iamd.wire.service import load_service

MOMENT = datetime(2026, 11, 5, 15, 4, 9, 123_999, tzinfo=UTC)


def answer(service: str, operation: str, result: dict[str, Any]) -> HttpResponse:
    return load_service(service).operation(operation).serialize(result, request_id="r-1", host_id="h-1")


def headers(response: HttpResponse) -> dict[str, str]:
    assert len({name for name, _ in response.headers}) == len(response.headers)
    return {name.decode(): value.decode() for name, value in response.headers}


def test_iams_answer_is_exactly_this() -> None:
    response = answer("iam", "GetUser", {"User": {"UserName": "a&<b>", "CreateDate": MOMENT, "Tags": []}})
    assert response.body == (
        b'<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User>'
        b"<UserName>a&amp;&lt;b&gt;</UserName><CreateDate>2026-11-05T15:04:09Z</CreateDate><Tags></Tags></User>"
        b"</GetUserResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetUserResponse>"
    )
    assert headers(response) == {"x-amzn-requestid": "r-1", "content-type": "text/xml"}


def test_an_operation_without_result_has_only_metadata() -> None:
    assert answer("iam", "DeleteUser", {}).body == (
        b'<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>'
        b"<RequestId>r-1</RequestId></ResponseMetadata></DeleteUserResponse>"
    )


def test_s3_lists_have_their_root_their_dates_and_flat_members() -> None:
    moment = MOMENT.astimezone(timezone(timedelta(hours=5)))
    result = {"Name": "b", "Contents": [{"Key": "k\x01\r", "LastModified": moment, "Size": 3}], "IsTruncated": False}
    assert answer("s3", "ListObjectsV2", result).body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        b"<IsTruncated>false</IsTruncated><Contents><Key>k&#x1;&#xd;</Key>"
        b"<LastModified>2026-11-05T15:04:09.123Z</LastModified><Size>3</Size></Contents><Name>b</Name>"
        b"</ListBucketResult>"
    )


ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListParts": "ListPartsResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketTagging": "Tagging",
    "GetObjectAttributes": "GetObjectAttributesResponse",
}


@pytest.mark.parametrize(("operation", "root"), ROOTS.items())
def test_s3s_roots_are_those_of_its_reference(operation: str, root: str) -> None:
    body = answer("s3", operation, {}).body
    assert isinstance(body, bytes)
    assert f"<{root} xmlns=".encode() in body


@pytest.mark.parametrize(
    ("operation", "result", "root"),
    [
        ("CopyObject", {"CopyObjectResult": {"ETag": '"e"'}}, b"<CopyObjectResult "),
        ("UploadPartCopy", {"CopyPartResult": {}}, b"<CopyPartResult "),
        ("GetPublicAccessBlock", {"PublicAccessBlockConfiguration": {}}, b"<PublicAccessBlockConfiguration "),
        ("GetBucketPolicyStatus", {"PolicyStatus": {"IsPublic": True}}, b"<PolicyStatus "),
        ("GetObjectRetention", {"Retention": {}}, b"<Retention "),
    ],
)
def test_a_payload_is_the_root(operation: str, result: dict[str, Any], root: bytes) -> None:
    body = answer("s3", operation, result).body
    assert isinstance(body, bytes)
    assert root in body


def test_a_grantee_declares_the_namespace_of_its_type() -> None:
    grant = {"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "READ"}
    body = answer("s3", "GetBucketAcl", {"Grants": [grant]}).body
    assert isinstance(body, bytes)
    assert (
        b'<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>1</ID></Grantee>'
    ) in body


def test_a_stream_is_the_body_and_a_range_is_partial() -> None:
    blob = BlobSlice(BlobRef(9, (Extent(9, "x"),), {}), 2, 3)
    whole = answer("s3", "GetObject", {"Body": blob, "ContentLength": 3, "LastModified": MOMENT})
    assert whole.status == 200
    assert whole.body is blob
    assert headers(whole)["last-modified"] == "Thu, 05 Nov 2026 15:04:09 GMT"
    assert headers(whole)["content-length"] == "3"
    assert answer("s3", "GetObject", {"Body": blob, "ContentRange": "bytes 2-4/9"}).status == 206


def test_a_policy_is_json_text() -> None:
    response = answer("s3", "GetBucketPolicy", {"Policy": '{"é":1}'})
    assert (response.body, headers(response)["content-type"]) == ('{"é":1}'.encode(), "application/json")


def test_statuses_are_the_models_and_the_answer_is_empty_then() -> None:
    response = answer("s3", "DeleteObject", {"VersionId": "1"})
    assert (response.status, response.body, headers(response)["x-amz-version-id"]) == (204, b"", "1")
    assert answer("s3", "PutBucketPolicy", {}).status == 204
    assert answer("s3", "PutObject", {"ETag": '"e"'}).body == b""


def test_no_header_can_be_ended_early() -> None:
    metadata = {"a": "x\r\nset-cookie: 1", "b": "é漢"}
    response = answer(
        "s3", "GetObject", {"ContentDisposition": "a\r\nb\x00\x7f", "Metadata": metadata, "Expires": "0\n"}
    )
    seen = headers(response)
    assert seen["content-disposition"] == "a  b  "
    assert seen["x-amz-meta-a"] == "x  set-cookie: 1"
    assert seen["x-amz-meta-b"] == "=?UTF-8?B?w6nmvKI=?="
    assert seen["expires"] == "0 "
    assert not any(b"\r" in value or b"\n" in value for _, value in response.headers)


def test_a_header_beyond_latin_1_is_encoded() -> None:
    response = answer("s3", "GetObject", {"ContentDisposition": "漢"})
    assert (b"content-disposition", b"=?UTF-8?B?5ryi?=") in response.headers


def test_an_answer_that_is_an_event_stream_is_not_built() -> None:
    with pytest.raises(AwsError) as caught:
        answer("s3", "SelectObjectContent", {"Payload": {}})
    assert caught.value.status == 501


def failed(service: str, error: AwsError) -> HttpResponse:
    return load_service(service).serialize_error(error, request_id="r-1", host_id="h-1", resource="/b")


def test_an_error_of_s3_is_exactly_this() -> None:
    error = AwsError(
        "NoSuchBucket", "Gone <x>", 404, members={"BucketName": "b"}, headers={"X-Amz-Bucket-Region": "eu"}
    )
    response = failed("s3", error)
    assert response.body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>Gone &lt;x&gt;</Message>'
        b"<BucketName>b</BucketName><Resource>/b</Resource><RequestId>r-1</RequestId><HostId>h-1</HostId></Error>"
    )
    assert headers(response) == {
        "x-amz-request-id": "r-1",
        "x-amz-id-2": "h-1",
        "content-type": "application/xml",
        "x-amz-bucket-region": "eu",
    }


def test_an_unmodified_object_has_no_body() -> None:
    response = failed("s3", AwsError("NotModified", "Not Modified", 304, headers={"ETag": '"e"'}))
    assert (response.status, response.body, headers(response)["etag"]) == (304, b"", '"e"')


def test_an_error_of_iam_is_exactly_this() -> None:
    response = failed("iam", AwsError("NoSuchEntity", "The user with name é cannot be found.", 404))
    assert (
        response.body
        == (
            '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
            "<Code>NoSuchEntity</Code><Message>The user with name é cannot be found.</Message></Error>"
            "<RequestId>r-1</RequestId></ErrorResponse>"
        ).encode()
    )
    assert b"<Type>Receiver</Type>" in bytes(failed("iam", AwsError("ServiceFailure", "x", 500)).body)  # type: ignore[arg-type]
