"""Whatever comes, S3 answers with an answer or an error of AWS's: no other exception."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamd.services.s3.service import service as s3
from tests.unit.services.s3.s3_lab import S3Lab

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)
QUERY = st.sampled_from(
    [
        "acl",
        "attributes",
        "cors",
        "delete",
        "encryption",
        "list-type=2",
        "location",
        "policy",
        "policyStatus",
        "publicAccessBlock",
        "tagging",
        "versionId=null",
        "versionId=x",
        "partNumber=1",
        "uploads",
        "uploadId=x",
        "prefix=a",
        "delimiter=/",
        "max-keys=2",
        "max-keys=x",
        "marker=b",
        "continuation-token=x",
        "start-after=c",
        "encoding-type=url",
        "fetch-owner=true",
        "response-expires=x",
        "legal-hold",
    ]
)
NAMES = st.sampled_from(
    [
        "if_match",
        "if_none_match",
        "if_modified_since",
        "if_unmodified_since",
        "range",
        "content_md5",
        "content_type",
        "expires",
        "cache_control",
        "content_encoding",
        "x_amz_acl",
        "x_amz_tagging",
        "x_amz_copy_source",
        "x_amz_metadata_directive",
        "x_amz_tagging_directive",
        "x_amz_checksum_crc32",
        "x_amz_checksum_mode",
        "x_amz_sdk_checksum_algorithm",
        "x_amz_storage_class",
        "x_amz_meta_a",
        "x_amz_expected_bucket_owner",
        "x_amz_object_attributes",
        "x_amz_server_side_encryption",
        "x_amz_trailer",
        "content_length",
        "x_amz_content_sha256",
        "x_amz_decoded_content_length",
        "x_amz_object_lock_mode",
        "x_amz_website_redirect_location",
        "x_amz_copy_source_if_match",
        "x_amz_copy_source_if_modified_since",
        "x_amz_mp_object_size",
    ]
)
VALUES = st.one_of(
    HEADER,
    st.sampled_from(["*", "REPLACE", "COPY", "ENABLED", "bytes=0-1", "bucket/key", "STANDARD", "AES256", "3", "-1"]),
)


@settings(max_examples=400, deadline=None)
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE"]),
    path=st.one_of(
        st.just("/"), st.just("/bucket"), st.builds("/bucket/{}".format, TEXT), st.builds("/{}".format, TEXT)
    ),
    query=st.lists(QUERY, max_size=3, unique=True).map("&".join),
    headers=st.dictionaries(NAMES, VALUES, max_size=4),
    body=st.one_of(st.binary(max_size=40), st.sampled_from([b"<Delete/>", b"{}", b'{"Statement":[]}', b"<Tagging/>"])),
)
def test_no_request_breaks_the_server(method: str, path: str, query: str, headers: dict[str, Any], body: bytes) -> None:
    lab = S3Lab()
    lab.bucket()
    lab.put("key")
    answer = lab.try_built(method, path, query, body=body, **headers)
    assert answer is None or 200 <= answer.status < 600
    assert answer is None or answer.status != 500


@pytest.mark.parametrize("name", sorted(s3.operations))
def test_every_built_operation_denies_a_user_without_rights(name: str) -> None:
    lab = S3Lab()
    lab.bucket()
    nobody = lab.add_user("nobody")
    operation = s3.operations[name]
    params: dict[str, Any] = {"Bucket": "bucket", "Key": "key", "CopySource": "bucket/key"}
    params |= {"Delete": {"Objects": [{"Key": "key"}]}, "Tagging": {"TagSet": []}}
    if name == "CreateBucket":
        params["Bucket"] = "another"
    params |= {"UploadId": "none", "PartNumber": 1}
    if name in {"PutObject", "CopyObject", "CreateMultipartUpload"}:
        del params["Tagging"]
    assert lab.denied(operation, params, nobody)
