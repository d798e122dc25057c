"""Objects: stored, read in whole and in part, conditionally, deleted."""

from base64 import b64encode
from datetime import timedelta
from hashlib import md5
from typing import Any
from zlib import crc32

import pytest

from iamd.kernel.body import INLINE_LIMIT
from tests.unit.services.s3.s3_lab import NOBODY, S3Lab, statement

ABC = "900150983cd24fb0d6963f7d28e17f72"


@pytest.mark.parametrize("key", ["a//b", "../x", "a/../b", "ü😀", "nul\0", "a b+c%", "x" * 1024, "/", "."])
def test_keys_are_opaque(bucket: S3Lab, key: str) -> None:
    bucket.put(key, b"abc")
    assert bucket("GET", f"/bucket/{key}").body == b"abc"
    assert bucket.state.objects.page("key", bucket.state.buckets.get("bucket").id)[0].key == key.encode()  # type: ignore[union-attr]


def test_a_key_over_1024_bytes_is_refused(bucket: S3Lab) -> None:
    answer = bucket("PUT", "/bucket/" + "ü" * 513)
    assert (answer.status, answer.fault, answer.told) == (400, "KeyTooLongError", "Your key is too long")
    assert (answer.headers["Size"], answer.headers["MaxSizeAllowed"]) == ("1026", "1024")


@pytest.mark.parametrize("size", [0, 1, INLINE_LIMIT, INLINE_LIMIT + 1, 3_000_001])
def test_small_objects_lie_in_the_row_and_large_ones_in_a_blob(bucket: S3Lab, size: int) -> None:
    body = bytes(i % 251 for i in range(size))
    answer = bucket.put("k", body)
    assert answer.headers["etag"] == f'"{md5(body, usedforsecurity=False).hexdigest()}"'
    assert len(bucket.blobs.blobs) == len(bucket.state.blob_uses.page("key")) == (size > INLINE_LIMIT)
    read = bucket("GET", "/bucket/k")
    assert (read.body, read.headers["content-length"], read.status) == (body, str(size), 200)
    assert bucket("HEAD", "/bucket/k").headers == read.headers


def test_what_an_object_says_of_itself(bucket: S3Lab) -> None:
    bucket.put(
        "k",
        b"3\r\nabc\r\n0\r\n\r\n",
        x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        x_amz_decoded_content_length="3",
        content_type="text/plain",
        cache_control="no-cache",
        content_disposition="inline",
        content_encoding="gzip,aws-chunked",
        content_language="de",
        expires="whenever",
        x_amz_meta_color="red",
        x_amz_website_redirect_location="/other",
        x_amz_storage_class="STANDARD_IA",
    )
    headers = bucket("HEAD", "/bucket/k").headers
    expected = {
        "content-type": "text/plain",
        "cache-control": "no-cache",
        "content-disposition": "inline",
        "content-encoding": "gzip",
        "content-language": "de",
        "expires": "whenever",
        "x-amz-meta-color": "red",
        "x-amz-website-redirect-location": "/other",
        "x-amz-storage-class": "STANDARD_IA",
        "x-amz-server-side-encryption": "AES256",
        "accept-ranges": "bytes",
        "etag": f'"{ABC}"',
        "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT",
    }
    assert {name: headers[name] for name in expected} == expected
    assert bucket("GET", "/bucket").all("StorageClass") == ["STANDARD_IA"]


def test_defaults(bucket: S3Lab) -> None:
    bucket.put("k")
    headers = bucket("GET", "/bucket/k").headers
    assert headers["content-type"] == "binary/octet-stream"
    assert not {"x-amz-storage-class", "x-amz-version-id", "content-encoding", "content-range"} & headers.keys()


def test_user_metadata_is_limited(bucket: S3Lab) -> None:
    assert bucket("PUT", "/bucket/k", x_amz_meta_a="x" * 2047).status == 200
    answer = bucket("PUT", "/bucket/k", x_amz_meta_a="x" * 2048)
    assert (answer.status, answer.fault, answer.headers["Size"]) == (400, "MetadataTooLarge", "2049")


RANGES = [
    ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
    ("bytes=3-", 206, b"3456789", "bytes 3-9/10"),
    ("bytes=-3", 206, b"789", "bytes 7-9/10"),
    ("bytes=-100", 206, b"0123456789", "bytes 0-9/10"),
    ("bytes=9-100", 206, b"9", "bytes 9-9/10"),
    ("bytes=0-9", 206, b"0123456789", "bytes 0-9/10"),
    ("bytes=5-4", 200, b"0123456789", None),
    ("bytes=0-1,3-4", 200, b"0123456789", None),
    ("bytes=-", 200, b"0123456789", None),
    ("lines=0-1", 200, b"0123456789", None),
    ("bytes=10-", 416, b"", None),
    ("bytes=-0", 416, b"", None),
]


