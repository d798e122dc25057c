"""What is wrong with a signature, by how it was sent and by protocol: each with AWS's own code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import AuthScheme, faults, payload, read_claim, verify, verify_unknown
from tests.unit.wire_sigv4.signers import NOW, SECRET, SIGNERS, signed

Mutation = Callable[[HttpRequest], HttpRequest]


def rebuilt(request: HttpRequest, **changes: Any) -> HttpRequest:
    given = {
        "method": request.method,
        "raw_path": request.raw_path,
        "raw_query": request.raw_query,
        "headers": request.headers,
        "body": request.body,
        "bucket": request.bucket,
        **changes,
    }
    return HttpRequest(**given)


def with_header(name: bytes, value: bytes) -> Mutation:
    return lambda request: rebuilt(request, headers=[*request.headers, (name, value)])


def edited_header(name: bytes, edit: Callable[[bytes], bytes]) -> Mutation:
    return lambda request: rebuilt(
        request, headers=[(key, edit(value) if key == name else value) for key, value in request.headers]
    )


def with_query(text: bytes) -> Mutation:
    return lambda request: rebuilt(request, raw_query=request.raw_query + b"&" + text)


def edited_query(old: bytes, new: bytes) -> Mutation:
    def mutate(request: HttpRequest) -> HttpRequest:
        assert old in request.raw_query
        return rebuilt(request, raw_query=request.raw_query.replace(old, new))

    return mutate


def in_authorization(old: bytes, new: bytes) -> Mutation:
    def edit(value: bytes) -> bytes:
        assert old in value
        return value.replace(old, new)

    return edited_header(b"authorization", edit)


CODES = {
    "query": {
        "mismatch": "SignatureDoesNotMatch",
        "skew": "SignatureDoesNotMatch",
        "malformed": "IncompleteSignature",
        "two": "IncompleteSignature",
        "unsigned": "SignatureDoesNotMatch",
        "scope": "SignatureDoesNotMatch",
        "date": "IncompleteSignature",
    },
    "json": {
        "mismatch": "InvalidSignatureException",
        "skew": "InvalidSignatureException",
        "malformed": "IncompleteSignatureException",
        "two": "IncompleteSignatureException",
        "unsigned": "InvalidSignatureException",
        "scope": "InvalidSignatureException",
        "date": "IncompleteSignatureException",
    },
    "ec2": {
        "mismatch": "AuthFailure",
        "skew": "RequestExpired",
        "malformed": "IncompleteSignature",
        "two": "IncompleteSignature",
        "unsigned": "AuthFailure",
        "scope": "AuthFailure",
        "date": "IncompleteSignature",
    },
    "rest-xml": {
        "mismatch": "SignatureDoesNotMatch",
        "skew": "RequestTimeTooSkewed",
        "malformed": "AuthorizationHeaderMalformed",
        "malformed-url": "AuthorizationQueryParametersError",
        "two": "InvalidArgument",
        "unsigned": "AccessDenied",
        "scope": "AuthorizationHeaderMalformed",
        "scope-url": "AuthorizationQueryParametersError",
        "date": "AccessDenied",
        "date-url": "AuthorizationQueryParametersError",
        "expired": "AccessDenied",
    },
}
CODES["rest-json"] = CODES["json"]

TAMPERED: list[tuple[str, Mutation, str]] = [
    ("path", lambda request: rebuilt(request, raw_path=b"/other"), "mismatch"),
    ("method", lambda request: rebuilt(request, method="DELETE"), "mismatch"),
    ("host", edited_header(b"host", lambda _: b"evil.example.com"), "mismatch"),
    ("an unsigned x-amz header", with_header(b"x-amz-copy-source", b"/secret/key"), "unsigned"),
]
IN_HEADER: list[tuple[str, Mutation, str]] = [
    *TAMPERED,
    ("query", with_query(b"versionId=1"), "mismatch"),
    ("a signed header", edited_header(b"x-amz-meta-a", lambda _: b"changed"), "mismatch"),
    ("a signed header given twice", with_header(b"x-amz-meta-a", b"more"), "mismatch"),
    (
        "a signed header taken away",
        lambda request: rebuilt(request, headers=[pair for pair in request.headers if pair[0] != b"x-amz-meta-a"]),
        "mismatch",
    ),
    ("another scope region", in_authorization(b"us-east-1", b"us-east-2"), "mismatch"),
    ("a short signature", in_authorization(b"Signature=", b"Signature=00"), "mismatch"),
    ("host not signed", in_authorization(b";host;", b";"), "unsigned"),
    ("two authorization headers", with_header(b"authorization", b"AWS4-HMAC-SHA256 x"), "two"),
    ("a signature in the query too", with_query(b"X-Amz-Signature=00"), "two"),
    ("an algorithm in the query too", with_query(b"x%2Damz%2Dalgorithm=AWS4-HMAC-SHA256"), "two"),
    ("a token in the query", with_query(b"X-Amz-Security-Token=t"), "two"),
    ("version 2 in the query too", with_query(b"AWSAccessKeyId=AKIDEXAMPLE&Signature=x&Expires=1"), "two"),
    ("two dates", with_header(b"x-amz-date", b"20261124T120000Z"), "malformed"),
    ("two hosts", with_header(b"host", b"other"), "malformed"),
    ("two tokens", with_header(b"x-amz-security-token", b"other"), "malformed"),
    ("no credential", in_authorization(b"Credential=", b"Credent=ial"), "malformed"),
    ("a credential of four parts", in_authorization(b"/aws4_request", b""), "malformed"),
    ("an empty region", in_authorization(b"us-east-1", b""), "malformed"),
    ("another terminator", in_authorization(b"aws4_request", b"aws5_request"), "scope"),
    ("a scope of another day", in_authorization(b"/20261124/", b"/20261123/"), "scope"),
    ("a scope without a day", in_authorization(b"/20261124/", b"/today/"), "scope"),
    ("upper-case signed headers", in_authorization(b";host;", b";Host;"), "malformed"),
    ("a header signed twice", in_authorization(b";host;", b";host;host;"), "malformed"),
    ("a date that is none", edited_header(b"x-amz-date", lambda _: b"20261324T120000Z"), "date"),
    ("a date with dashes", edited_header(b"x-amz-date", lambda _: b"2026-11-24T12:00"), "date"),
]
IN_URL: list[tuple[str, Mutation, str]] = [
    *TAMPERED,
    ("query", with_query(b"versionId=1"), "mismatch"),
    ("the action", edited_query(b"Action=Get", b"Action=Delete"), "mismatch"),
    ("expiry", edited_query(b"X-Amz-Expires=900", b"X-Amz-Expires=9000"), "mismatch"),
    ("host not signed", edited_query(b"X-Amz-SignedHeaders=host", b"X-Amz-SignedHeaders=accept"), "unsigned"),
    ("two signatures", with_query(b"X-Amz-Signature=00"), "malformed-url"),
    ("two credentials in other letters", with_query(b"x-amz-credential=me"), "malformed-url"),
    ("an authorization header too", with_header(b"authorization", b"Bearer abc"), "two"),
    ("version 2 too", with_query(b"AWSAccessKeyId=AKIDEXAMPLE"), "two"),
    ("a token in a header too", with_header(b"x-amz-security-token", b"other"), "unsigned"),
    ("no date", edited_query(b"X-Amz-Date", b"Y-Amz-Date"), "malformed-url"),
    ("another algorithm", edited_query(b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA1"), "malformed-url"),
    ("more than a week", edited_query(b"X-Amz-Expires=900", b"X-Amz-Expires=604801"), "malformed-url"),
    ("a negative expiry", edited_query(b"X-Amz-Expires=900", b"X-Amz-Expires=-1"), "malformed-url"),
    ("an expiry in words", edited_query(b"X-Amz-Expires=900", b"X-Amz-Expires=1e3"), "malformed-url"),
    ("a credential of four parts", edited_query(b"%2Faws4_request", b""), "malformed-url"),
    ("another terminator", edited_query(b"aws4_request", b"aws5_request"), "scope-url"),
    ("a scope of another day", edited_query(b"%2F20261124%2F", b"%2F20261123%2F"), "scope-url"),
    ("a date that is none", edited_query(b"X-Amz-Date=2026", b"X-Amz-Date=x"), "date-url"),
    ("a line break among signed headers", edited_query(b"Headers=host", b"Headers=host%0Ax"), "malformed-url"),
]


def outcome(request: HttpRequest, protocol: str, now: datetime = NOW, secret: str = SECRET) -> AwsError:
    def run() -> None:
        claim = read_claim(request, protocol=protocol)
        assert claim is not None
        verify(request, claim, secret, now, protocol=protocol)

    with pytest.raises(AwsError) as caught:
        run()
    return caught.value


def code(protocol: str, kind: str) -> str:
    table = CODES[protocol]
    return table.get(kind) or table[kind.removesuffix("-url")]


def good(scheme: str, protocol: str) -> HttpRequest:
    headers = {"X-Amz-Meta-A": "b", "Accept": "*/*"} if scheme == "header" else {}
    query = "acl" if scheme == "presigned-v2" else "Action=Get"
    body = b"body" if scheme == "header" else b""
    return signed(scheme, protocol, method="PUT", path="/b/k", query=query, headers=headers, body=body, token="tok")


V4_SCHEMES = [pair for pair in SIGNERS if pair[0] != "presigned-v2"]


@pytest.mark.parametrize("protocol", [protocol for scheme, protocol in SIGNERS if scheme == "header"])
@pytest.mark.parametrize(("name", "mutate", "kind"), IN_HEADER, ids=[row[0] for row in IN_HEADER])
def test_in_the_header(protocol: str, name: str, mutate: Mutation, kind: str) -> None:
    assert outcome(mutate(good("header", protocol)), protocol).code == code(protocol, kind), name


@pytest.mark.parametrize("protocol", [protocol for scheme, protocol in SIGNERS if scheme == "presigned"])
@pytest.mark.parametrize(("name", "mutate", "kind"), IN_URL, ids=[row[0] for row in IN_URL])
def test_in_the_url(protocol: str, name: str, mutate: Mutation, kind: str) -> None:
    assert outcome(mutate(good("presigned", protocol)), protocol).code == code(protocol, kind), name


@pytest.mark.parametrize(
    ("name", "mutate", "expected"),
    [
        ("path", lambda request: rebuilt(request, raw_path=b"/other"), "SignatureDoesNotMatch"),
        ("method", lambda request: rebuilt(request, method="GET"), "SignatureDoesNotMatch"),
        ("expiry", edited_query(b"Expires=1", b"Expires=2"), "SignatureDoesNotMatch"),
        ("a header of Amazon's", with_header(b"x-amz-copy-source", b"/a/b"), "SignatureDoesNotMatch"),
        ("a signed sub-resource", with_query(b"tagging"), "SignatureDoesNotMatch"),
        ("another sub-resource that it signs", with_query(b"legal-hold"), "SignatureDoesNotMatch"),
        ("a parameter that it does not sign", with_query(b"attributes"), "AccessDenied"),
        ("an authorization header too", with_header(b"authorization", b"Bearer x"), "InvalidArgument"),
        ("version 4 too", with_query(b"X-Amz-Algorithm=AWS4-HMAC-SHA256"), "InvalidArgument"),
        ("no expiry", edited_query(b"Expires=", b"Expired="), "AccessDenied"),
        ("an expiry in words", edited_query(b"Expires=1", b"Expires=x"), "AccessDenied"),
        ("two expiries", with_query(b"Expires=99"), "AuthorizationQueryParametersError"),
        ("two tokens", with_query(b"x-amz-security-token=u"), "AuthorizationQueryParametersError"),
        ("a token in a header too", with_header(b"x-amz-security-token", b"u"), "AccessDenied"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_version_2(name: str, mutate: Mutation, expected: str) -> None:
    assert outcome(mutate(good("presigned-v2", "rest-xml")), "rest-xml").code == expected, name


@pytest.mark.parametrize(("scheme", "protocol"), SIGNERS)
def test_a_wrong_secret(scheme: str, protocol: str) -> None:
    error = outcome(good(scheme, protocol), protocol, secret="x" * 40)
    assert error.code == code(protocol, "mismatch")
    assert SECRET not in f"{error}{error.members}"


@pytest.mark.parametrize("protocol", [protocol for scheme, protocol in SIGNERS if scheme == "header"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_clock(protocol: str, sign: int) -> None:
    request = good("header", protocol)
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    minutes = 15 if protocol in ("rest-xml", "ec2") else 5
    verify(request, claim, SECRET, NOW + sign * timedelta(minutes=minutes), protocol=protocol)
    error = outcome(request, protocol, NOW + sign * timedelta(minutes=minutes, seconds=1))
    assert error.code == code(protocol, "skew")
    if protocol == "query":
        assert error.message.startswith("Signature expired: " if sign > 0 else "Signature not yet current: ")


def test_the_clocks_message_is_awss() -> None:
    error = outcome(good("header", "query"), "query", NOW + timedelta(minutes=6))
    expected = "Signature expired: 20261124T120000Z is now earlier than 20261124T120100Z (20261124T120600Z - 5 min.)"
    assert error.message == expected
    error = outcome(good("header", "rest-xml"), "rest-xml", NOW + timedelta(minutes=16))
    assert error.members == {
        "RequestTime": "20261124T120000Z",
        "ServerTime": "2026-11-24T12:16:00Z",
        "MaxAllowedSkewMilliseconds": "900000",
    }


@pytest.mark.parametrize(("scheme", "protocol"), [pair for pair in SIGNERS if pair[0] != "header"])
def test_an_expired_url(scheme: str, protocol: str) -> None:
    request = good(scheme, protocol)
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    verify(request, claim, SECRET, NOW + timedelta(seconds=900), protocol=protocol)
    error = outcome(request, protocol, NOW + timedelta(seconds=901))
    assert error.code == code(protocol, "expired" if protocol == "rest-xml" else "skew")
    if protocol == "rest-xml":
        assert error.message == "Request has expired"
        assert error.status == 403


@pytest.mark.parametrize("protocol", [protocol for scheme, protocol in SIGNERS if scheme == "presigned"])
def test_a_url_from_the_future(protocol: str) -> None:
    error = outcome(good("presigned", protocol), protocol, NOW - timedelta(minutes=16))
    assert error.code == code(protocol, "expired" if protocol == "rest-xml" else "skew")


@pytest.mark.parametrize("protocol", ["query", "json", "rest-json", "ec2"])
def test_another_body(protocol: str) -> None:
    assert outcome(rebuilt(good("header", protocol), body=b"other"), protocol).code == code(protocol, "mismatch")


def test_another_s3_body_is_found_when_it_has_been_read() -> None:
    claim = read_claim(good("header", "rest-xml"), protocol="rest-xml")
    assert claim is not None
    payload.check_body(claim.payload_hash, sha256(b"body").hexdigest())
    with pytest.raises(AwsError) as caught:
        payload.check_body(claim.payload_hash, sha256(b"other").hexdigest())
    assert caught.value.code == "XAmzContentSHA256Mismatch"
    assert caught.value.members == {
        "ClientComputedContentSHA256": sha256(b"body").hexdigest(),
        "S3ComputedContentSHA256": sha256(b"other").hexdigest(),
    }
    payload.check_body("UNSIGNED-PAYLOAD", sha256(b"other").hexdigest())


@pytest.mark.parametrize(("scheme", "protocol"), SIGNERS)
def test_an_unknown_key_takes_the_same_road(scheme: str, protocol: str) -> None:
    request = good(scheme, protocol)
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    expected = {
        "query": "InvalidClientTokenId",
        "json": "UnrecognizedClientException",
        "rest-json": "UnrecognizedClientException",
        "ec2": "AuthFailure",
        "rest-xml": "InvalidAccessKeyId",
    }
    assert verify_unknown(request, claim, NOW, protocol=protocol).code == expected[protocol]
    with pytest.raises(AwsError) as caught:
        verify_unknown(request, claim, NOW + timedelta(days=1), protocol=protocol)
    assert caught.value.code == code(protocol, "expired" if protocol == "rest-xml" and scheme != "header" else "skew")


def test_unsigned_headers_are_named() -> None:
    error = outcome(with_header(b"x-amz-acl", b"public-read")(good("header", "rest-xml")), "rest-xml")
    assert error.members == {"HeadersNotSigned": "x-amz-acl"}
    assert error.message == "There were headers present in the request which were not signed"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("AWS AKIDEXAMPLE:sig", "InvalidRequest"),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=a/20261124/s3/aws4_request, SignedHeaders=host, Signature=0",
            "InvalidRequest",
        ),
        ("Basic dTpw", "InvalidArgument"),
        ("Bearer abc", "InvalidArgument"),
        ("", "InvalidArgument"),
        ("AWS4-HMAC-SHA256", "AuthorizationHeaderMalformed"),
        ("AWS4-HMAC-SHA256 Credential=a, Credential=a, Signature=b", "AuthorizationHeaderMalformed"),
    ],
)
def test_other_mechanisms(value: str, expected: str) -> None:
    request = HttpRequest("GET", b"/", b"", [(b"host", b"h"), (b"authorization", value.encode())])
    assert outcome(request, "rest-xml").code == expected
    assert outcome(request, "query").code == "IncompleteSignature"
    assert outcome(request, "json").code == "IncompleteSignatureException"


@pytest.mark.parametrize("protocol", ["query", "json"])
def test_version_2_outside_s3_is_refused(protocol: str) -> None:
    query = b"Action=ListUsers&AWSAccessKeyId=AKIDEXAMPLE&SignatureVersion=2&Signature=x"
    request = HttpRequest("GET", b"/", query, [(b"host", b"h")])
    assert outcome(request, protocol).code == code(protocol, "malformed")


@pytest.mark.parametrize("literal", [None, "", "abc", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "E3" * 32])
def test_the_payload_literal_of_s3(literal: str | None) -> None:
    request = good("header", "rest-xml")
    headers = [pair for pair in request.headers if pair[0] != b"x-amz-content-sha256"]
    if literal is None:
        changed = in_authorization(b";x-amz-content-sha256", b"")(rebuilt(request, headers=headers))
        assert outcome(changed, "rest-xml").message == "Missing required header for this request: x-amz-content-sha256"
    else:
        changed = rebuilt(request, headers=[*headers, (b"x-amz-content-sha256", literal.encode())])
        assert outcome(changed, "rest-xml").code == "InvalidArgument"


@pytest.mark.parametrize("protocol", ["query", "json", "rest-json", "ec2"])
@pytest.mark.parametrize("literal", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
def test_only_s3_lets_a_body_go_unsigned(protocol: str, literal: str) -> None:
    request = signed("header", protocol, body=b"x", headers={"X-Amz-Content-SHA256": literal})
    assert outcome(request, protocol).code == code(protocol, "mismatch")


def test_no_credentials_at_all() -> None:
    for protocol in ("query", "json", "rest-json", "ec2", "rest-xml"):
        assert read_claim(HttpRequest("GET", b"/", b"a=b", [(b"host", b"h")]), protocol=protocol) is None
    assert faults.no_credentials("query").code == "MissingAuthenticationToken"
    assert faults.no_credentials("json").code == "MissingAuthenticationTokenException"


@pytest.mark.parametrize(
    ("protocol", "expired", "invalid", "missing"),
    [
        ("query", "ExpiredToken", "InvalidClientTokenId", "InvalidClientTokenId"),
        ("json", "ExpiredTokenException", "UnrecognizedClientException", "UnrecognizedClientException"),
        ("rest-json", "ExpiredTokenException", "UnrecognizedClientException", "UnrecognizedClientException"),
        ("ec2", "RequestExpired", "AuthFailure", "AuthFailure"),
        ("rest-xml", "ExpiredToken", "InvalidToken", "InvalidAccessKeyId"),
    ],
)
def test_tokens(protocol: str, expired: str, invalid: str, missing: str) -> None:
    assert faults.expired_token(protocol).code == expired
    assert faults.invalid_token(protocol).code == invalid
    assert faults.missing_token(protocol, "ASIAX").code == missing


def test_every_protocol_answers_every_fault() -> None:
    for table in faults.ANSWERS.values():
        assert set(table) == set(faults.Fault)


def test_schemes_are_told_apart() -> None:
    kinds = {}
    for scheme, protocol in V4_SCHEMES:
        claim = read_claim(good(scheme, protocol), protocol=protocol)
        assert claim is not None
        kinds[scheme] = claim.scheme
    assert kinds == {"header": AuthScheme.HEADER_V4, "presigned": AuthScheme.PRESIGNED_V4}
