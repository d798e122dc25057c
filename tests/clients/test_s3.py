"""S3 by boto3 and the aws CLI: the guide's steps, streams, presigned URLs, pages."""

import hashlib
import json
import os
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from tests.clients.server import Iamd

FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@pytest.fixture
def s3(iamd: Iamd) -> Any:
    """The administrator's client, and a bucket named `bucket`."""
    client = iamd.client("s3")
    client.create_bucket(Bucket="bucket")
    return client


def code(error: ClientError) -> tuple[str, int]:
    return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("size", [0, 1024, 5 * 1024**2])
def test_g4_2_upload_file_and_download_file(iamd: Iamd, s3: Any, tmp_path: Path, size: int) -> None:
    alice = iamd.client("s3", iamd.user("alice", FULL))
    source, target = tmp_path / "local_file.txt", tmp_path / "copy.txt"
    source.write_bytes(os.urandom(size))
    alice.upload_file(str(source), "bucket", "file.txt")
    alice.download_file("bucket", "file.txt", str(target))
    assert target.read_bytes() == source.read_bytes()
    iamd.client("iam").delete_user_policy(UserName="alice", PolicyName="p0")
    with pytest.raises(ClientError) as caught:
        alice.get_object(Bucket="bucket", Key="file.txt")
    assert code(caught.value) == ("AccessDenied", 403)
    del s3


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums_of_the_sdk(s3: Any, algorithm: str) -> None:
    body = os.urandom(100_000)
    put = s3.put_object(Bucket="bucket", Key="k", Body=body, ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket="bucket", Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == body
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]


@pytest.mark.parametrize("key", ["a//b", "../x", "ü😀 +%", "x" * 1024, "nul\x00key", "/lead", "."])
def test_keys_survive_the_sdk(s3: Any, key: str) -> None:
    s3.put_object(Bucket="bucket", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == key.encode()
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="bucket")["Contents"]] == [key]
    s3.copy_object(Bucket="bucket", Key="copy", CopySource={"Bucket": "bucket", "Key": key})
    assert s3.get_object(Bucket="bucket", Key="copy")["Body"].read() == key.encode()
    s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "copy"}]})
    s3.delete_object(Bucket="bucket", Key=key)
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_a_range_of_a_large_object(s3: Any) -> None:
    body = os.urandom(3_000_000)
    etag = s3.put_object(Bucket="bucket", Key="k", Body=body)["ETag"]
    assert etag == f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    part = s3.get_object(Bucket="bucket", Key="k", Range="bytes=1000000-2999998")
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert part["ContentRange"] == "bytes 1000000-2999998/3000000"
    assert part["Body"].read() == body[1_000_000:2_999_999]
    assert s3.head_object(Bucket="bucket", Key="k")["ContentLength"] == 3_000_000


def test_conditions_by_the_sdk(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket="bucket", Key="k", IfNoneMatch="*")
    assert code(caught.value) == ("304", 304)
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket="bucket", Key="k", Body=b"y", IfNoneMatch="*")
    assert code(caught.value) == ("PreconditionFailed", 412)
    with pytest.raises(ClientError) as caught:
        s3.head_object(Bucket="bucket", Key="none")
    assert code(caught.value) == ("404", 404)


def test_pages(s3: Any) -> None:
    for number in range(7):
        s3.put_object(Bucket="bucket", Key=f"{number % 2}/{number}")
    paginator = s3.get_paginator("list_objects_v2")
    pages = list(paginator.paginate(Bucket="bucket", PaginationConfig={"PageSize": 3}))
    assert [len(page["Contents"]) for page in pages] == [3, 3, 1]
    folders = list(paginator.paginate(Bucket="bucket", Delimiter="/", PaginationConfig={"PageSize": 1}))
    assert [page["CommonPrefixes"] for page in folders] == [[{"Prefix": "0/"}], [{"Prefix": "1/"}]]
    old = list(s3.get_paginator("list_objects").paginate(Bucket="bucket", PaginationConfig={"PageSize": 2}))
    assert sum(len(page["Contents"]) for page in old) == 7


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls(iamd: Iamd, s3: Any, version: str) -> None:
    s3.put_object(Bucket="bucket", Key="a b", Body=b"hello")
    client = iamd.client("s3", signature_version=version)
    url = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "a b"}, ExpiresIn=60)
    status, body = fetch(url)
    assert (status, body) == (200, b"hello")
    put = client.generate_presigned_url("put_object", {"Bucket": "bucket", "Key": "new"}, ExpiresIn=60)
    assert fetch(put, "PUT", b"by url")[0] == 200
    assert s3.get_object(Bucket="bucket", Key="new")["Body"].read() == b"by url"
    assert fetch(url.replace("a%20b", "other"))[0] == 403


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    answer = URLLib3Session().send(AWSRequest(method, url, data=body).prepare())
    return answer.status_code, answer.content


