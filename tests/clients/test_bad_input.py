"""Bad input through a running server: AWS's clear error, nothing stored, no traceback, and the server goes on."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth

from tests.clients.raw import Line
from tests.clients.server import Iamd
from tests.clients.test_iam_identities import fault
from tests.clients.test_matrix import told
from tests.clients.ways import VERSION, WAYS, Way

pytestmark = pytest.mark.xdist_group("watched")
CREATE: Final = f"Version={VERSION}&Action=CreateUser&UserName=".encode()
S3: Final = Way("s3", "s3", "header", "s3", "PUT", "/bucket", S3SigV4Auth)


@pytest.fixture
def iamd(watched: Iamd) -> Iamd:
    return watched


def answer(iamd: Iamd, way: Way) -> tuple[int, str]:
    """Rightly signed, so that what is inside is what is refused."""
    with Line(iamd.endpoint) as line:
        status, _, body = way.sign(iamd.endpoint, iamd.key).over(line)
    assert b"Traceback" not in body
    return status, told(body)


def unchanged(iamd: Iamd) -> bool:
    users = [user["UserName"] for user in iamd.client("iam").list_users()["Users"]]
    s3 = iamd.client("s3")
    objects = [each["Key"] for each in s3.list_objects_v2(Bucket="bucket").get("Contents", [])]
    buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    return (users, objects, buckets) == (["admin", "alice"], ["k"], ["bucket"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MissingAction"),
        (b'{"Action":"CreateUser"}', "MissingAction"),
        (b"%zz", "MalformedQueryString"),
        (b"\xff", "MalformedQueryString"),
        (CREATE + b"%ff", "MalformedQueryString"),
        (CREATE + b"%ed%a0%80", "MalformedQueryString"),
        (CREATE + b"a&UserName=b", "MalformedQueryString"),
        (CREATE + b"bob&" + b"&".join(b"a%d=1" % number for number in range(20_001)), "MalformedQueryString"),
        (CREATE + b"a%00b", "ValidationError"),
        (CREATE + b"a\x00b", "ValidationError"),
        (CREATE + b"%01", "ValidationError"),
        (CREATE + b"%F0%9F%98%80", "ValidationError"),
        (CREATE + b"bob;UserName=x", "ValidationError"),
        (CREATE + b"a" * 100_000, "ValidationError"),
        (CREATE.replace(b"UserName", b"UserName.x") + b"bob", "ValidationError"),
        (CREATE + b"bob&Tags.member.99999999999.Key=a&Tags.member.99999999999.Value=b", "MalformedInput"),
        (CREATE + b"bob&Tags.member.x.Key=a", "MalformedInput"),
        (CREATE + b"bob&Tags.member.-1.Key=a", "MalformedInput"),
        (CREATE + b"bob&Tags.member.1.Key=a&Tags=b", "MalformedInput"),
        (CREATE + b"bob&Tags.member.1.Key=a", "ValidationError"),
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_malformed_forms(iamd: Iamd, body: bytes, code: str) -> None:
    assert answer(iamd, replace(WAYS[0], body=body)) == (400, code)
    assert unchanged(iamd)


STATEMENT: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":%s}]}'


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "ValidationError"),
        ("x" * 131_073, "ValidationError"),
        (STATEMENT % '"arn:aws:s3:::😀"', "ValidationError"),
        (STATEMENT % '"*"' + "\0", "ValidationError"),
        ("{", "MalformedPolicyDocument"),
        ("null", "MalformedPolicyDocument"),
        ("[]", "MalformedPolicyDocument"),
        ("[" * 100_000, "MalformedPolicyDocument"),
        ('{"a":' * 20_000 + "1" + "}" * 5, "MalformedPolicyDocument"),
        (STATEMENT % r'"\ud800"', "MalformedPolicyDocument"),
        (STATEMENT % "NaN", "MalformedPolicyDocument"),
        (STATEMENT % '"*","Effect":"Deny"', "MalformedPolicyDocument"),
        (STATEMENT % '"*","Nonsense":1', "MalformedPolicyDocument"),
        (STATEMENT % '"*","Principal":"*"', "MalformedPolicyDocument"),
        (STATEMENT % '"*","Condition":{"Nonsense":{"a":"b"}}', "MalformedPolicyDocument"),
        ('{"Version":"2012-10-18","Statement":[]}', "MalformedPolicyDocument"),
        ('{"Version":"2012-10-17"}', "MalformedPolicyDocument"),
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_malformed_policies(iamd: Iamd, document: str, code: str) -> None:
    fields = {"Action": "PutUserPolicy", "Version": VERSION, "UserName": "alice", "PolicyName": "p"}
    form = "&".join(f"{name}={quote(value, safe='')}" for name, value in {**fields, "PolicyDocument": document}.items())
    assert answer(iamd, replace(WAYS[0], body=form.encode())) == (400, code)
    assert iamd.client("iam").list_user_policies(UserName="alice")["PolicyNames"] == []


BLOCK: Final = "<PublicAccessBlockConfiguration>%s</PublicAccessBlockConfiguration>"
TAGS: Final = "<Tagging><TagSet>%s</TagSet></Tagging>"
TAG: Final = "<Tag><Key>%s</Key><Value>1</Value></Tag>"
BOMB: Final = '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "%s">]>' % ("&b;" * 1000)


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("?publicAccessBlock", "", "MissingRequestBodyError"),
        ("?publicAccessBlock", "<", "MalformedXML"),
        ("?publicAccessBlock", "<a/>", "MalformedXML"),
        ("?publicAccessBlock", b"\xff\xfe<", "MalformedXML"),
        ("?publicAccessBlock", BLOCK % "\0", "MalformedXML"),
        ("?publicAccessBlock", BLOCK % "<BlockPublicAcls>maybe</BlockPublicAcls>", "MalformedXML"),
        ("?publicAccessBlock", BLOCK % ("<a>" * 50_000), "MalformedXML"),
        ("?publicAccessBlock", BOMB + BLOCK % "&d;", "MalformedXML"),
        (
            "?publicAccessBlock",
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + BLOCK % "&b;",
            "MalformedXML",
        ),
        ("/k?tagging", TAGS % (TAG % "a" + TAG % "a"), "InvalidTag"),
        ("/k?tagging", TAGS % "".join(TAG % number for number in range(11)), "BadRequest"),
        ("/k?tagging", TAGS % (TAG % ("k" * 129)), "InvalidTag"),
        ("?policy", "", "MissingRequestBodyError"),
        ("?policy", "{", "MalformedPolicy"),
        ("?policy", "[" * 20_000, "MalformedPolicy"),
        ("?policy", b"\xff", "InvalidRequest"),
        ("?policy", STATEMENT % r'"\udfff","Principal":"*"', "MalformedPolicy"),
        ("/k?acl&tagging", "", "InvalidArgument"),
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_malformed_bodies_of_s3(iamd: Iamd, target: str, body: str | bytes, code: str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    assert answer(iamd, replace(S3, target=f"/bucket{target}", body=raw)) == (400, code)
    s3 = iamd.client("s3")
    assert all(s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"].values())
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == []
    assert fault(s3.get_bucket_policy, Bucket="bucket")[0] == "NoSuchBucketPolicy"


@pytest.mark.parametrize(
    "body",
    [
        "<",
        "<Delete/>",
        "<Delete><Object/></Delete>",
        "<Delete>" + "<Object><Key>k</Key></Object>" * 1001 + "</Delete>",
        b"<Delete><Object><Key>\xff</Key></Object></Delete>",
        b"<Delete><Object><Key>\xed\xa0\x80</Key></Object></Delete>",
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_malformed_lists_of_what_to_delete(iamd: Iamd, body: str | bytes) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    assert answer(iamd, replace(S3, method="POST", target="/bucket?delete", body=raw)) == (400, "MalformedXML")
    assert unchanged(iamd)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("?max-keys=-1", "InvalidArgument"),
        ("?max-keys=x", "InvalidArgument"),
        ("?max-keys=99999999999999999999", "InvalidArgument"),
        ("?encoding-type=x", "InvalidArgument"),
        ("?list-type=2&continuation-token=x", "InvalidArgument"),
        ("/k?partNumber=x", "InvalidArgument"),
        ("/k?versionId=", "InvalidArgument"),
        ("/" + "k" * 1025, "KeyTooLongError"),
        ("/" + "%F0%9F%98%80" * 257, "KeyTooLongError"),
    ],
)
def test_malformed_queries_and_keys_of_s3(iamd: Iamd, target: str, code: str) -> None:
    assert answer(iamd, replace(S3, method="GET", target=f"/bucket{target}")) == (400, code)


@pytest.mark.parametrize("path", ["/bucket/%zz", "/bucket/%ff", "/bucket/%", "/bucket?prefix=%ff", "/%ff", "/%00"])
def test_what_is_no_percent_encoding_is_refused_without_a_signature_too(iamd: Iamd, path: str) -> None:
    with Line(iamd.endpoint) as line:
        line.request(f"GET {path} HTTP/1.1")
        status, _, body = line.answer()
    assert (status, told(body)) in {(400, "InvalidURI"), (400, "InvalidBucketName"), (403, "AccessDenied")}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-MD5": "junk"}, "InvalidDigest"),
        ({"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, "BadDigest"),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest"),
        ({"x-amz-checksum-sha256": "junk"}, "InvalidRequest"),
        ({"x-amz-meta-a": "x" * 2049}, "MetadataTooLarge"),
        ({"x-amz-tagging": "a=1&a=2"}, "InvalidArgument"),
        ({"x-amz-tagging": "%zz"}, "InvalidArgument"),
        ({"x-amz-copy-source": ""}, "InvalidArgument"),
        ({"x-amz-copy-source": "bucket"}, "InvalidArgument"),
        ({"x-amz-copy-source": "bucket/%ff"}, "InvalidArgument"),
        ({"x-amz-acl": "nonsense"}, "InvalidArgument"),
        ({"x-amz-acl": "public-read"}, "AccessControlListNotSupported"),
        ({"x-amz-storage-class": "nonsense"}, "InvalidStorageClass"),
        ({"x-amz-server-side-encryption": "nonsense"}, "InvalidEncryptionAlgorithmError"),
        ({"x-amz-expected-bucket-owner": "1"}, "InvalidBucketOwnerAWSAccountID"),
    ],
    ids=str,
)
def test_malformed_headers_of_s3(iamd: Iamd, headers: dict[str, str], code: str) -> None:
    assert answer(iamd, replace(S3, target="/bucket/new", body=b"abc", headers=headers)) == (400, code)
    assert unchanged(iamd)


def test_bodies_that_are_too_large_are_refused_unread(iamd: Iamd) -> None:
    """A form, and a REST body that is no stream; what streams is bounded by S3's own limit."""
    for way in (
        replace(WAYS[0], body=CREATE + b"a" * (5 << 20)),
        replace(S3, target="/bucket?policy", body=b" " * (6 << 20)),
    ):
        signed = way.sign(iamd.endpoint, iamd.key)
        with Line(iamd.endpoint) as line:
            line.request(
                f"{signed.method} {signed.target} HTTP/1.1",
                *[f"{name}: {value}" for name, value in signed.headers if name.lower() != "content-length"],
                f"Content-Length: {len(way.body)}",
            )
            assert line.answer()[0] == 413
    with Line(iamd.endpoint) as line:
        signed = replace(S3, target="/bucket/huge", payload="UNSIGNED-PAYLOAD").sign(iamd.endpoint, iamd.key)
        headers = [f"{name}: {value}" for name, value in signed.headers if name.lower() != "content-length"]
        line.request("PUT /bucket/huge HTTP/1.1", *headers, f"Content-Length: {(5 << 30) + 1}")
        status, _, body = line.answer()
    assert (status, told(body)) == (400, "EntityTooLarge")
    assert unchanged(iamd)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("abc", ""),
        ("a" * 63, ""),
        ("1.2.3", ""),
        *[
            (name, "InvalidBucketName")
            for name in ("ab", "a" * 64, "ABC", "a_b", "a..b", "192.168.1.1", "xn--abc", "-ab", "ab-", "abc-s3alias")
        ],
        *[(name, "InvalidBucketName") for name in ("..", "a%00b", "a%20b", "%F0%9F%98%80bc")],
    ],
)
def test_names_of_buckets(iamd: Iamd, name: str, code: str) -> None:
    assert answer(iamd, replace(S3, target=f"/{name}")) == (200 if code == "" else 400, code)
