"""Uploads in parts."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import md5, sha256
from typing import Any
from zlib import crc32

import pytest

from iamd.kernel.body_copy import Copied, CopyOrder, copy_bytes
from iamd.kernel.body_crc import COMBINABLE, combined
from iamd.kernel.digests import new_digest
from tests.unit.services.lab import THERE, allow
from tests.unit.services.s3 import s3_lab
from tests.unit.services.s3.s3_lab import NOBODY, Answer, S3Lab, statement

MIB = 1024**2
FIRST = bytes(range(256)) * (5 * MIB // 256)
LAST = b"the end"
LONG = bytes(range(255, -1, -1)) * 400
"""Too long for a row."""


def b64(digest: bytes) -> str:
    return b64encode(digest).decode()


def crc(body: bytes) -> str:
    return b64(crc32(body).to_bytes(4, "big"))


class Upload:
    def __init__(self, lab: S3Lab, key: str = "key", bucket: str = "bucket", by: Any = None, **headers: Any) -> None:
        self.lab, self.path, self.by = lab, f"/{bucket}/{key}", by
        self.begun = lab("POST", self.path, "uploads", by=by, **headers)
        assert self.begun.status == 200, self.begun
        (self.id,) = self.begun.all("UploadId")

    def part(self, number: int, body: bytes, **headers: Any) -> Answer:
        return self.lab("PUT", self.path, f"partNumber={number}&uploadId={self.id}", body=body, by=self.by, **headers)

    def copy(self, number: int, source: str, **headers: Any) -> Answer:
        return self.part(number, b"", x_amz_copy_source=source, **headers)

    def complete(self, *parts: tuple[int, str], more: str = "", **headers: Any) -> Answer:
        listed = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag>{more}</Part>" for n, etag in parts)
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>"
        return self.lab("POST", self.path, f"uploadId={self.id}", body=body.encode(), by=self.by, **headers)

    def abort(self, **more: Any) -> Answer:
        return self.lab("DELETE", self.path, f"uploadId={self.id}", **more)

    def parts(self, query: str = "") -> Answer:
        return self.lab("GET", self.path, f"uploadId={self.id}{query}")


def etag(body: bytes) -> str:
    return md5(body, usedforsecurity=False).hexdigest()


def sent(upload: Upload, *bodies: bytes, **headers: Any) -> Iterator[tuple[int, str]]:
    for number, body in enumerate(bodies, 1):
        answer = upload.part(number, body, **headers)
        assert answer.status == 200, answer
        yield number, answer.headers["etag"].strip('"')


def whole(lab: S3Lab, **headers: Any) -> Upload:
    upload = Upload(lab, **headers)
    assert upload.complete(*sent(upload, FIRST, LAST)).status == 200
    return upload


def test_an_object_is_its_parts(bucket: S3Lab) -> None:
    upload = Upload(bucket, x_amz_tagging="team=red", content_type="text/plain", x_amz_meta_color="red")
    parts = list(sent(upload, FIRST, LAST))
    assert bucket("GET", "/bucket/key").status == 404
    written = dict(bucket.blobs.blobs)
    answer = upload.complete(*parts)
    tag = f"{etag(md5(FIRST, usedforsecurity=False).digest() + md5(LAST, usedforsecurity=False).digest())}-2"
    assert answer.all("ETag") == [f"&quot;{tag}&quot;"]
    assert bucket.blobs.blobs == written
    read = bucket("GET", "/bucket/key")
    assert (read.body, read.headers["etag"]) == (FIRST + LAST, f'"{tag}"')
    assert (read.headers["content-type"], read.headers["x-amz-meta-color"]) == ("text/plain", "red")
    assert bucket("GET", "/bucket/key", "tagging").all("Value") == ["red"]
    assert (bucket.state.uploads.page("key"), bucket.state.upload_parts.page("key")) == ([], [])
    assert [use.key for use in bucket.state.blob_uses.page("key")] == [b"key"]
    assert upload.parts().fault == "NoSuchUpload"


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (5 * MIB - 2, 5 * MIB + 1), (5 * MIB, 5 * MIB + 6), (3, 5 * MIB + 2)]
)
def test_ranges_run_over_parts(bucket: S3Lab, start: int, end: int) -> None:
    whole(bucket)
    answer = bucket("GET", "/bucket/key", range=f"bytes={start}-{end}")
    assert (answer.status, answer.body) == (206, (FIRST + LAST)[start : end + 1])


def test_a_part_is_read_by_its_number(bucket: S3Lab) -> None:
    whole(bucket)
    answer = bucket("GET", "/bucket/key", "partNumber=2")
    assert (answer.status, answer.body, answer.headers["x-amz-mp-parts-count"]) == (206, LAST, "2")
    assert answer.headers["content-range"] == f"bytes {5 * MIB}-{5 * MIB + 6}/{5 * MIB + 7}"
    assert bucket("HEAD", "/bucket/key", "partNumber=1").headers["content-length"] == str(5 * MIB)
    answer = bucket("GET", "/bucket/key", "partNumber=3")
    assert (answer.status, answer.fault, answer.headers["ActualPartCount"]) == (416, "InvalidPartNumber", "2")


def test_completing_again_gives_the_same_answer_and_changes_nothing(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    parts = list(sent(upload, FIRST, LAST))
    first = upload.complete(*parts)
    bucket.put("key", b"newer")
    assert upload.complete(*parts).body == first.body
    assert upload.complete(*parts, if_none_match="*").body == first.body
    assert bucket("GET", "/bucket/key").body == b"newer"
    assert upload.complete(parts[0]).fault == "NoSuchUpload"
    assert upload.abort().fault == "NoSuchUpload"


def test_a_part_sent_again_takes_the_place_of_the_first(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    (_, old), (_, new) = (*sent(upload, LONG), *sent(upload, LONG + b"!"))
    assert upload.complete((1, old)).fault == "InvalidPart"
    assert len(bucket.state.blob_uses.page("key")) == 1
    assert upload.complete((1, f'"{new}"')).status == 200
    assert bucket("GET", "/bucket/key").body == LONG + b"!"


def test_parts_that_are_not_named_are_left_out(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    parts = list(sent(upload, LONG, LAST))
    assert upload.complete(parts[1]).status == 200
    assert bucket("GET", "/bucket/key").body == LAST
    assert bucket.state.blob_uses.page("key") == []


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ([(2, LAST), (1, FIRST)], "InvalidPartOrder"),
        ([(1, FIRST), (1, FIRST)], "InvalidPartOrder"),
        ([(1, FIRST), (2, FIRST)], "InvalidPart"),
        ([(3, LAST)], "InvalidPart"),
        ([(2, LAST), (4, LAST)], "EntityTooSmall"),
        ([], "MalformedXML"),
    ],
)
def test_lists_that_are_refused(bucket: S3Lab, named: list[tuple[int, bytes]], fault: str) -> None:
    upload = Upload(bucket)
    for number, body in ((1, FIRST), (2, LAST), (4, LAST)):
        upload.part(number, body)
    answer = upload.complete(*((number, etag(body)) for number, body in named))
    assert (answer.status, answer.fault) == (400, fault)
    assert bucket("GET", "/bucket/key").status == 404
    assert upload.complete((2, etag(LAST))).status == 200


def test_an_upload_opens_nothing_but_its_own_key(bucket: S3Lab) -> None:
    bucket.bucket("other")
    upload = Upload(bucket)
    parts = list(sent(upload, LAST))
    for path in ("/bucket/key2", "/bucket/KEY", "/other/key"):
        upload.path = path
        for answer in (upload.part(1, b"x"), upload.complete(*parts), upload.abort(), upload.parts()):
            assert (answer.status, answer.fault) == (404, "NoSuchUpload")
    upload.path = "/bucket/key"
    assert upload.complete(*parts).status == 200


@pytest.mark.parametrize("number", [0, -1, 10001])
def test_part_numbers(bucket: S3Lab, number: int) -> None:
    bucket.put("source")
    upload = Upload(bucket)
    for answer in (upload.part(number, b"x"), upload.copy(number, "bucket/source")):
        assert answer.fault == "InvalidArgument"
        assert answer.told == "Part number must be an integer between 1 and 10000, inclusive"
    assert upload.part(10000, b"x").status == 200


def test_conditions_are_held_when_it_is_completed(bucket: S3Lab) -> None:
    old = bucket.put("key", b"old").headers["etag"]
    upload = Upload(bucket)
    parts = list(sent(upload, LAST))
    assert upload.complete(*parts, if_none_match="*").status == 412
    assert upload.complete(*parts, if_match='"other"').status == 412
    assert bucket("GET", "/bucket/key").body == b"old"
    assert upload.complete(*parts, if_match=old).status == 200


def test_an_aborted_upload_leaves_nothing(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    parts = list(sent(upload, FIRST, LAST))
    assert upload.abort().status == 204
    for kind in (bucket.state.uploads, bucket.state.upload_parts, bucket.state.blob_uses):
        assert kind.page("key") == []
    assert upload.complete(*parts).fault == upload.part(1, b"x").fault == upload.abort().fault == "NoSuchUpload"


def test_a_bucket_goes_with_what_was_on_its_way_into_it(bucket: S3Lab) -> None:
    list(sent(Upload(bucket), LONG))
    assert bucket("DELETE", "/bucket").status == 204
    for kind in (bucket.state.uploads, bucket.state.upload_parts, bucket.state.blob_uses):
        assert kind.page("key") == []


@pytest.mark.parametrize("algorithm", sorted(COMBINABLE))
def test_the_crc_of_the_whole_comes_from_the_parts(algorithm: str) -> None:
    runs = [b"abc", b"", LONG, b"x", FIRST]

    def digest(data: bytes) -> bytes:
        made = new_digest(algorithm)
        made.update(data)
        return made.digest()

    assert combined(algorithm, [(digest(run), len(run)) for run in runs]) == digest(b"".join(runs))


def test_without_a_named_algorithm_the_whole_has_s3s_own(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    assert "ChecksumAlgorithm" not in upload.begun.text
    upload.part(1, FIRST, x_amz_checksum_crc32=crc(FIRST))
    upload.part(2, LAST)
    answer = upload.complete((1, etag(FIRST)), (2, etag(LAST)))
    digest = new_digest("crc64nvme")
    digest.update(FIRST + LAST)
    assert answer.all("ChecksumCRC64NVME") == [b64(digest.digest())]
    assert answer.all("ChecksumType") == ["FULL_OBJECT"]
    attributes = bucket("GET", "/bucket/key", "attributes", x_amz_object_attributes="ObjectParts")
    assert (attributes.all("PartsCount"), attributes.all("PartNumber")) == (["2"], [])


def test_composite_checksums(bucket: S3Lab) -> None:
    upload = Upload(bucket, x_amz_checksum_algorithm="SHA256")
    assert upload.begun.headers["x-amz-checksum-type"] == "COMPOSITE"
    digests = [sha256(FIRST).digest(), sha256(LAST).digest()]
    answer = upload.part(1, FIRST)
    assert answer.told == (
        "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null"
    )
    assert upload.part(1, FIRST, x_amz_checksum_crc32=crc(FIRST)).fault == "InvalidRequest"
    assert upload.part(1, FIRST, x_amz_checksum_sha256=b64(digests[1])).fault == "BadDigest"
    answer = upload.part(1, FIRST, x_amz_checksum_sha256=b64(digests[0]))
    assert answer.headers["x-amz-checksum-sha256"] == b64(digests[0])
    assert upload.part(2, LAST, x_amz_checksum_sha256=b64(digests[1])).status == 200
    assert upload.parts().all("ChecksumSHA256") == [b64(digest) for digest in digests]
    first, second = (1, etag(FIRST)), (2, etag(LAST))
    missing = upload.complete(first, second)
    assert missing.told.endswith("It was missing for part 1 in the request.")
    named = f"<ChecksumSHA256>{b64(digests[0])}</ChecksumSHA256>"
    assert upload.complete(first, second, more=named).fault == "InvalidPart"
    body = "".join(
        f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag><ChecksumSHA256>{b64(digest)}</ChecksumSHA256></Part>"
        for (n, tag), digest in zip((first, second), digests, strict=True)
    )
    document = f"<CompleteMultipartUpload>{body}</CompleteMultipartUpload>".encode()
    query = f"uploadId={upload.id}"
    wrong = bucket("POST", "/bucket/key", query, body=document, x_amz_checksum_sha256=b64(digests[0]))
    assert (wrong.status, wrong.fault) == (400, "BadDigest")
    wrong = bucket("POST", "/bucket/key", query, body=document, x_amz_checksum_type="FULL_OBJECT")
    assert wrong.told.startswith("The upload was created using the COMPOSITE checksum mode.")
    done = bucket("POST", "/bucket/key", query, body=document)
    value = b64(sha256(b"".join(digests)).digest()) + "-2"
    assert done.all("ChecksumSHA256") == [value]
    assert bucket("HEAD", "/bucket/key", x_amz_checksum_mode="ENABLED").headers["x-amz-checksum-sha256"] == value
    attributes = bucket("GET", "/bucket/key", "attributes", x_amz_object_attributes="ObjectParts", x_amz_max_parts="1")
    assert (attributes.all("PartNumber"), attributes.all("IsTruncated")) == (["1"], ["true"])


def test_full_object_checksums(bucket: S3Lab) -> None:
    upload = Upload(bucket, x_amz_checksum_algorithm="CRC32", x_amz_checksum_type="FULL_OBJECT")
    parts = list(sent(upload, FIRST, LAST))
    assert upload.complete(*parts, x_amz_checksum_crc32=crc(LAST)).fault == "BadDigest"
    assert upload.complete(*parts, x_amz_mp_object_size="3").fault == "InvalidRequest"
    done = upload.complete(*parts, x_amz_checksum_crc32=crc(FIRST + LAST), x_amz_mp_object_size=str(5 * MIB + 7))
    assert done.all("ChecksumCRC32") == [crc(FIRST + LAST)]


@pytest.mark.parametrize(
    "headers",
    [
        {"x_amz_checksum_type": "COMPOSITE"},
        {"x_amz_checksum_algorithm": "SHA256", "x_amz_checksum_type": "FULL_OBJECT"},
        {"x_amz_checksum_algorithm": "CRC64NVME", "x_amz_checksum_type": "COMPOSITE"},
    ],
)
def test_checksums_that_cannot_be_had(bucket: S3Lab, headers: dict[str, Any]) -> None:
    answer = bucket("POST", "/bucket/key", "uploads", **headers)
    assert (answer.status, answer.fault) == (400, "InvalidRequest")


def test_a_whole_object_is_shared_and_a_range_of_it_is_copied(bucket: S3Lab) -> None:
    bucket.put("source", LONG)
    (shared,) = bucket.blobs.blobs
    upload = Upload(bucket)
    answer = upload.copy(1, "bucket/source")
    assert answer.all("ETag") == [f"&quot;{etag(LONG)}&quot;"]
    assert list(bucket.blobs.blobs) == [shared]
    assert upload.copy(2, "bucket/source", x_amz_copy_source_range="bytes=10-80009").status == 200
    assert len(bucket.blobs.blobs) == 2
    assert upload.copy(3, "bucket/source", x_amz_copy_source_range="bytes=0-9").status == 200
    assert len(bucket.blobs.blobs) == 2
    bucket("DELETE", "/bucket/source")
    for number, body in ((1, LONG), (2, LONG[10:80010]), (3, LONG[:10])):
        one = Upload(bucket, "other")
        assert upload.parts().status == 200
        one.abort()
        part = bucket.state.upload_parts.get(upload.id, number)
        assert part is not None
        assert (part.etag, part.size) == (etag(body), len(body))
    assert upload.complete((1, etag(LONG))).status == 200
    assert bucket("GET", "/bucket/key").body == LONG


def test_parts_of_an_object_in_parts_are_shared_where_extents_fit(bucket: S3Lab) -> None:
    whole(bucket)
    count = len(bucket.blobs.blobs)
    upload = Upload(bucket, "copy")
    assert upload.copy(1, "bucket/key", x_amz_copy_source_range=f"bytes=0-{5 * MIB - 1}").status == 200
    assert len(bucket.blobs.blobs) == count
    assert upload.copy(2, "bucket/key").status == 200
    assert len(bucket.blobs.blobs) == count + 1
    assert upload.complete((1, etag(FIRST)), (2, etag(FIRST + LAST))).status == 200
    assert bucket("GET", "/bucket/copy").body == FIRST + FIRST + LAST
    assert bucket("DELETE", "/bucket/key").status == 204
    assert bucket("GET", "/bucket/copy").body == FIRST + FIRST + LAST


@pytest.mark.parametrize("after", [None, b"newer" * 20_000])
def test_a_source_that_goes_while_it_is_read_is_not_shared(
    bucket: S3Lab, monkeypatch: pytest.MonkeyPatch, after: bytes | None
) -> None:
    """Its blob may be collected already: nobody else may begin to use it."""
    bucket.put("source", LONG)
    upload = Upload(bucket)

    def read(order: CopyOrder, blobs: Any) -> Copied:
        copied = copy_bytes(order, blobs)
        bucket("DELETE", "/bucket/source")
        if after is not None:
            bucket.put("source", after)
        return copied

    monkeypatch.setattr(s3_lab, "copy_bytes", read)
    answer = upload.copy(1, "bucket/source")
    assert (answer.status, answer.fault) == (409, "OperationAborted")
    assert bucket.state.upload_parts.page("key") == []


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [("bytes=0-", 400), ("0-1", 400), ("bytes=2-1", 400), ("bytes=0-1000000", 400), ("bytes=0-0", 200)],
)
def test_copied_ranges(bucket: S3Lab, wanted: str, fault: int) -> None:
    bucket.put("source", LONG)
    assert Upload(bucket).copy(1, "bucket/source", x_amz_copy_source_range=wanted).status == fault


def test_conditions_on_a_copied_part(bucket: S3Lab) -> None:
    bucket.put("source", LONG)
    upload = Upload(bucket)
    assert upload.copy(1, "bucket/source", x_amz_copy_source_if_match="other").status == 412
    assert upload.copy(1, "bucket/none").fault == "NoSuchKey"
    assert upload.copy(1, "none/source").fault == "NoSuchBucket"
    assert upload.copy(1, "bucket/source?versionId=x").fault == "NoSuchVersion"


def test_uploadpartcopy_checks_its_source(bucket: S3Lab) -> None:
    """Lesson 19: every named resource of a call is authorized."""
    bucket.put("secret", LONG)
    writer = bucket.add_user("writer", allow("s3:PutObject", "arn:aws:s3:::bucket/key"))
    reader = bucket.add_user("reader", allow("s3:GetObject", "arn:aws:s3:::bucket/secret"))
    upload = Upload(bucket)
    upload.by = writer
    assert upload.copy(1, "bucket/secret").fault == "AccessDenied"
    upload.by = reader
    assert upload.copy(1, "bucket/secret").fault == "AccessDenied"
    assert bucket.state.upload_parts.page("key") == []
    actions = [(check.action, check.resource) for check in bucket.asked]
    assert actions == [
        ("s3:GetObject", "arn:aws:s3:::bucket/secret"),
        ("s3:PutObject", "arn:aws:s3:::bucket/key"),
    ]


def test_what_each_step_must_be_allowed(bucket: S3Lab) -> None:
    upload = Upload(bucket, x_amz_tagging="team=red")
    assert [check.action for check in bucket.asked] == ["s3:PutObject", "s3:PutObjectTagging"]
    assert bucket.asked[0].keys["s3:objectcreationoperation"] == "false"
    assert bucket.asked[0].keys["s3:requestobjecttag/team"] == "red"
    parts = list(sent(upload, LAST))
    assert [(check.action, check.keys["s3:objectcreationoperation"]) for check in bucket.asked] == [
        ("s3:PutObject", "false")
    ]
    upload.parts()
    assert [check.action for check in bucket.asked] == ["s3:ListMultipartUploadParts"]
    bucket("GET", "/bucket", "uploads")
    assert [(check.action, check.resource) for check in bucket.asked] == [
        ("s3:ListBucketMultipartUploads", "arn:aws:s3:::bucket")
    ]
    upload.complete(*parts, if_none_match="*")
    (check,) = bucket.asked
    assert (check.action, check.keys["s3:objectcreationoperation"]) == ("s3:PutObject", "true")
    assert check.keys["s3:if-none-match"] == "*"
    upload.abort()
    assert [check.action for check in bucket.asked] == ["s3:AbortMultipartUpload"]


def test_who_may_only_write_cannot_abort_or_list(bucket: S3Lab) -> None:
    writer = bucket.add_user("writer", allow("s3:PutObject", "arn:aws:s3:::bucket/*"))
    upload = Upload(bucket, by=writer)
    assert upload.abort(by=writer).fault == "AccessDenied"
    assert bucket("GET", "/bucket", "uploads", by=writer).fault == "AccessDenied"
    assert upload.complete(*sent(upload, LAST)).status == 200


def test_nobody_begins_an_upload(lab: S3Lab) -> None:
    lab.bucket(open_to_policies=True)
    assert lab.set_policy(statement("s3:PutObject")).status == 204
    assert lab("PUT", "/bucket/key", body=b"x", by=NOBODY).status == 200
    assert lab("POST", "/bucket/key", "uploads", by=NOBODY).fault == "AccessDenied"


def test_an_upload_into_anothers_bucket(lab: S3Lab) -> None:
    lab.bucket()
    guest = lab.add_user("guest", allow("s3:*"), account=THERE)
    assert lab("POST", "/bucket/key", "uploads", by=guest).fault == "AccessDenied"
    lab.set_policy(statement("s3:PutObject", principal={"AWS": THERE}))
    upload = Upload(lab, by=guest)
    assert upload.parts().all("Initiator") == [
        f"<ID>arn:aws:iam::{THERE}:user/guest</ID><DisplayName>guest</DisplayName>"
    ]
    assert upload.complete(*sent(upload, LAST)).status == 200


def test_parts_in_pages(bucket: S3Lab) -> None:
    upload = Upload(bucket)
    for number in (7, 2, 5):
        upload.part(number, b"x")
    first = upload.parts("&max-parts=2")
    assert (first.all("PartNumber"), first.all("NextPartNumberMarker")) == (["2", "5"], ["5"])
    assert first.all("IsTruncated") == ["true"]
    rest = upload.parts("&max-parts=2&part-number-marker=5")
    assert (rest.all("PartNumber"), rest.all("IsTruncated")) == (["7"], ["false"])


def listed(lab: S3Lab, query: str = "") -> list[str]:
    """All pages, one entry a page."""
    found: list[str] = []
    markers = ""
    for _ in range(30):
        answer = lab("GET", "/bucket", f"uploads&max-uploads=1&encoding-type=url{query}{markers}")
        found += answer.all("UploadId") + [prefix for prefix in answer.all("Prefix") if prefix][-1:] * (
            "<CommonPrefixes>" in answer.text
        )
        if answer.all("IsTruncated") == ["false"]:
            return found
        (key,), (upload_id,) = answer.all("NextKeyMarker"), answer.all("NextUploadIdMarker") or [""]
        markers = f"&key-marker={key}&upload-id-marker={upload_id}"
    raise AssertionError(found)


def test_uploads_in_pages(bucket: S3Lab) -> None:
    keys = ["a", "b/1", "b/2", "b/2", "c d", "b/3"]
    ids = [Upload(bucket, key).id for key in keys]
    order = sorted(range(len(keys)), key=lambda n: (keys[n], ids[n]))
    assert listed(bucket) == [ids[n] for n in order]
    assert listed(bucket, "&delimiter=/") == [ids[0], "b/", ids[4]]
    assert listed(bucket, "&prefix=b/&delimiter=/") == [ids[n] for n in order if keys[n].startswith("b/")]
    page = bucket("GET", "/bucket", "uploads&encoding-type=url&key-marker=b/3")
    assert (page.all("Key"), page.all("IsTruncated")) == (["c+d"], ["false"])
    assert bucket("GET", "/bucket", "uploads&max-uploads=-1").fault == "InvalidArgument"


def test_a_copy_of_an_object_in_parts_is_in_one(bucket: S3Lab) -> None:
    whole(bucket)
    assert bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/key").status == 200
    read = bucket("GET", "/bucket/copy")
    assert (read.body, read.headers["etag"]) == (FIRST + LAST, f'"{etag(FIRST + LAST)}"')
    assert bucket("GET", "/bucket/copy", "partNumber=2").status == 416


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA256", "MD5"])
def test_a_copy_with_another_checksum(bucket: S3Lab, algorithm: str) -> None:
    bucket.put("key", LONG)
    answer = bucket("PUT", "/bucket/copy", x_amz_copy_source="bucket/key", x_amz_checksum_algorithm=algorithm)
    digest = new_digest(algorithm.lower())
    digest.update(LONG)
    assert answer.all(f"Checksum{algorithm}") == [b64(digest.digest())]
    assert len(bucket.blobs.blobs) == 1


def test_tags_of_a_bucket(bucket: S3Lab) -> None:
    def put(*tags: tuple[str, str], **more: Any) -> Answer:
        listed = "".join(f"<Tag><Key>{name}</Key><Value>{value}</Value></Tag>" for name, value in tags)
        body = f"<Tagging><TagSet>{listed}</TagSet></Tagging>".encode()
        more = {"content_md5": b64(md5(body, usedforsecurity=False).digest())} | more
        return bucket("PUT", "/bucket", "tagging", body=body, **more)

    assert put(("team", "red"), ("x", "")).status == 200
    assert bucket("GET", "/bucket", "tagging").all("Key") == ["team", "x"]
    assert put(("aws:x", "y")).fault == put(("a", "1"), ("a", "2")).fault == "InvalidTag"
    assert put(*((f"t{number}", "") for number in range(51))).fault == "BadRequest"
    assert put(("a", "b"), content_md5=b64(bytes(16))).fault == "BadDigest"
    assert bucket("GET", "/bucket", "tagging").all("Key") == ["team", "x"]
    assert bucket("DELETE", "/bucket", "tagging").status == 204
    assert bucket("GET", "/bucket", "tagging").fault == "NoSuchTagSet"
    assert [check.action for check in bucket.asked] == ["s3:GetBucketTagging"]
    reader = bucket.add_user("reader", allow("s3:GetBucketTagging"))
    assert put(("a", "b"), by=reader).fault == "AccessDenied"
