"""Lesson 32: the service signed for is the service authorized and run."""

import hashlib

import pytest

from tests.clients.forging import host_of, presigned, send, signed
from tests.clients.server import Iamd

_NAMES = ("X-Amz-Credential", "X-Amz-C%72edential", "%58-Amz-Credential")


@pytest.mark.parametrize("service", ["sts", "iam", "ec2"])
@pytest.mark.parametrize("name", _NAMES)
def test_lesson_32_a_credential_for_another_service_opens_no_object(iamd: Iamd, service: str, name: str) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="key", Body=b"secret")
    query = presigned(iamd.key, "GET /bucket/key", {}, host=host_of(iamd), service=service)
    status, _, body = send(iamd, f"GET /bucket/key?{query.replace('X-Amz-Credential', name)}")
    assert status in (400, 401, 403)
    assert b"secret" not in body


def test_lesson_32_a_name_spelled_otherwise_is_refused(iamd: Iamd) -> None:
    query = presigned(iamd.key, "GET /", {}, host=host_of(iamd))
    assert send(iamd, f"GET /?{query}")[0] == 200
    status, _, body = send(iamd, f"GET /?{query.replace('X-Amz-Credential', _NAMES[1])}")
    assert status == 400
    assert b"AuthorizationQueryParametersError" in body


def test_lesson_36_chunks_that_nobody_would_verify_are_refused(iamd: Iamd) -> None:
    """A policy is no upload: its body under a marker for signed chunks would be anybody's."""
    iamd.client("s3").create_bucket(Bucket="bucket")
    opened = b'{"Version":"2012-10-17","Statement":[]}'
    for mode in ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"):
        headers = signed(iamd.key, "PUT /bucket?policy", host=host_of(iamd), payload=mode)
        status, _, body = send(iamd, "PUT /bucket?policy", headers, opened)
        assert (status, b"NotImplemented" in body) == (501, True)


def test_a_deny_on_a_region_holds_for_signatures_that_name_none(iamd: Iamd) -> None:
    west = iamd.client("s3", region="eu-west-1")
    west.create_bucket(Bucket="west", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    west.put_object(Bucket="west", Key="key", Body=b"x")
    iamd.client("s3").create_bucket(Bucket="bucket")
    iamd.client("s3").put_object(Bucket="bucket", Key="key", Body=b"x")
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": elsewhere}
    key = iamd.user("alice", {"Version": "2012-10-17", "Statement": [allow, deny]})
    client = iamd.client("s3", key, signature_version="s3")
    answers = {}
    for bucket in ("west", "bucket"):
        url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "key"})
        assert "AWSAccessKeyId=" in url
        answers[bucket] = send(iamd, f"GET {url.removeprefix(iamd.endpoint)}")[0]
    assert answers == {"west": 403, "bucket": 200}


def test_a_url_whose_body_was_signed_is_not_taken_for_unsigned(iamd: Iamd) -> None:
    iamd.client("s3").create_bucket(Bucket="bucket")
    unsigned = {"StringEquals": {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}}
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": unsigned}
    key = iamd.user("alice", {"Version": "2012-10-17", "Statement": [allow, deny]})
    digest = hashlib.sha256(b"x").hexdigest()
    whole = presigned(key, "PUT /bucket/key", {"X-Amz-Content-Sha256": digest}, host=host_of(iamd), payload=digest)
    assert send(iamd, f"PUT /bucket/key?{whole}", (), b"x")[0] == 200
    assert send(iamd, f"PUT /bucket/key?{whole}", (), b"y")[0] == 400
    loose = presigned(key, "PUT /bucket/key", {}, host=host_of(iamd))
    assert send(iamd, f"PUT /bucket/key?{loose}", (), b"x")[0] == 403
