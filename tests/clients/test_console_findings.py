"""What the console says of a policy that is being written, and what it sends to S3 in the pages' name."""

import json

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


def test_rights_that_nothing_gives_are_missing(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password="Correct-1-Horse")
    bob = Pages(iamd)
    assert bob.sign_in("bob", "Correct-1-Horse").status == 200
    wanted = {"actions": ["iam:CreateUser", "iam:ListUsers"]}
    assert bob.post("rights", wanted).json == {"missing": ["iam:CreateUser", "iam:ListUsers"]}
    # A deny does not make it missing, nor does a condition: whether they apply is for the call itself.
    statements = [
        {
            "Effect": "Allow",
            "Action": "iam:List*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
        {"Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=document)
    assert bob.post("rights", wanted).json == {"missing": ["iam:CreateUser"]}
    iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    assert bob.post("rights", wanted).json == {"missing": ["iam:CreateUser", "iam:ListUsers"]}
    root = Pages(iamd)
    root.sign_in_root()
    assert root.post("rights", wanted).json == {"missing": []}
    assert root.post("rights", {"actions": "iam:CreateUser"}).status == 400
