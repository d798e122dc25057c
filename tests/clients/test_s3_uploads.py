"""Uploads in parts, by the stock clients: whole, in any order, refused where S3 refuses, never half visible."""

import hashlib
import io
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from tests.clients.server import Iamd

MIB = 1 << 20
PARTS = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
DATA = os.urandom(12 * MIB)


@pytest.fixture
def s3(iamd: Iamd) -> Any:
    s3 = iamd.client("s3")
    s3.create_bucket(Bucket="parts")
    return s3


def begin(s3: Any, key: str = "k", **options: Any) -> str:
    upload: str = s3.create_multipart_upload(Bucket="parts", Key=key, **options)["UploadId"]
    return upload


def put(s3: Any, upload: str, number: int, body: bytes, key: str = "k") -> dict[str, Any]:
    etag = s3.upload_part(Bucket="parts", Key=key, UploadId=upload, PartNumber=number, Body=body)["ETag"]
    return {"PartNumber": number, "ETag": etag}


def complete(s3: Any, upload: str, *parts: dict[str, Any], key: str = "k") -> Any:
    wanted = {"Parts": list(parts)}
    return s3.complete_multipart_upload(Bucket="parts", Key=key, UploadId=upload, MultipartUpload=wanted)


def body(s3: Any, key: str = "k", **options: Any) -> bytes:
    content: bytes = s3.get_object(Bucket="parts", Key=key, **options)["Body"].read()
    return content


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_upload_file_in_parts_and_every_way_to_read_it(s3: Any) -> None:
    s3.upload_fileobj(io.BytesIO(DATA), "parts", "k", Config=PARTS, ExtraArgs={"Metadata": {"a": "b"}})
    head = s3.head_object(Bucket="parts", Key="k")
    pieces = [DATA[at : at + 5 * MIB] for at in range(0, len(DATA), 5 * MIB)]
    joined = hashlib.md5(b"".join(hashlib.md5(piece).digest() for piece in pieces)).hexdigest()  # noqa: S324  # an ETag
    assert (head["ETag"], head["ContentLength"], head["Metadata"]) == (f'"{joined}-3"', len(DATA), {"a": "b"})
    assert body(s3) == DATA
    assert body(s3, Range=f"bytes={5 * MIB - 3}-{5 * MIB + 3}") == DATA[5 * MIB - 3 : 5 * MIB + 4]
    assert body(s3, PartNumber=2) == pieces[1]


def test_the_cli_copies_in_parts(iamd: Iamd, s3: Any, tmp_path: Path) -> None:
    (tmp_path / "up").write_bytes(DATA)
    assert iamd.cli("s3", "cp", str(tmp_path / "up"), "s3://parts/k").returncode == 0
    assert iamd.cli("s3", "cp", "s3://parts/k", str(tmp_path / "down")).returncode == 0
    assert (tmp_path / "down").read_bytes() == DATA
    assert s3.head_object(Bucket="parts", Key="k")["ETag"].endswith('-2"')


def test_nothing_is_visible_before_it_is_complete_and_nothing_after_it_is_aborted(s3: Any) -> None:
    upload = begin(s3)
    put(s3, upload, 1, b"x")
    assert "Contents" not in s3.list_objects_v2(Bucket="parts")
    assert [each["Key"] for each in s3.list_multipart_uploads(Bucket="parts")["Uploads"]] == ["k"]
    s3.abort_multipart_upload(Bucket="parts", Key="k", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="parts")
    with refused("NoSuchUpload"):
        put(s3, upload, 2, b"y")


def test_a_part_sent_again_replaces_the_first_and_the_list_tells(s3: Any) -> None:
    upload = begin(s3)
    first = put(s3, upload, 1, b"old")
    second = put(s3, upload, 1, b"newer")
    listed = s3.list_parts(Bucket="parts", Key="k", UploadId=upload)["Parts"]
    assert [(part["PartNumber"], part["Size"], part["ETag"]) for part in listed] == [(1, 5, second["ETag"])]
    with refused("InvalidPart"):
        complete(s3, upload, first)
    complete(s3, upload, second)
    assert body(s3) == b"newer"


def test_what_does_not_fit_together_is_refused_and_the_upload_stays(s3: Any) -> None:
    upload = begin(s3)
    small, last = put(s3, upload, 1, b"x" * 100), put(s3, upload, 2, b"y")
    with refused("EntityTooSmall"):
        complete(s3, upload, small, last)
    with refused("InvalidPartOrder"):
        complete(s3, upload, last, small)
    with refused("InvalidPart"):
        complete(s3, upload, {"PartNumber": 3, "ETag": last["ETag"]})
    with refused("MalformedXML"):
        complete(s3, upload)
    with refused("NoSuchUpload"):
        complete(s3, upload, last, key="other")
    with refused("InvalidArgument"):
        put(s3, upload, 10_001, b"z")
    complete(s3, upload, last)
    assert body(s3) == b"y"


