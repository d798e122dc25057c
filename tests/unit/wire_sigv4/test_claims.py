"""What a request says about who signed it, read whole from where it stands."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import AuthScheme, Claim, read_claim, verify
from iamd.wire.sigv4.canonical import header_block, query_string, s3_path, service_path
from iamd.wire.sigv4.verifying import string_to_sign
from iamd.wire.sigv4.version2 import string_to_sign as version_2_text
from tests.unit.wire_sigv4.signers import HOST, KEY, NOW, SECRET, signed
from tests.unit.wire_sigv4.test_fault_matrix import edited_query, good, outcome, rebuilt, with_header, with_query


def read(request: HttpRequest, protocol: str) -> Claim:
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    return claim


def test_a_claim_in_the_header() -> None:
    claim = read(good("header", "json"), "json")
    assert claim == Claim(
        scheme=AuthScheme.HEADER_V4,
        access_key_id=KEY,
        signature=claim.signature,
        signed_headers=("accept", "host", "x-amz-date", "x-amz-meta-a", "x-amz-security-token"),
        date="20261124",
        region="us-east-1",
        service="kms",
        timestamp=NOW,
        amz_date="20261124T120000Z",
        expires=None,
        payload_hash=sha256(b"body").hexdigest(),
        session_token="tok",
    )
    assert "'tok'" not in repr(claim)
    assert claim.scope == "20261124/us-east-1/kms/aws4_request"


def test_a_claim_in_the_url() -> None:
    claim = read(good("presigned", "rest-xml"), "rest-xml")
    assert claim == Claim(
        scheme=AuthScheme.PRESIGNED_V4,
        access_key_id=KEY,
        signature=claim.signature,
        signed_headers=("host",),
        date="20261124",
        region="us-east-1",
        service="s3",
        timestamp=NOW,
        amz_date="20261124T120000Z",
        expires=900,
        payload_hash="UNSIGNED-PAYLOAD",
        session_token="tok",
    )


def test_a_claim_of_version_2() -> None:
    claim = read(good("presigned-v2", "rest-xml"), "rest-xml")
    expires = int(NOW.timestamp()) + 900
    assert claim == Claim(
        scheme=AuthScheme.PRESIGNED_V2,
        access_key_id=KEY,
        signature=claim.signature,
        signed_headers=(),
        date="",
        region="",
        service="s3",
        timestamp=datetime.fromtimestamp(expires, UTC),
        amz_date=str(expires),
        expires=expires,
        payload_hash="UNSIGNED-PAYLOAD",
        session_token="tok",
    )


def test_a_token_may_stand_in_a_signed_header_of_a_url() -> None:
    request = signed("presigned", "rest-xml", path="/b/k")
    request = with_header(b"x-amz-security-token", b"tok")(request)
    request = edited_query(b"SignedHeaders=host", b"SignedHeaders=host%3Bx-amz-security-token")(request)
    assert read(request, "rest-xml").session_token == "tok"
    assert outcome(with_query(b"X-Amz-Security-Token=u")(request), "rest-xml").code == "InvalidArgument"


def test_the_body_s_hash_of_a_url() -> None:
    request = signed("presigned", "rest-xml", path="/b/k")
    hashed = "ab" * 32
    in_query = with_query(b"X-Amz-Content-Sha256=" + hashed.encode())(request)
    assert read(in_query, "rest-xml").payload_hash == hashed
    signed_too = edited_query(b"SignedHeaders=host", b"SignedHeaders=host%3Bx-amz-content-sha256")
    in_header = signed_too(with_header(b"x-amz-content-sha256", b" " + hashed.encode())(request))
    assert read(in_header, "rest-xml").payload_hash == hashed
    both = signed_too(with_header(b"x-amz-content-sha256", hashed.encode())(in_query))
    assert read(both, "rest-xml").payload_hash == hashed
    assert outcome(edited_query(b"Sha256=ab", b"Sha256=cd")(both), "rest-xml").code == "InvalidArgument"
    bad = with_query(b"X-Amz-Content-Sha256=abc")(request)
    assert outcome(bad, "rest-xml").code == "InvalidArgument"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (b"X-Amz-Security-Token=t", "AuthorizationQueryParametersError"),
        (b"x-amz-security-token=t", "AuthorizationQueryParametersError"),
        (b"x-amz-credential=t", "AuthorizationQueryParametersError"),
        (b"X-AMZ-SIGNEDHEADERS=t", "AuthorizationQueryParametersError"),
        (b"AWSAccessKeyId=t", "AccessDenied"),
        (b"Signature=t", "AccessDenied"),
        (b"%53ignature=t", "AccessDenied"),
        (b"AWSAccessKeyId=t&x-amz-security-token=u", "AccessDenied"),
        (b"AWSAccessKeyId=t&X-Amz-Security-Token=u", "InvalidArgument"),
        (b"AWSAccessKeyId=t&x-amz-signature=u", "InvalidArgument"),
    ],
)
def test_a_part_of_a_signature_is_never_read_as_none(query: bytes, code: str) -> None:
    assert outcome(HttpRequest("GET", b"/b/k", query, [(b"host", b"h")]), "rest-xml").code == code


@pytest.mark.parametrize("query", [b"Expires=1", b"x-amz-date=1", b"X-Amz-Content-Sha256=1", b"awsaccesskeyid=1"])
def test_what_proves_nothing_is_no_signature(query: bytes) -> None:
    assert read_claim(HttpRequest("GET", b"/b/k", query, [(b"host", b"h")]), protocol="rest-xml") is None


def test_a_signature_parameter_is_s3_s_alone() -> None:
    request = HttpRequest("GET", b"/", b"Action=ListUsers&Signature=x", [(b"host", b"h")])
    assert read_claim(request, protocol="query") is None


@pytest.mark.parametrize("token", [b"X-Amz-Security-Token=t", b"x-amz-security-token=t"])
def test_a_token_beside_a_header_is_a_second_mechanism(token: bytes) -> None:
    assert outcome(with_query(token)(good("header", "query")), "query").code == "IncompleteSignature"


@pytest.mark.parametrize(
    ("date", "good_for"),
    [
        (b"Tue, 24 Nov 2026 12:00:00 GMT", True),
        (b"Tue, 24 Nov 2026 13:00:00 +0100", True),
        (b"Tue, 24 Nov 2026 12:00:00 -0000", True),
        (b"20261124T120000Z", True),
        (b"Tue, 24 Nov 2026", False),
        (b"yesterday", False),
        (b"20261124T250000Z", False),
    ],
)
def test_the_date_header_stands_in_for_amazon_s(date: bytes, good_for: bool) -> None:
    request = good("header", "query")
    headers = [(b"date" if name == b"x-amz-date" else name, value) for name, value in request.headers]
    headers = [
        (name, date if name == b"date" else value.replace(b"x-amz-date;", b"").replace(b"host;", b"date;host;"))
        for name, value in headers
    ]
    changed = rebuilt(request, headers=headers)
    if good_for:
        claim = read(changed, "query")
        assert (claim.timestamp, claim.amz_date) == (NOW, "20261124T120000Z")
    else:
        assert outcome(changed, "query").code == "IncompleteSignature"


def test_what_version_2_signs() -> None:
    headers = {"Content-MD5": " m ", "Content-Type": "t/p"}
    request = signed(
        "presigned-v2", "rest-xml", path="/k%20a", query="acl&prefix=x&versionId=%31", bucket="b", headers=headers
    )
    for name, value in ((b"x-amz-meta-b", b"2"), (b"x-amz-meta-a", b" 1 "), (b"x-amz-meta-b", b"3")):
        request = with_header(name, value)(request)
    claim = read(request, "rest-xml")
    lines = ("GET", "m", "t/p", claim.amz_date, "x-amz-meta-a:1", "x-amz-meta-b:2,3", "/b/k%20a?acl&versionId=1")
    assert version_2_text(request, claim) == "\n".join(lines).encode()
    plain = signed("presigned-v2", "rest-xml", path="")
    assert version_2_text(plain, claim) == f"GET\n\n\n{claim.amz_date}\n/".encode()


def test_version_2_reads_what_it_signed_of_the_type_in_the_query() -> None:
    request = signed("presigned-v2", "rest-xml", path="/k", bucket="b")
    request = with_query(b"content-type=t%2Fp&content-md5=m&X-Amz-Acl=private")(request)
    claim = read(request, "rest-xml")
    assert version_2_text(request, claim) == f"GET\nm\nt/p\n{claim.amz_date}\nx-amz-acl:private\n/b/k".encode()
    twice = with_header(b"x-amz-acl", b"private")(request)
    assert version_2_text(twice, claim) == version_2_text(request, claim)
    with_header_s_own = with_header(b"content-type", b"other")(request)
    assert b"other" in version_2_text(with_header_s_own, claim)


def test_what_version_4_signs() -> None:
    claim = read(good("header", "query"), "query")
    expected = f"AWS4-HMAC-SHA256\n20261124T120000Z\n20261124/us-east-1/sts/aws4_request\n{sha256(b'x').hexdigest()}"
    assert string_to_sign(claim, b"x") == expected.encode()


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        (b"", b"/"),
        (b"/a//b/../c", b"/a//b/../c"),
        (b"/a b", b"/a%20b"),
        (b"/%7e%41%2d", b"/~A-"),
        (b"/%2F%2f", b"/%2F%2F"),
        (b"/a+b*", b"/a%2Bb%2A"),
        (b"/%e9", b"/%E9"),
    ],
)
def test_the_path_as_s3_signs_it(raw: bytes, canonical: bytes) -> None:
    assert s3_path(raw) == canonical


@pytest.mark.parametrize(
    ("raw", "canonical"), [(b"/a%20b", b"/a%2520b"), (b"/a/../b//c", b"/b/c"), (b"/~-_.", b"/~-_.")]
)
def test_the_path_as_the_others_sign_it(raw: bytes, canonical: bytes) -> None:
    assert service_path(raw) == canonical


def test_the_query_is_sorted_and_encoded() -> None:
    request = HttpRequest("GET", b"/", b"b=2&a=%7e&b=1&c&a+b=c+d&X-Amz-Signature=s&A=", [])
    whole = b"A=&X-Amz-Signature=s&a=~&a%20b=c%20d&b=1&b=2&c="
    assert query_string(request, presigned=False) == whole
    assert query_string(request, presigned=True) == whole.replace(b"X-Amz-Signature=s&", b"")
    assert query_string(HttpRequest("GET", b"/", b"", []), presigned=True) == b""


def test_the_headers_lines() -> None:
    headers = [(b"a", b"  x   y "), (b"b", b"1"), (b"b", b" 2  3 "), (b"host", HOST.encode())]
    block = header_block(HttpRequest("GET", b"/", b"", headers), ("b", "a", "c"))
    assert block == b"b:1,2 3\na:x y\nc:\n"


def test_a_signature_must_be_the_whole_signature() -> None:
    request = good("header", "query")
    claim = read(request, "query")
    verify(request, claim, SECRET, NOW, protocol="query")
    for other in (claim.signature[:-1], claim.signature + "0", claim.signature.upper(), "", "é"):
        headers = [(name, value.replace(claim.signature.encode(), other.encode())) for name, value in request.headers]
        assert outcome(rebuilt(request, headers=headers), "query").code in {
            "SignatureDoesNotMatch",
            "IncompleteSignature",
        }
