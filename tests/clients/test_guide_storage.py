"""S3 as people use it, by boto3 and the aws CLI (issue 4, point 8): what test_s3.py does not walk already."""

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.httpsession import URLLib3Session

from tests.clients.server import Iamd
from tests.clients.test_guide_people import works
from tests.clients.test_iam_identities import fault

ODD: Final = ("a//b", "../x", "./", "a/../../b", "😀/ü", " ", "+&=?#%", "é" * 512, "\u2028", "a\tb\nc", "<x>&amp;")


@pytest.fixture
def s3(iamd: Iamd) -> Any:
    """The administrator's client, and a bucket named `bucket`."""
    client = iamd.client("s3")
    client.create_bucket(Bucket="bucket")
    return client


def allow(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}


def fetch(url: str) -> tuple[int, bytes]:
    session = URLLib3Session()
    answer = session.send(AWSRequest("GET", url).prepare())
    session.close()
    return answer.status_code, answer.content


def test_g4_1_the_cli_syncs_and_presigns(iamd: Iamd, s3: Any, tmp_path: Path) -> None:
    for name, content in (("a.txt", b"1"), ("dir/ü 😀.bin", os.urandom(70_000))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    synced = iamd.cli("s3", "sync", str(tmp_path), "s3://bucket/copy")
    assert (synced.returncode, synced.stderr) == (0, "")
    listed = s3.list_objects_v2(Bucket="bucket")["Contents"]
    assert [(each["Key"], each["Size"]) for each in listed] == [("copy/a.txt", 1), ("copy/dir/ü 😀.bin", 70_000)]
    url = iamd.cli("s3", "presign", "s3://bucket/copy/a.txt").stdout.strip()
    assert fetch(url) == (200, b"1")
    assert fetch(url.partition("?")[0])[0] == 403


@pytest.mark.parametrize("style", ["virtual", "path"])
def test_both_styles_of_addressing(iamd: Iamd, s3: Any, monkeypatch: pytest.MonkeyPatch, style: str) -> None:
    """A resolver may not know `bucket.localhost`, so the name is looked up here."""
    usual, hosts = socket.getaddrinfo, []

    def look_up(host: str, *more: Any, **named: Any) -> Any:
        hosts.append(host)
        return usual("127.0.0.1", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    client = boto3.client(
        "s3",
        endpoint_url=f"http://localhost:{urlsplit(iamd.endpoint).port}",
        region_name="us-east-1",
        aws_access_key_id=iamd.key.access_key,
        aws_secret_access_key=iamd.key.secret_key,
        config=Config(s3={"addressing_style": style}, retries={"total_max_attempts": 1}),
    )
    for key in ODD:
        client.put_object(Bucket="bucket", Key=key, Body=key.encode())
        assert client.get_object(Bucket="bucket", Key=key)["Body"].read() == key.encode()
    paginator = client.get_paginator("list_objects_v2").paginate(Bucket="bucket", PaginationConfig={"PageSize": 3})
    listed = [each["Key"] for page in paginator for each in page["Contents"]]
    assert listed == sorted(ODD, key=str.encode)
    del s3
    # One connection a style, kept.
    assert set(hosts) == {"bucket.localhost" if style == "virtual" else "localhost"}


@pytest.mark.parametrize("encoding", ["url", None])
def test_listings_of_both_versions_page_fold_and_encode(s3: Any, encoding: str | None) -> None:
    keys = ["a", "b/1", "b/2", "c d/ü", "c d/+", "e"]
    for key in keys:
        s3.put_object(Bucket="bucket", Key=key, Body=b"")
    more = {"EncodingType": encoding} if encoding else {}
    # boto3 decodes a listing only where it asked for the encoding itself.
    shown = {"c d/": "c%20d/" if encoding == "url" else "c d/"}
    for version in (1, 2):
        call = s3.list_objects if version == 1 else s3.list_objects_v2
        found: list[str] = []
        token: dict[str, str] = {}
        for _ in range(len(keys)):
            page = call(Bucket="bucket", Delimiter="/", MaxKeys=1, **token, **more)
            found += [each["Key"] for each in page.get("Contents", [])]
            found += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
            if not page["IsTruncated"]:
                break
            token = (
                {"Marker": page["NextMarker"].replace("%20", " ")}
                if version == 1
                else {"ContinuationToken": page["NextContinuationToken"]}
            )
        assert [name.replace("+d", "%20d") for name in found] == ["a", "b/", shown["c d/"], "e"]
    below = s3.list_objects_v2(Bucket="bucket", Prefix="b/", StartAfter="b/1", FetchOwner=True)
    assert [(each["Key"], "Owner" in each) for each in below["Contents"]] == [("b/2", True)]
    assert fault(s3.list_objects_v2, Bucket="bucket", ContinuationToken="nonsense")[::2] == ("InvalidArgument", 400)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", "0-0"),
        ("bytes=0-", "0-9"),
        ("bytes=-3", "7-9"),
        ("bytes=-100", "0-9"),
        ("bytes=5-100", "5-9"),
        ("bytes=10-", "InvalidRange"),
        ("bytes=-0", "InvalidRange"),
        ("bytes=5-4", None),
        ("lines=0-1", None),
    ],
)
def test_ranges(s3: Any, asked: str, part: str | None) -> None:
    body = b"0123456789"
    s3.put_object(Bucket="bucket", Key="k", Body=body)
    if part == "InvalidRange":
        assert fault(s3.get_object, Bucket="bucket", Key="k", Range=asked)[::2] == ("InvalidRange", 416)
        return
    got = s3.get_object(Bucket="bucket", Key="k", Range=asked)
    if part is None:
        assert (got["ResponseMetadata"]["HTTPStatusCode"], got["Body"].read()) == (200, body)
    else:
        first, last = map(int, part.split("-"))
        assert got["ContentRange"] == f"bytes {part}/10"
        assert (got["ResponseMetadata"]["HTTPStatusCode"], got["Body"].read()) == (206, body[first : last + 1])