@pytest.mark.parametrize(("asked", "status", "body", "content_range"), RANGES)
def test_ranges(bucket: S3Lab, asked: str, status: int, body: bytes, content_range: str | None) -> None:
    bucket.put("k", b"0123456789")
    answer = bucket("GET", "/bucket/k", range=asked)
    assert (answer.status, answer.body) == (status, body)
    if status == 416:
        assert (answer.fault, answer.headers["ActualObjectSize"]) == ("InvalidRange", "10")
    else:
        assert answer.headers.get("content-range") == content_range


def test_no_range_of_an_empty_object_can_be_satisfied(bucket: S3Lab) -> None:
    bucket.put("k", b"")
    assert bucket("GET", "/bucket/k", range="bytes=0-").status == 416
    assert bucket("GET", "/bucket/k", range="bytes=-1").status == 416


def test_a_range_of_a_blob(bucket: S3Lab) -> None:
    bucket.put("k", b"0123456789" * 100_000)
    assert bucket("GET", "/bucket/k", range="bytes=999998-1000003").body == b"89"
    assert bucket("GET", "/bucket/k", range="bytes=-4").body == b"6789"


def test_an_object_is_its_own_first_part(bucket: S3Lab) -> None:
    bucket.put("k", b"0123456789")
    part = bucket("GET", "/bucket/k", "partNumber=1")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"0123456789", "bytes 0-9/10")
    assert bucket("GET", "/bucket/k", "partNumber=2").fault == "InvalidPartNumber"
    assert bucket("GET", "/bucket/k", "partNumber=0").fault == "InvalidArgument"
    assert bucket("GET", "/bucket/k", "partNumber=1", range="bytes=0-1").fault == "InvalidRequest"


OLD, EXACT, NEW = "Sun, 01 Mar 2026 11:59:59 GMT", "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:01 GMT"
CONDITIONS: list[tuple[dict[str, Any], int]] = [
    ({"if_match": f'"{ABC}"'}, 200),
    ({"if_match": ABC}, 200),
    ({"if_match": "*"}, 200),
    ({"if_match": f'"x", "{ABC}"'}, 200),
    ({"if_match": '"x"'}, 412),
    ({"if_none_match": f'"{ABC}"'}, 304),
    ({"if_none_match": "*"}, 304),
    ({"if_none_match": '"x"'}, 200),
    ({"if_modified_since": OLD}, 200),
    ({"if_modified_since": EXACT}, 304),
    ({"if_modified_since": NEW}, 304),
    ({"if_unmodified_since": OLD}, 412),
    ({"if_unmodified_since": EXACT}, 200),
    ({"if_unmodified_since": NEW}, 200),
    ({"if_match": ABC, "if_unmodified_since": OLD}, 200),
    ({"if_match": "x", "if_unmodified_since": NEW}, 412),
    ({"if_none_match": ABC, "if_modified_since": OLD}, 304),
    ({"if_none_match": "x", "if_modified_since": NEW}, 200),
    ({"if_modified_since": "no date"}, 200),
]


@pytest.mark.parametrize(("headers", "status"), CONDITIONS)
def test_conditional_reads(bucket: S3Lab, headers: dict[str, Any], status: int) -> None:
    bucket.put("k", b"abc")
    for method in ("GET", "HEAD"):
        answer = bucket(method, "/bucket/k", **headers)
        assert answer.status == status
        if status == 304:
            assert (answer.body, answer.headers["etag"]) == (b"", f'"{ABC}"')


def test_a_moment_within_the_second_is_not_newer(bucket: S3Lab) -> None:
    bucket.now += timedelta(milliseconds=900)
    bucket.put("k", b"abc")
    assert bucket("GET", "/bucket/k", if_modified_since=EXACT).status == 304
    assert bucket("GET", "/bucket/k", if_unmodified_since=EXACT).status == 200


def test_conditional_writes(bucket: S3Lab) -> None:
    assert bucket("PUT", "/bucket/k", body=b"abc", if_match=ABC).fault == "NoSuchKey"
    assert bucket("PUT", "/bucket/k", body=b"abc", if_none_match="*").status == 200
    answer = bucket("PUT", "/bucket/k", body=b"new", if_none_match="*")
    assert (answer.status, answer.fault, answer.headers["Condition"]) == (412, "PreconditionFailed", "If-None-Match")
    assert bucket("PUT", "/bucket/k", body=b"new", if_match="wrong").status == 412
    assert bucket("PUT", "/bucket/k", body=b"new", if_none_match=ABC).status == 501
    assert bucket("GET", "/bucket/k").body == b"abc"
    assert bucket("PUT", "/bucket/k", body=b"new", if_match=f'"{ABC}"').status == 200
    assert bucket("GET", "/bucket/k").body == b"new"


def test_checksums_are_returned_when_asked_for(bucket: S3Lab) -> None:
    value = b64encode(crc32(b"abc").to_bytes(4, "big")).decode()
    assert bucket.put("k", b"abc", x_amz_checksum_crc32=value).headers["x-amz-checksum-crc32"] == value
    assert "x-amz-checksum-crc32" not in bucket("GET", "/bucket/k").headers
    asked = bucket("GET", "/bucket/k", x_amz_checksum_mode="ENABLED").headers
    assert (asked["x-amz-checksum-crc32"], asked["x-amz-checksum-type"]) == (value, "FULL_OBJECT")
    part = bucket("GET", "/bucket/k", x_amz_checksum_mode="ENABLED", range="bytes=0-0").headers
    assert "x-amz-checksum-crc32" not in part
    assert bucket("GET", "/bucket").all("ChecksumAlgorithm") == ["CRC32"]


