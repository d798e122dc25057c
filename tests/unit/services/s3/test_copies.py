"""Copies: they share bytes, carry what they should, and read with the reader's rights."""

from base64 import b64encode
from typing import Any

import pytest

from tests.unit.services.s3.s3_lab import S3Lab


def test_a_copy_shares_the_immutable_blob(bucket: S3Lab) -> None:
    body = b"0123456789" * 10_000
    bucket.put("a", body)
    answer = bucket("PUT", "/bucket/b", x_amz_copy_source="/bucket/a")
    assert answer.status == 200
    assert answer.all("ETag") == [bucket("HEAD", "/bucket/a").headers["etag"].replace('"', "&quot;")]
    assert len(bucket.blobs.blobs) == 1
    bucket("DELETE", "/bucket/a")
    assert bucket("GET", "/bucket/b").body == body
    assert [use.key for use in bucket.state.blob_uses.page("key")] == [b"b"]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("bucket/a%20b", "a b"),
        ("bucket/a+b", "a b"),
        ("bucket/a%2Bb", "a+b"),
        ("/bucket/a%3FversionId%3Dx", "a?versionId=x"),
        ("bucket/../x", "../x"),
        ("bucket//x", "/x"),
        ("bucket/%C3%BC", "ü"),
        ("bucket/a?versionId=null", "a"),
    ],
)
def test_the_source_is_decoded_once_and_never_a_path(bucket: S3Lab, source: str, key: str) -> None:
    bucket.put(key, b"there")
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source=source).status == 200
    assert bucket.asked[0].resource == f"arn:aws:s3:::bucket/{key}"
    assert bucket("GET", "/bucket/copy").body == b"there"


@pytest.mark.parametrize("source", ["bucket", "bucket/", "/", "bucket/%zz", "bucket/%ff"])
def test_a_source_that_names_nothing_is_refused(bucket: S3Lab, source: str) -> None:
    answer = bucket("PUT", "/bucket/copy", x_amz_copy_source=source)
    assert (answer.status, answer.fault) == (400, "InvalidArgument")


def test_missing_sources(bucket: S3Lab) -> None:
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/none").fault == "NoSuchKey"
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="nobucket/a").fault == "NoSuchBucket"
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/none?versionId=x").fault == "NoSuchKey"


def test_metadata_is_copied_or_replaced(bucket: S3Lab) -> None:
    bucket.put("a", content_type="text/plain", x_amz_meta_a="1", x_amz_storage_class="STANDARD_IA", x_amz_tagging="t=1")
    bucket("PUT", "/bucket/b", x_amz_copy_source="bucket/a", content_type="ignored/ignored")
    copied = bucket("HEAD", "/bucket/b").headers
    assert (copied["content-type"], copied["x-amz-meta-a"], copied["x-amz-tagging-count"]) == ("text/plain", "1", "1")
    assert "x-amz-storage-class" not in copied
    bucket(
        "PUT",
        "/bucket/c",
        x_amz_copy_source="bucket/a",
        x_amz_metadata_directive="REPLACE",
        x_amz_meta_b="2",
        x_amz_tagging_directive="REPLACE",
    )
    replaced = bucket("HEAD", "/bucket/c").headers
    assert (replaced["content-type"], replaced["x-amz-meta-b"]) == ("binary/octet-stream", "2")
    assert not {"x-amz-meta-a", "x-amz-tagging-count"} & replaced.keys()


def test_a_copy_to_itself_must_change_something(bucket: S3Lab) -> None:
    bucket.put("a", x_amz_meta_a="1")
    answer = bucket("PUT", "/bucket/a", x_amz_copy_source="bucket/a")
    assert (answer.status, answer.fault) == (400, "InvalidRequest")
    assert answer.told.startswith("This copy request is illegal because it is trying to copy an object to itself")
    assert bucket("PUT", "/bucket/a", x_amz_copy_source="bucket/a", x_amz_metadata_directive="REPLACE").status == 200
    assert "x-amz-meta-a" not in bucket("HEAD", "/bucket/a").headers
    assert bucket("PUT", "/bucket/a", x_amz_copy_source="bucket/a", x_amz_storage_class="GLACIER_IR").status == 200


OLD, NEW = "Sun, 01 Mar 2026 11:00:00 GMT", "Sun, 01 Mar 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_match": "x"}, 412),
        ({"if_match": "*"}, 200),
        ({"if_none_match": "*"}, 412),
        ({"if_none_match": "x"}, 200),
        ({"if_modified_since": NEW}, 412),
        ({"if_modified_since": OLD}, 200),
        ({"if_unmodified_since": OLD}, 412),
        ({"if_match": "*", "if_unmodified_since": OLD}, 200),
        ({"if_none_match": "*", "if_modified_since": OLD}, 412),
    ],
)
def test_conditions_on_the_source(bucket: S3Lab, headers: dict[str, Any], status: int) -> None:
    bucket.put("a")
    conditions: dict[str, Any] = {f"x_amz_copy_source_{name}": value for name, value in headers.items()}
    assert bucket("PUT", "/bucket/b", x_amz_copy_source="bucket/a", **conditions).status == status


def test_checksums_go_along_and_small_objects_get_others(bucket: S3Lab) -> None:
    bucket.put("a", b"123456789")
    same = bucket("PUT", "/bucket/b", x_amz_copy_source="bucket/a")
    assert same.all("ChecksumCRC64NVME")
    other = bucket("PUT", "/bucket/c", x_amz_copy_source="bucket/a", x_amz_checksum_algorithm="SHA1")
    assert other.all("ChecksumSHA1") == [b64encode(bytes.fromhex("f7c3bc1d808e04732adf679965ccc34ca7ae3441")).decode()]
