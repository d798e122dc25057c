"""A request that breaks the model's constraints is answered in AWS's words."""

from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.wire.service import load_service

ONE = "1 validation error detected: "
FAILED = "failed to satisfy constraint: "


def fault(operation: str, params: dict[str, Any], service: str = "iam") -> str:
    with pytest.raises(AwsError) as caught:
        load_service(service).operation(operation).validate(params)
    assert (caught.value.code, caught.value.status) == ("ValidationError", 400)
    return caught.value.message


def test_a_valid_request_passes() -> None:
    load_service("iam").operation("CreateUser").validate({"UserName": "bob", "Tags": [{"Key": "é", "Value": ""}]})


def test_a_missing_member_is_null() -> None:
    assert fault("CreateUser", {}) == f"{ONE}Value null at 'userName' {FAILED}Member must not be null"


def test_a_pattern_is_shown_as_the_model_has_it() -> None:
    words = r"Member must satisfy regular expression pattern: [\w]+"
    key_id = "A" * 15 + " "
    got = fault("GetAccessKeyLastUsed", {"AccessKeyId": key_id})
    assert got == f"{ONE}Value '{key_id}' at 'accessKeyId' {FAILED}{words}"


def test_several_faults_are_counted_and_joined() -> None:
    message = fault("CreateAccountAlias", {"AccountAlias": ""})
    assert message.startswith("2 validation errors detected: Value '' at 'accountAlias' failed")
    assert message.count("; Value '' at 'accountAlias' failed") == 1
    assert "Member must have length greater than or equal to 3" in message


def test_a_name_too_long_is_told_its_limit() -> None:
    name = "x" * 129
    words = "Member must have length less than or equal to 128"
    assert fault("GetUser", {"UserName": name}) == f"{ONE}Value '{name}' at 'userName' {FAILED}{words}"


def test_an_enum_lists_its_values() -> None:
    params = {"AccessKeyId": "A" * 20, "Status": "Gone"}
    message = fault("UpdateAccessKey", params)
    assert message.startswith(f"{ONE}Value 'Gone' at 'status' {FAILED}Member must satisfy enum value set: [")
    assert "Active" in message


def test_a_number_has_its_range() -> None:
    words = "Member must have value less than or equal to 1000"
    assert fault("ListUsers", {"MaxItems": 1001}) == f"{ONE}Value '1001' at 'maxItems' {FAILED}{words}"
    assert "greater than or equal to 1" in fault("ListUsers", {"MaxItems": 0})


def test_a_member_of_a_list_of_structures_has_its_place() -> None:
    params = {"UserName": "b", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "*"}, {"Key": "c"}]}
    message = fault("TagUser", params)
    assert "Value '*' at 'tags.2.member.value' failed" in message
    assert "Value null at 'tags.3.member.value' failed to satisfy constraint: Member must not be null" in message


def test_a_list_of_scalars_is_one_value() -> None:
    params = {"PolicySourceArn": "a" * 20, "ActionNames": ["s3:GetObject", "x"]}
    message = fault("SimulatePrincipalPolicy", params)
    assert (
        "Value '[s3:GetObject, x]' at 'actionNames' failed to satisfy constraint: Member must satisfy constraint: ["
        in message
    )


@pytest.mark.parametrize("password", ["", "p\x00"])
def test_a_secret_is_never_echoed(password: str) -> None:
    message = fault("CreateLoginProfile", {"UserName": "bob", "Password": password or "\x01"})
    assert "Value at 'password' failed to satisfy constraint" in message
    assert "\x00" not in message
    assert "\x01" not in message


def test_a_token_of_sts_is_never_echoed() -> None:
    params = {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s1", "WebIdentityToken": "x"}
    message = fault("AssumeRoleWithWebIdentity", params, "sts")
    assert message == f"{ONE}Value at 'webIdentityToken' {FAILED}Member must have length greater than or equal to 4"


S3_FAULTS = [
    ("DeleteObjects", {"Bucket": "b"}, "MissingRequestBodyError"),
    ("DeleteObjects", {"Bucket": "b", "Delete": {}}, "MalformedXML"),
    ("PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "On"}}, "MalformedXML"),
    ("PutBucketTagging", {"Bucket": "b", "Tagging": {"TagSet": [{"Key": "k"}]}}, "MalformedXML"),
    ("PutObject", {"Bucket": "b", "Key": "k", "StorageClass": "COLD"}, "InvalidStorageClass"),
    ("PutObject", {"Bucket": "b", "Key": "k", "ACL": "mine"}, "InvalidArgument"),
    ("ListObjectsV2", {"Bucket": "b", "EncodingType": "x"}, "InvalidArgument"),
    ("GetObjectAttributes", {"Bucket": "b", "Key": "k"}, "InvalidRequest"),
    ("GetObjectAttributes", {"Bucket": "b", "Key": "k", "ObjectAttributes": ["ETag", "x"]}, "InvalidArgument"),
    ("GetBucketAnalyticsConfiguration", {"Bucket": "b"}, "InvalidArgument"),
]


@pytest.mark.parametrize(("operation", "params", "code"), S3_FAULTS)
def test_s3_checks_in_its_own_words(operation: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as caught:
        load_service("s3").operation(operation).validate(params)
    assert (caught.value.code, caught.value.status) == (code, 400)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("CreateBucket", {"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "mars-north-1"}}),
        ("PutObject", {"Bucket": "b", "Key": "k" * 2000, "ACL": "private"}),
        ("DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}]}}),
    ],
)
def test_s3_takes_what_only_the_model_would_refuse(operation: str, params: dict[str, Any]) -> None:
    spec = load_service("s3").operation(operation)
    spec.validate(params)
    assert spec.redact(params)["bucketName"] == "b"


def test_no_more_than_ten_faults_are_told() -> None:
    tags = [{"Key": "", "Value": "x"} for _ in range(1000)]
    message = fault("CreateUser", {"UserName": "bob", "Tags": tags})
    assert message.startswith("10 validation errors detected: ")
    assert message.count(FAILED) == 10


def test_what_is_very_long_is_cut() -> None:
    message = fault("CreateUser", {"UserName": "a" * 1_000_000})
    assert len(message) < 10_000
    assert "aaa...' at 'userName'" in message


def test_bytes_are_shown_by_their_number() -> None:
    with pytest.raises(AwsError) as caught:
        load_service("kms").operation("Encrypt").validate({"KeyId": "k", "Plaintext": b""})
    assert "at 'plaintext' failed" in caught.value.message
    with pytest.raises(AwsError) as caught:
        load_service("kms").operation("Verify").validate({"KeyId": "k", "Message": b"m", "Signature": b""})
    assert "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'signature'" in caught.value.message