def test_conditional_reads(s3: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"x")["ETag"]
    now = datetime.now(UTC)
    past, future = now - timedelta(hours=1), now + timedelta(hours=1)
    for conditions, code in (
        ({"IfMatch": etag}, ""),
        ({"IfMatch": '"other"'}, "PreconditionFailed"),
        ({"IfNoneMatch": etag}, "304"),
        ({"IfNoneMatch": '"other"'}, ""),
        ({"IfModifiedSince": past}, ""),
        ({"IfModifiedSince": now + timedelta(seconds=1)}, "304"),
        ({"IfUnmodifiedSince": past}, "PreconditionFailed"),
        ({"IfUnmodifiedSince": future}, ""),
        # S3 documents which of two wins.
        ({"IfMatch": etag, "IfUnmodifiedSince": past}, ""),
        ({"IfNoneMatch": etag, "IfModifiedSince": past}, "304"),
    ):
        read = {"Bucket": "bucket", "Key": "k", **conditions}
        assert works(lambda read=read: s3.get_object(**read)) == code, conditions
        bare = {"PreconditionFailed": "412"}.get(code, code)
        assert works(lambda read=read: s3.head_object(**read)) == bare, conditions


def test_metadata_and_system_headers_come_back_and_are_copied(s3: Any) -> None:
    system = {
        "CacheControl": "max-age=60",
        "ContentDisposition": "attachment; filename=u.txt",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentType": "text/plain; charset=utf-8",
        "Metadata": {"who": "me", "with-dash": "1"},
    }
    s3.put_object(Bucket="bucket", Key="k", Body=b"x", **system)
    s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/k")
    for key in ("k", "copy"):
        head = s3.head_object(Bucket="bucket", Key=key)
        assert {name: head[name] for name in system} == system
    s3.copy_object(Bucket="bucket", Key="k", CopySource="bucket/k", MetadataDirective="REPLACE", Metadata={"new": "1"})
    assert s3.head_object(Bucket="bucket", Key="k")["Metadata"] == {"new": "1"}
    assert fault(s3.copy_object, Bucket="bucket", Key="k", CopySource="bucket/k")[::2] == ("InvalidRequest", 400)
    answer = s3.get_object(Bucket="bucket", Key="copy", ResponseContentType="text/html", ResponseCacheControl="no")
    assert (answer["ContentType"], answer["CacheControl"], answer["Body"].read()) == ("text/html", "no", b"x")


def test_a_thousand_are_deleted_each_by_its_own_right(iamd: Iamd, s3: Any) -> None:
    key = iamd.user("alice", allow({"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::bucket/mine/*"}))
    for name in ("mine/1", "theirs/1"):
        s3.put_object(Bucket="bucket", Key=name, Body=b"")
    names = [f"mine/{number}" for number in range(999)] + ["theirs/1"]
    wanted = {"Objects": [{"Key": name} for name in names]}
    answer = iamd.client("s3", key).delete_objects(Bucket="bucket", Delete=wanted)
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("theirs/1", "AccessDenied")]
    assert len(answer["Deleted"]) == 999
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="bucket")["Contents"]] == ["theirs/1"]
    many = {"Objects": [{"Key": str(number)} for number in range(1001)]}
    assert fault(s3.delete_objects, Bucket="bucket", Delete=many)[::2] == ("MalformedXML", 400)


