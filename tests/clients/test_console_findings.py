"""What the console says of a policy that is being written, and what it sends to S3 in the pages' name."""

import pytest

from tests.clients.console import Pages
from tests.clients.server import Iamd

GOOD = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
TRUST = GOOD.replace('"Resource":"*"', '"Principal":{"Service":"ec2.amazonaws.com"}').replace("s3:*", "sts:AssumeRole")


@pytest.fixture
def pages(iamd: Iamd) -> Pages:
    pages = Pages(iamd)
    assert pages.sign_in_root().status == 200
    return pages


@pytest.mark.parametrize(
    ("document", "kind", "path"),
    [
        (GOOD, "managed", None),
        (GOOD, "inline", None),
        (GOOD.replace("2012-10-17", "2008-10-17"), "inline", None),
        (GOOD.replace("2012-10-17", "2008-10-17"), "managed", "Version"),
        (GOOD.replace("Allow", "Perhaps"), "inline", "Statement[0].Effect"),
        (TRUST, "trust", None),
        (GOOD, "trust", "Statement[0]"),
        ("not JSON", "inline", ""),
    ],
)
def test_the_fault_is_named_with_its_place(pages: Pages, document: str, kind: str, path: str | None) -> None:
    answer = pages.post("policy/findings", {"document": document, "kind": kind})
    assert answer.status == 200
    found = answer.json["findings"]
    assert [each["path"] for each in found] == ([] if path is None else [path])
    assert all(each["message"] for each in found)


def test_it_is_for_whoever_is_signed_in(iamd: Iamd) -> None:
    assert Pages(iamd).post("policy/findings", {"document": GOOD, "kind": "inline"}).status == 401


def test_an_operation_that_needs_a_checksum_gets_one(pages: Pages) -> None:
    s3 = pages.iamd.client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a", Body=b"a")
    answer = pages.post("s3/DeleteObjects", {"Bucket": "photos", "Delete": {"Objects": [{"Key": "a"}]}})
    assert answer.status == 200, answer.body
    assert s3.list_objects_v2(Bucket="photos")["KeyCount"] == 0