def test_anonymous_access_is_by_policy_only(iamd: Iamd, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="open/a", Body=b"for all")
    url = f"{iamd.endpoint}/bucket/open/a"
    assert fetch(url)[0] == 403
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/open/*"}
        ],
    }
    with pytest.raises(ClientError, match="BlockPublicPolicy"):
        s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(policy))
    s3.delete_public_access_block(Bucket="bucket")
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(policy))
    assert fetch(url) == (200, b"for all")
    assert fetch(f"{iamd.endpoint}/bucket/other")[0] == 403
    assert fetch(f"{iamd.endpoint}/bucket")[0] == 403
    s3.put_public_access_block(
        Bucket="bucket", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True, "BlockPublicPolicy": True}
    )
    assert fetch(url)[0] == 403


def test_buckets_in_other_regions_are_found_by_the_sdk(iamd: Iamd) -> None:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="europe", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="europe", Key="k", Body=b"x")
    assert s3.get_bucket_location(Bucket="europe")["LocationConstraint"] == "eu-west-1"
    assert iamd.client("s3", region="eu-west-1").get_object(Bucket="europe", Key="k")["Body"].read() == b"x"


def signed(iamd: Iamd, method: str, url: str, payload: str, **headers: str) -> tuple[AWSRequest, S3SigV4Auth]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, url, headers={"x-amz-content-sha256": payload, **named})
    signer = S3SigV4Auth(iamd.key, "s3", iamd.region)
    request.context["payload_signing_enabled"] = False
    signer.payload = lambda _: payload
    signer.add_auth(request)
    return request, signer


def send(iamd: Iamd, request: AWSRequest, body: bytes = b"") -> tuple[int, bytes]:
    """To the server, whatever the URL's host is: that is what the Host header says."""
    port = int(iamd.endpoint.rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    url = urlsplit(request.url)
    connection.request(request.method, url.path, body or None, {"Host": url.netloc, **dict(request.headers.items())})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


@pytest.mark.parametrize("host", ["bucket.localhost", "bucket.s3.example.com"])
def test_virtual_host_style(iamd: Iamd, s3: Any, host: str) -> None:
    s3.put_object(Bucket="bucket", Key="dir/k", Body=b"x")
    port = iamd.endpoint.rpartition(":")[2]
    request, _ = signed(iamd, "GET", f"http://{host}:{port}/dir/k", "UNSIGNED-PAYLOAD")
    assert send(iamd, request) == (200, b"x")


@pytest.mark.parametrize("tampered", [False, True])
def test_signed_chunks(iamd: Iamd, s3: Any, *, tampered: bool) -> None:
    """As SDKs without boto's habits stream: every chunk has a signature that covers the one before."""
    pieces = [os.urandom(70_000), os.urandom(50_000), b""]
    size = sum(len(piece) for piece in pieces)
    framing = sum(len(f"{len(piece):x}") + 17 + 64 + 4 for piece in pieces)
    request, signer = signed(
        iamd,
        "PUT",
        f"{iamd.endpoint}/bucket/k",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        x_amz_decoded_content_length=str(size),
        content_length=str(size + framing),
    )
    previous = request.headers["Authorization"].rpartition("=")[2]
    scope = signer.credential_scope(request)
    body = b""
    for piece in pieces:
        hashes = [hashlib.sha256(data).hexdigest() for data in (b"", piece)]
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", request.context["timestamp"], scope, previous, *hashes])
        previous = signer.signature(text, request)
        sent = piece[:-1] + bytes([piece[-1] ^ 1]) if tampered and piece else piece
        body += b"%x;chunk-signature=%b\r\n%b\r\n" % (len(piece), previous.encode(), sent)
    status, answer = send(iamd, request, body)
    if tampered:
        assert (status, b"SignatureDoesNotMatch" in answer) == (403, True)
        assert "Contents" not in s3.list_objects_v2(Bucket="bucket")
    else:
        assert status == 200, answer
        assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"".join(pieces)


def test_a_swapped_body_is_refused_under_its_signature(iamd: Iamd, s3: Any) -> None:
    request, _ = signed(
        iamd, "PUT", f"{iamd.endpoint}/bucket/k", hashlib.sha256(b"abc").hexdigest(), content_length="3"
    )
    status, answer = send(iamd, request, b"abd")
    assert (status, b"XAmzContentSHA256Mismatch" in answer) == (400, True)
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_g4_1_the_cli_walks_through_s3(iamd: Iamd, tmp_path: Path) -> None:
    local = tmp_path / "local.txt"
    local.write_text("hello")
    begin: tuple[tuple[str, ...], ...] = (("mb", "s3://my-bucket"), ("cp", str(local), "s3://my-bucket/dir/file.txt"))
    for words in begin:
        assert iamd.cli("s3", *words).returncode == 0
    assert "dir/" in iamd.cli("s3", "ls", "s3://my-bucket").stdout
    assert iamd.cli("s3", "cp", "s3://my-bucket/dir/file.txt", "-").stdout == "hello"
    moves: tuple[tuple[tuple[str, ...], list[str]], ...] = (
        (("mv", "s3://my-bucket/dir/file.txt", "s3://my-bucket/other/moved.txt"), ["other/moved.txt"]),
        (("mv", str(local), "s3://my-bucket/dir/again.txt"), ["dir/again.txt", "other/moved.txt"]),
        (("cp", "--recursive", "s3://my-bucket/other", "s3://my-bucket/dir"),
         ["dir/again.txt", "dir/moved.txt", "other/moved.txt"]),
        (("rm", "--recursive", "s3://my-bucket/dir"), ["other/moved.txt"]),
        (("rm", "s3://my-bucket/other/moved.txt"), []),
    )  # fmt: skip
    for words, keys in moves:
        done = iamd.cli("s3", *words)
        assert (done.returncode, done.stderr) == (0, "")
        listed = iamd.cli("s3", "ls", "--recursive", "s3://my-bucket").stdout
        assert [line.split()[-1] for line in listed.splitlines()] == keys
    assert not local.exists()
    assert iamd.cli("s3", "rb", "--force", "s3://my-bucket").returncode == 0
    assert iamd.cli("s3", "ls").stdout == ""