def test_a_copy_needs_both_sides(iamd: Iamd, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="from/k", Body=b"x")
    read = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/from/*"}
    write = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/to/*"}
    for number, (statements, code) in enumerate(
        (([read, write], ""), ([read], "AccessDenied"), ([write], "AccessDenied"))
    ):
        client = iamd.client("s3", iamd.user(f"u{number}", allow(*statements)))
        copy = {"Bucket": "bucket", "Key": "to/k", "CopySource": "bucket/from/k"}
        assert works(lambda client=client, copy=copy: client.copy_object(**copy)) == code


def test_a_missing_key_is_told_only_to_who_may_list(iamd: Iamd, s3: Any) -> None:
    read = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    blind = iamd.client("s3", iamd.user("blind", allow(read)))
    seeing = iamd.client(
        "s3", iamd.user("seeing", allow(read, {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket"}))
    )
    assert fault(seeing.get_object, Bucket="bucket", Key="none")[::2] == ("NoSuchKey", 404)
    assert fault(blind.get_object, Bucket="bucket", Key="none")[::2] == ("AccessDenied", 403)
    assert fault(seeing.head_object, Bucket="bucket", Key="none")[::2] == ("404", 404)
    assert fault(blind.head_object, Bucket="bucket", Key="none")[::2] == ("403", 403)
    del s3


def test_a_bucket_policy_and_the_users_own_are_decided_together(iamd: Iamd, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    alice = iamd.client("s3", iamd.user("alice"))
    arn = f"arn:aws:iam::{iamd.account}:user/alice"
    grant = {"Principal": {"AWS": arn}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    read = {"Bucket": "bucket", "Key": "k"}
    assert fault(alice.get_object, **read)[0] == "AccessDenied"
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(allow(grant)))
    assert alice.get_object(**read)["Body"].read() == b"x"
    denied = allow(grant, {**grant, "Effect": "Deny"})
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(denied))
    assert "with an explicit deny in a resource-based policy" in fault(alice.get_object, **read)[1]
    s3.delete_bucket_policy(Bucket="bucket")
    assert fault(alice.get_object, **read)[0] == "AccessDenied"
    for wrong in ("arn:aws:s3:::other/*", "*"):
        document = json.dumps(allow({**grant, "Resource": wrong}))
        assert fault(s3.put_bucket_policy, Bucket="bucket", Policy=document)[::2] == ("MalformedPolicy", 400)


def test_policy_conditions_see_the_request(iamd: Iamd, s3: Any) -> None:
    """Prefix, way of signing and its version: facts of the request that a policy may rest on."""
    statements = (
        {
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::bucket",
            "Condition": {"StringLike": {"s3:prefix": "home/${aws:username}/*"}},
        },
        {
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::bucket/*",
            "Condition": {
                "StringEquals": {"s3:authType": "REST-QUERY-STRING", "s3:signatureversion": "AWS4-HMAC-SHA256"}
            },
        },
    )
    key = iamd.user("alice", allow(*statements))
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    alice = iamd.client("s3", key)
    alice.list_objects_v2(Bucket="bucket", Prefix="home/alice/")
    assert fault(alice.list_objects_v2, Bucket="bucket", Prefix="home/bob/")[0] == "AccessDenied"
    assert fault(alice.list_objects_v2, Bucket="bucket")[0] == "AccessDenied"
    assert fault(alice.get_object, Bucket="bucket", Key="k")[0] == "AccessDenied"
    for version, status in (("s3v4", 200), ("s3", 403)):
        client = iamd.client("s3", key, signature_version=version)
        url = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})
        assert fetch(url)[0] == status


NEVER_SET: Final = {
    "GetBucketAbac": "",
    "GetBucketAccelerateConfiguration": "",
    "GetBucketAcl": "",
    "GetBucketCors": "NoSuchCORSConfiguration",
    "GetBucketEncryption": "",
    "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "GetBucketLocation": "",
    "GetBucketLogging": "",
    "GetBucketNotificationConfiguration": "",
    "GetBucketOwnershipControls": "",
    "GetBucketPolicy": "NoSuchBucketPolicy",
    "GetBucketPolicyStatus": "NoSuchBucketPolicy",
    "GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "GetBucketRequestPayment": "",
    "GetBucketTagging": "NoSuchTagSet",
    "GetBucketVersioning": "",
    "GetBucketWebsite": "NoSuchWebsiteConfiguration",
    "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "GetPublicAccessBlock": "",
}


def test_every_setting_of_a_new_bucket_can_be_asked_for(s3: Any) -> None:
    got = {name: works(lambda name=name: s3._make_api_call(name, {"Bucket": "bucket"})) for name in NEVER_SET}
    assert got == NEVER_SET
    assert all(s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"].values())
    rules = s3.get_bucket_ownership_controls(Bucket="bucket")["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_buckets_are_made_found_and_removed(iamd: Iamd, s3: Any) -> None:
    europe, there = iamd.client("s3", region="eu-west-1"), {"LocationConstraint": "eu-west-1"}
    again = fault(europe.create_bucket, Bucket="bucket", CreateBucketConfiguration=there)
    assert again[::2] == ("BucketAlreadyOwnedByYou", 409)
    s3.head_bucket(Bucket="bucket")
    assert fault(s3.head_bucket, Bucket="nobodys")[::2] == ("404", 404)
    s3.put_object(Bucket="bucket", Key="k", Body=b"")
    assert fault(s3.delete_bucket, Bucket="bucket")[::2] == ("BucketNotEmpty", 409)
    s3.delete_object(Bucket="bucket", Key="k")
    s3.delete_object(Bucket="bucket", Key="k")
    s3.delete_bucket(Bucket="bucket")
    assert fault(s3.delete_bucket, Bucket="bucket")[::2] == ("NoSuchBucket", 404)
    assert s3.list_buckets()["Buckets"] == []
