"""The words for a bad signature, whole, by where it stands and by protocol; what S3 tells beside them.

S3 API Reference, "Error responses"; IAM User Guide, "Troubleshoot Signature Version 4"; see `faults`.
"""

from base64 import b64encode
from hashlib import sha256

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults, payload, read_claim, verify_unknown
from tests.unit.wire_sigv4.signers import KEY, NOW, SIGNERS, signed
from tests.unit.wire_sigv4.test_fault_matrix import (
    Mutation,
    edited_header,
    edited_query,
    good,
    in_authorization,
    outcome,
    rebuilt,
    with_header,
    with_query,
)

MALFORMED = "The authorization header is malformed; "
COMPONENTS = f"{MALFORMED}the authorization header requires three components: Credential, SignedHeaders, and Signature."
PARSING = "Error parsing the X-Amz-Credential parameter; "
EXPECTING = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
ELEMENTS = (
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
    f"got '{KEY}/20261124/us-east-1/sts'"
)
TERMINATOR = "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."
DATE = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
UNSIGNED = "'x-amz-acl' must be a 'SignedHeader' in the AWS Authorization."
NOT_SIGNED = "There were headers present in the request which were not signed"
S3_DATE = "AWS authentication requires a valid Date or x-amz-date header"
ONE_MECHANISM = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
NO_NAMES = "SignedHeaders must be lower-case names between semicolons."
WEEK = (
    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
    "604800 seconds"
)
ISO = "Date must be in ISO-8601 'basic format'. Got '2026-11-24'. See http://en.wikipedia.org/wiki/ISO_8601"
NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
VERSION_4 = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)


def without_header(name: bytes) -> Mutation:
    return lambda request: rebuilt(request, headers=[pair for pair in request.headers if pair[0] != name])


HEADER: list[tuple[str, Mutation, str, str]] = [
    ("four parts", in_authorization(b"/aws4_request", b""), f"{MALFORMED}{EXPECTING}", ELEMENTS),
    (
        "another terminator",
        in_authorization(b"aws4_request", b"aws5_request"),
        f'{MALFORMED}incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
        TERMINATOR,
    ),
    (
        "another day",
        in_authorization(b"/20261124/", b"/20261123/"),
        f'{MALFORMED}Invalid credential date "20261123". This date is not the same as X-Amz-Date: "20261124".',
        f"{DATE}'20261123' != '20261124', from '20261124T120000Z'.",
    ),
    ("names in capitals", in_authorization(b";host;", b";Host;"), MALFORMED + NO_NAMES, NO_NAMES),
    (
        "a name twice",
        in_authorization(b";host;", b";host;host;"),
        f"{MALFORMED}SignedHeaders names a header twice.",
        "SignedHeaders names a header twice.",
    ),
    (
        "a header twice",
        with_header(b"x-amz-date", b"20261124T120000Z"),
        f"{MALFORMED}the x-amz-date header was sent more than once.",
        "the x-amz-date header was sent more than once.",
    ),
    (
        "the body's hash twice",
        lambda request: with_header(b"x-amz-content-sha256", b"a")(with_header(b"x-amz-content-sha256", b"a")(request)),
        f"{MALFORMED}the x-amz-content-sha256 header was sent more than once.",
        "the x-amz-content-sha256 header was sent more than once.",
    ),
    (
        "the date twice",
        lambda request: with_header(b"date", b"a")(with_header(b"date", b"a")(request)),
        f"{MALFORMED}the date header was sent more than once.",
        "the date header was sent more than once.",
    ),
    ("an unsigned header", with_header(b"x-amz-acl", b"private"), NOT_SIGNED, UNSIGNED),
    ("two mechanisms", with_query(b"X-Amz-Signature=00"), ONE_MECHANISM, ONE_MECHANISM),
    ("no date", without_header(b"x-amz-date"), S3_DATE, NO_DATE),
    (
        "a date with dashes",
        edited_header(b"x-amz-date", lambda _: b"2026-11-24"),
        S3_DATE,
        ISO,
    ),
]


@pytest.mark.parametrize(("name", "mutate", "s3", "other"), HEADER, ids=[row[0] for row in HEADER])
def test_in_the_header(name: str, mutate: Mutation, s3: str, other: str) -> None:
    assert outcome(mutate(good("header", "rest-xml")), "rest-xml").message == s3, name
    for protocol in ("query", "json"):
        message = outcome(mutate(good("header", protocol)), protocol).message
        assert message == other.replace("/sts'", "/kms'" if protocol == "json" else "/sts'"), name