def test_parts_are_copied_from_objects_that_the_caller_may_read(iamd: Iamd, s3: Any) -> None:
    s3.put_object(Bucket="parts", Key="source", Body=DATA)
    upload = begin(s3)
    wanted: dict[str, Any] = {"Bucket": "parts", "Key": "k", "UploadId": upload}
    copied = s3.upload_part_copy(
        **wanted, PartNumber=1, CopySource="parts/source", CopySourceRange=f"bytes=1-{6 * MIB}"
    )["CopyPartResult"]
    complete(s3, upload, {"PartNumber": 1, "ETag": copied["ETag"]}, put(s3, upload, 2, b"end"))
    assert body(s3) == DATA[1 : 6 * MIB + 1] + b"end"
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::parts/*"}],
    }
    writer = iamd.client("s3", iamd.user("writer", document))
    upload = begin(writer, "w")
    with refused("AccessDenied"):
        writer.upload_part_copy(Bucket="parts", Key="w", UploadId=upload, PartNumber=1, CopySource="parts/source")
    with refused("AccessDenied"):
        writer.list_parts(Bucket="parts", Key="w", UploadId=upload)


def test_uploads_are_listed_page_by_page_under_common_prefixes(s3: Any) -> None:
    for key in ("a/1", "a/2", "b", "c/1"):
        begin(s3, key)
    page = s3.list_multipart_uploads(Bucket="parts", Delimiter="/", MaxUploads=2)
    assert ([each["Prefix"] for each in page["CommonPrefixes"]], [each["Key"] for each in page["Uploads"]]) == (
        ["a/"],
        ["b"],
    )
    assert page["IsTruncated"]
    markers = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    rest = s3.list_multipart_uploads(Bucket="parts", Delimiter="/", **markers)
    assert ([each["Prefix"] for each in rest["CommonPrefixes"]], rest.get("Uploads", [])) == (["c/"], [])
    assert not rest["IsTruncated"]


def test_bucket_tags_are_kept_replaced_and_removed(s3: Any) -> None:
    s3.put_bucket_tagging(Bucket="parts", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    s3.put_bucket_tagging(Bucket="parts", Tagging={"TagSet": [{"Key": "b", "Value": "2"}]})
    assert s3.get_bucket_tagging(Bucket="parts")["TagSet"] == [{"Key": "b", "Value": "2"}]
    s3.delete_bucket_tagging(Bucket="parts")
    with refused("NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket="parts")


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """What each of so many callers got who call together: an answer, or the code of an error."""
    gate = threading.Barrier(count)

    def one(number: int) -> Any:
        gate.wait(30)
        try:
            return call(number)
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_all_who_complete_at_once_get_the_one_answer(iamd: Iamd, s3: Any) -> None:
    upload = begin(s3)
    parts = [put(s3, upload, 1, b"a" * 5 * MIB), put(s3, upload, 2, b"b")]
    clients = [iamd.client("s3") for _ in range(6)]
    got = at_once(6, lambda number: complete(clients[number], upload, *parts)["ETag"])
    assert set(got) == {s3.head_object(Bucket="parts", Key="k")["ETag"]}
    assert s3.list_multipart_uploads(Bucket="parts").get("Uploads", []) == []


@pytest.mark.parametrize("round_", range(4))
def test_of_completing_and_aborting_at_once_one_wins_whole(iamd: Iamd, s3: Any, round_: int) -> None:
    upload = begin(s3, f"k{round_}")
    part = put(s3, upload, 1, b"whole", f"k{round_}")
    clients = [iamd.client("s3") for _ in range(2)]

    def call(number: int) -> str:
        if number:
            clients[1].abort_multipart_upload(Bucket="parts", Key=f"k{round_}", UploadId=upload)
            return "aborted"
        return str(complete(clients[0], upload, part, key=f"k{round_}")["ETag"])

    completed, aborted = at_once(2, call)
    listed = [each["Key"] for each in s3.list_objects_v2(Bucket="parts").get("Contents", [])]
    assert (completed, aborted, listed) in [
        (part_etag(part), "NoSuchUpload", [f"k{round_}"]),
        ("NoSuchUpload", "aborted", []),
    ]
    if listed:
        assert body(s3, f"k{round_}") == b"whole"


def part_etag(part: dict[str, Any]) -> str:
    """Of an object of this one part."""
    digest = hashlib.md5(bytes.fromhex(part["ETag"].strip('"'))).hexdigest()  # noqa: S324  # an ETag
    return f'"{digest}-1"'


def test_a_part_sent_by_many_at_once_is_one_of_them(iamd: Iamd, s3: Any) -> None:
    upload = begin(s3)
    clients = [iamd.client("s3") for _ in range(6)]
    bodies = [bytes([65 + number]) * 70_000 for number in range(6)]
    at_once(6, lambda number: put(clients[number], upload, 1, bodies[number]))
    kept = s3.list_parts(Bucket="parts", Key="k", UploadId=upload)["Parts"]
    assert len(kept) == 1
    complete(s3, upload, {"PartNumber": 1, "ETag": kept[0]["ETag"]})
    assert body(s3) in bodies