def test_an_upload_without_a_checksum_gets_s3s_own(bucket: S3Lab) -> None:
    assert (
        bucket.put("k", b"123456789").headers["x-amz-checksum-crc64nvme"]
        == b64encode(bytes.fromhex("ae8b14860a799888")).decode()
    )


def test_response_headers_are_chosen_by_known_callers_only(bucket: S3Lab) -> None:
    bucket.put("k")
    query = {"response-content-type": "text/html", "response-cache-control": "no-store"}
    headers = bucket("GET", "/bucket/k", query).headers
    assert (headers["content-type"], headers["cache-control"]) == ("text/html", "no-store")
    bucket("DELETE", "/bucket", "publicAccessBlock")
    assert bucket.set_policy(statement("s3:GetObject")).status == 204
    assert bucket("GET", "/bucket/k", by=NOBODY).status == 200
    answer = bucket("GET", "/bucket/k", query, by=NOBODY)
    assert (answer.status, answer.fault) == (400, "InvalidRequest")


def test_versions(bucket: S3Lab) -> None:
    bucket.put("k")
    assert bucket("GET", "/bucket/k", "versionId=null").status == 200
    assert bucket("GET", "/bucket/k", "versionId=" + "x" * 32).fault == "NoSuchVersion"
    assert bucket("GET", "/bucket/k", "versionId=").fault == "InvalidArgument"
    assert bucket("DELETE", "/bucket/k", "versionId=" + "x" * 32).fault == "NoSuchVersion"
    assert bucket("DELETE", "/bucket/k", "versionId=null").headers["x-amz-version-id"] == "null"
    assert bucket("GET", "/bucket/k").fault == "NoSuchKey"


def test_deleting_is_idempotent_and_may_be_conditional(bucket: S3Lab) -> None:
    bucket.put("k", b"abc")
    assert bucket("DELETE", "/bucket/k", if_match="x").status == 412
    assert bucket("DELETE", "/bucket/k", if_match=f'"{ABC}"').status == 204
    assert bucket("DELETE", "/bucket/k").status == 204


def test_replaced_and_deleted_objects_use_their_blobs_no_more(bucket: S3Lab) -> None:
    bucket.put("k", b"a" * 100_000)
    bucket.put("k", b"b" * 100_000)
    assert len(bucket.state.blob_uses.page("key")) == 1
    bucket("DELETE", "/bucket/k")
    assert bucket.state.blob_uses.page("key") == []


@pytest.mark.parametrize(
    ("header", "value", "status", "fault"),
    [
        ("x_amz_server_side_encryption", "AES256", 200, ""),
        ("x_amz_server_side_encryption", "aws:kms", 501, "NotImplemented"),
        ("x_amz_server_side_encryption_customer_algorithm", "AES256", 501, "NotImplemented"),
        ("x_amz_storage_class", "GLACIER", 501, "NotImplemented"),
        ("x_amz_storage_class", "NONE", 400, "InvalidStorageClass"),
        ("x_amz_acl", "bucket-owner-full-control", 200, ""),
        ("x_amz_acl", "public-read", 400, "AccessControlListNotSupported"),
        ("x_amz_grant_read", 'id="x"', 400, "AccessControlListNotSupported"),
        ("x_amz_object_lock_legal_hold", "ON", 400, "InvalidRequest"),
    ],
)
def test_a_header_that_changes_meaning_is_never_passed_over(
    bucket: S3Lab, header: str, value: str, status: int, fault: str
) -> None:
    headers: dict[str, Any] = {header: value}
    answer = bucket("PUT", "/bucket/k", **headers)
    assert (answer.status, answer.fault) == (status, fault)


def test_attributes(bucket: S3Lab) -> None:
    bucket.put("k", b"abc")
    answer = bucket("GET", "/bucket/k", "attributes", x_amz_object_attributes="ETag,ObjectSize,StorageClass,Checksum")
    assert (answer.all("ETag"), answer.all("ObjectSize")) == ([ABC], ["3"])
    assert (answer.all("StorageClass"), answer.all("ChecksumType")) == (["STANDARD"], ["FULL_OBJECT"])


def test_acls_of_objects(bucket: S3Lab) -> None:
    bucket.put("k")
    assert bucket("GET", "/bucket/k", "acl").all("Permission") == ["FULL_CONTROL"]
    assert bucket("PUT", "/bucket/k", "acl", x_amz_acl="private").fault == "AccessControlListNotSupported"
    assert bucket("PUT", "/bucket/k", "acl", x_amz_acl="bucket-owner-full-control").status == 200
    assert bucket("GET", "/bucket/k", "retention").told == "Bucket is missing Object Lock Configuration"