NOT_A_NUMBER = "X-Amz-Expires should be a number"
NEGATIVE = "X-Amz-Expires must be non-negative"


def test_a_long_credential_is_cut() -> None:
    error = outcome(in_authorization(KEY.encode(), b"k" * 300 + b"/")(good("header", "query")), "query")
    assert error.message.endswith(f", got '{'k' * 256}'")


URL: list[tuple[str, Mutation, str, str]] = [
    ("four parts", edited_query(b"%2Faws4_request", b""), PARSING + EXPECTING, ELEMENTS),
    (
        "another terminator",
        edited_query(b"aws4_request", b"aws5_request"),
        f'{PARSING}incorrect terminal "aws5_request". This endpoint uses "aws4_request".',
        TERMINATOR,
    ),
    (
        "another day",
        edited_query(b"%2F20261124%2F", b"%2F20261123%2F"),
        f'{PARSING}Invalid credential date "20261123". This date is not the same as X-Amz-Date: "20261124".',
        f"{DATE}'20261123' != '20261124', from '20261124T120000Z'.",
    ),
    (
        "another algorithm",
        edited_query(b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA1"),
        'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"',
        'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"',
    ),
    (
        "a date that is none",
        edited_query(b"X-Amz-Date=2026", b"X-Amz-Date=x"),
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    ),
    ("words", edited_query(b"Expires=900", b"Expires=1e3"), NOT_A_NUMBER, NOT_A_NUMBER),
    ("below zero", edited_query(b"Expires=900", b"Expires=-1"), NEGATIVE, NEGATIVE),
    ("more than a week", edited_query(b"Expires=900", b"Expires=604801"), WEEK, WEEK),
    (
        "twice",
        with_query(b"x-amz-date=20261124T120000Z"),
        "the query parameter x-amz-date was given more than once.",
        "the query parameter x-amz-date was given more than once.",
    ),
    (
        "a header twice",
        with_header(b"host", b"h"),
        "the host header was sent more than once.",
        "the host header was sent more than once.",
    ),
    ("two mechanisms", with_header(b"authorization", b"Bearer a"), ONE_MECHANISM, ONE_MECHANISM),
    *[
        (
            f"no {name}",
            edited_query(f"X-Amz-{name}=".encode(), b"Gone="),
            VERSION_4,
            f"AWS query-string parameters must include 'X-Amz-{name}'. Re-examine the query-string parameters.",
        )
        for name in ("Algorithm", "Credential", "Signature", "Date", "SignedHeaders")
    ],
]


@pytest.mark.parametrize(("name", "mutate", "s3", "other"), URL, ids=[row[0] for row in URL])
def test_in_the_url(name: str, mutate: Mutation, s3: str, other: str) -> None:
    assert outcome(mutate(good("presigned", "rest-xml")), "rest-xml").message == s3, name
    assert outcome(mutate(good("presigned", "query")), "query").message == other, name


def test_several_parameters_that_are_not_there_are_each_named() -> None:
    request = HttpRequest("GET", b"/", b"X-Amz-Signature=a&X-Amz-Credential=b&X-Amz-Date=c", [(b"host", b"h")])
    assert outcome(request, "json").message == (
        "AWS query-string parameters must include 'X-Amz-Algorithm'. "
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters."
    )


def test_an_expiry_is_s3_s_alone_to_require() -> None:
    mutate = edited_query(b"X-Amz-Expires=", b"Gone=")
    assert outcome(mutate(good("presigned", "rest-xml")), "rest-xml").message == VERSION_4
    claim = read_claim(mutate(good("presigned", "query")), protocol="query")
    assert claim is not None
    assert claim.expires is None


@pytest.mark.parametrize("seconds", [0, 604_800])
def test_the_shortest_and_the_longest_expiry(seconds: int) -> None:
    claim = read_claim(signed("presigned", "rest-xml", path="/b/k", expires=seconds), protocol="rest-xml")
    assert claim is not None
    assert claim.expires == seconds


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b", ["Signature"]),
        ("AWS4-HMAC-SHA256 Signature=a", ["Credential", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256", ["Credential", "Signature", "SignedHeaders"]),
        ("Basic x", ["Credential", "Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Credential=a, Credential=b, Signature=c, SignedHeaders=d", ["Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Credential=, Signature=c, SignedHeaders=d", ["Credential", "Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Credential=a, Other=c, SignedHeaders=d", ["Signature", "SignedHeaders"]),
    ],
)
def test_the_components_that_are_missing_are_named(text: str, missing: list[str]) -> None:
    hashed = b64encode(sha256(text.encode()).digest()).decode()
    request = HttpRequest("GET", b"/", b"", [(b"host", b"h"), (b"authorization", text.encode()), (b"date", b"x")])
    lines = [f"Authorization header requires '{name}' parameter." for name in missing]
    tail = f"(Hashed with SHA-256 and encoded with Base64) Authorization={hashed}"
    assert outcome(request, "query").message == " ".join([*lines, tail])
    undated = rebuilt(request, headers=request.headers[:2])
    assert outcome(undated, "query").message == " ".join([*lines, NO_DATE, tail])
    dated = rebuilt(request, headers=[*request.headers[:2], (b"x-amz-date", b"x")])
    assert outcome(dated, "query").message == " ".join([*lines, tail])
    if text.startswith("AWS4"):
        assert outcome(request, "rest-xml").message == COMPONENTS


def test_more_than_the_components_is_no_pair() -> None:
    text = "AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=c, more"
    hashed = b64encode(sha256(text.encode()).digest()).decode()
    request = HttpRequest("GET", b"/", b"", [(b"host", b"h"), (b"authorization", text.encode()), (b"date", b"x")])
    assert outcome(request, "query").message == (
        "Invalid key=value pair (missing equal-sign) in Authorization header "
        f"(hashed with SHA-256 and encoded with Base64): '{hashed}'."
    )


def test_components_in_another_order_and_with_other_spaces_are_read() -> None:
    request = good("header", "query")
    (value,) = request.header_lists[b"authorization"]
    start, _, rest = value.partition(b" ")
    credential, names, signature = (part.strip() for part in rest.split(b","))
    for written in (
        b"%b %b,%b , %b" % (start, signature, names, credential),
        b"%b   %b,%b,   %b  " % (start, credential, names, signature),
    ):
        headers = [(b"authorization", written), *without_header(b"authorization")(request).headers]
        claim = read_claim(rebuilt(request, headers=headers), protocol="query")
        assert claim == read_claim(request, protocol="query")


def test_other_mechanisms_in_s3_s_words() -> None:
    def asked(text: bytes) -> AwsError:
        return outcome(HttpRequest("GET", b"/", b"", [(b"host", b"h"), (b"authorization", text)]), "rest-xml")

    older = asked(b"AWS AKID:sig")
    assert older.message == (
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
    )
    assert (older.code, older.status) == ("InvalidRequest", 400)
    basic = asked(b"Basic eA==")
    assert (basic.message, basic.members) == ("Unsupported Authorization Type", {"ArgumentName": "Authorization"})
    assert faults.two_mechanisms("rest-xml").members == {"ArgumentName": "Authorization"}
    assert faults.two_mechanisms("query").members == {}


def test_the_payload_s_literal() -> None:
    error = outcome(
        edited_header(b"x-amz-content-sha256", lambda _: "é".encode("latin-1") * 300)(good("header", "rest-xml")),
        "rest-xml",
    )
    assert error.message == (
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 "
        "value."
    )
    assert error.members == {"ArgumentName": "x-amz-content-sha256", "ArgumentValue": "?" * 256}
    with pytest.raises(AwsError) as caught:
        payload.check_body("0" * 64, "1" * 64)
    assert caught.value.message == "The provided 'x-amz-content-sha256' header does not match what was computed."
    assert caught.value.status == 400


def test_what_was_signed_is_shown_by_s3() -> None:
    error = outcome(rebuilt(good("header", "rest-xml"), raw_path=b"/other"), "rest-xml")
    claim = read_claim(good("header", "rest-xml"), protocol="rest-xml")
    assert claim is not None
    canonical, text = error.members["CanonicalRequest"], error.members["StringToSign"]
    assert canonical.startswith("PUT\n/other\n")
    expected = f"AWS4-HMAC-SHA256\n20261124T120000Z\n{claim.scope}\n{sha256(canonical.encode()).hexdigest()}"
    assert error.members == {
        "AWSAccessKeyId": KEY,
        "StringToSign": expected,
        "SignatureProvided": claim.signature,
        "StringToSignBytes": text.encode().hex(" "),
        "CanonicalRequest": canonical,
        "CanonicalRequestBytes": canonical.encode().hex(" "),
    }
    older = outcome(rebuilt(good("presigned-v2", "rest-xml"), raw_path=b"/other"), "rest-xml").members
    assert older.keys() == {"AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"}


def test_what_was_signed_is_shown_whatever_bytes_it_holds() -> None:
    strange = edited_header(b"x-amz-meta-a", lambda _: b"\xff")
    members = outcome(strange(good("header", "rest-xml")), "rest-xml").members
    assert "\nx-amz-meta-a:\ufffd\n" in members["CanonicalRequest"]
    older = outcome(with_header(b"x-amz-meta-a", b"\xff")(good("presigned-v2", "rest-xml")), "rest-xml").members
    assert "x-amz-meta-a:\ufffd\n" in older["StringToSign"]


def test_an_unknown_key_is_told_by_s3() -> None:
    for scheme in ("header", "presigned", "presigned-v2"):
        request = good(scheme, "rest-xml")
        claim = read_claim(request, protocol="rest-xml")
        assert claim is not None
        assert verify_unknown(request, claim, NOW, protocol="rest-xml").members == {"AWSAccessKeyId": KEY}
    assert faults.missing_token("rest-xml", "ASIA").members == {"AWSAccessKeyId": "ASIA"}


def test_unsigned_headers_are_all_named_the_host_first() -> None:
    request = in_authorization(b";host;", b";")(good("header", "query"))
    request = with_header(b"x-amz-b", b"1")(with_header(b"x-amz-a", b"1")(request))
    error = outcome(request, "query")
    names = ("host", "x-amz-a", "x-amz-b")
    assert error.message == " ".join(f"'{name}' must be a 'SignedHeader' in the AWS Authorization." for name in names)
    s3 = in_authorization(b";host;", b";")(good("header", "rest-xml"))
    assert outcome(with_header(b"x-amz-a", b"1")(s3), "rest-xml").members == {"HeadersNotSigned": "host, x-amz-a"}


def test_another_service_is_told() -> None:
    error = faults.other_service("query")
    assert (error.code, error.message) == (
        "IncompleteSignature",
        "the Credential is not for the service that this request is for.",
    )


@pytest.mark.parametrize("text", ["\x00", "\x1f", "\ud800", "\ufffe"])
def test_what_xml_cannot_say_is_replaced(text: str) -> None:
    error = faults.answer(faults.Fault.MALFORMED_QUERY, "rest-xml", f"a{text}b\t", {"x": f"{text}\U0001f600"})
    assert (error.message, error.members) == ("a\ufffdb\t", {"x": "\ufffd\U0001f600"})


def test_version_2_in_s3_s_words() -> None:
    incomplete = outcome(edited_query(b"Expires=", b"Expired=")(good("presigned-v2", "rest-xml")), "rest-xml")
    assert incomplete.message == (
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
    )
    assert incomplete.status == 403
    dated = outcome(edited_query(b"Expires=", b"Expires=" + b"x" * 40)(good("presigned-v2", "rest-xml")), "rest-xml")
    assert dated.message == f"Invalid date (should be seconds since epoch): {'x' * 32}"
    uncovered = outcome(with_query(b"a" * 70)(good("presigned-v2", "rest-xml")), "rest-xml")
    assert uncovered.message == f"Signature Version 2 does not cover the query parameter '{'a' * 64}'"
    strange = outcome(with_query(b"%FF")(good("presigned-v2", "rest-xml")), "rest-xml")
    assert strange.message == "Signature Version 2 does not cover the query parameter '\ufffd'"
    twice = outcome(with_query(b"x-amz-meta-a=1&x-amz-meta-a=2")(good("presigned-v2", "rest-xml")), "rest-xml")
    assert twice.message == "The parameter x-amz-meta-a was given more than once"


@pytest.mark.parametrize(("scheme", "protocol"), [pair for pair in SIGNERS if pair[0] != "header"])
def test_a_token_in_the_url_is_the_claim_s(scheme: str, protocol: str) -> None:
    claim = read_claim(good(scheme, protocol), protocol=protocol)
    assert claim is not None
    assert claim.session_token == "tok"
