"""Any bytes in headers, path and query end in a claim, in no claim, or in an AwsError; and never in a success."""

from hypothesis import given, settings
from hypothesis import strategies as st

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import read_claim, verify, verify_unknown
from tests.unit.wire_sigv4.signers import NOW, SECRET, signed

PROTOCOLS = st.sampled_from(["query", "json", "rest-json", "ec2", "rest-xml"])
GOOD = {
    scheme: signed(scheme, "rest-xml", path="/b/k", query="acl", token="tok")
    for scheme in ("header", "presigned", "presigned-v2")
}
NAMES = st.sampled_from(
    [b"authorization", b"host", b"x-amz-date", b"date", b"x-amz-content-sha256", b"x-amz-security-token", b"x-amz-\xff"]
)
# What parsers stumble over.
SPICE = st.sampled_from(
    [
        b"AWS4-HMAC-SHA256 ",
        b"Credential=",
        b"SignedHeaders=host",
        b"Signature=",
        b"/aws4_request",
        b"20261124T120000Z",
        b"99991231T235959Z",
        b"00010101T000000Z",
        b"Mon, 09 Sep 0000 23:36:00 -2400",
        b"%00",
        b"%ff%",
        b"\xb2",
        b",",
        b"=",
    ]
)
BYTES = st.lists(st.one_of(SPICE, st.binary(max_size=6)), max_size=5).map(b"".join)
QUERY_NAMES = st.sampled_from(
    [
        b"X-Amz-Algorithm=AWS4-HMAC-SHA256",
        b"X-Amz-Credential=",
        b"X-Amz-Date=",
        b"X-Amz-SignedHeaders=host",
        b"X-Amz-Expires=",
        b"X-Amz-Signature=",
        b"AWSAccessKeyId=",
        b"Signature=",
        b"Expires=",
        b"x=",
    ]
)
QUERIES = st.lists(st.tuples(QUERY_NAMES, BYTES).map(b"".join), max_size=7).map(b"&".join)


def refusal(request: HttpRequest, protocol: str, *, known: bool) -> AwsError | None:
    try:
        claim = read_claim(request, protocol=protocol)
        if claim is None:
            return None
        if not known:
            return verify_unknown(request, claim, NOW, protocol=protocol)
        verify(request, claim, SECRET[::-1], NOW, protocol=protocol)
    except AwsError as error:
        return error
    raise AssertionError("nothing here is signed with that secret")


def try_it(request: HttpRequest, protocol: str) -> None:
    known = refusal(request, protocol, known=True)
    unknown = refusal(request, protocol, known=False)
    assert (known is None) == (unknown is None)
    assert all(400 <= error.status < 500 for error in (known, unknown) if error is not None)


@settings(max_examples=600, deadline=None)
@given(headers=st.lists(st.tuples(NAMES, BYTES), max_size=6), path=BYTES, query=QUERIES, protocol=PROTOCOLS)
def test_from_nothing(headers: list[tuple[bytes, bytes]], path: bytes, query: bytes, protocol: str) -> None:
    try_it(HttpRequest("GET", b"/" + path, query, headers), protocol)


@settings(max_examples=600, deadline=None)
@given(scheme=st.sampled_from(sorted(GOOD)), data=st.data(), protocol=PROTOCOLS)
def test_from_a_good_request(scheme: str, data: st.DataObject, protocol: str) -> None:
    good = GOOD[scheme]
    parts = [list(pair) for pair in good.headers]
    at = data.draw(st.integers(0, len(parts)))
    noise = data.draw(BYTES)
    query = good.raw_query
    if at < len(parts):
        cut = data.draw(st.integers(0, len(parts[at][1])))
        parts[at][1] = parts[at][1][:cut] + noise + parts[at][1][cut + 1 :]
    else:
        cut = data.draw(st.integers(0, len(query)))
        query = query[:cut] + noise + query[cut + 1 :]
    try_it(HttpRequest("GET", good.raw_path, query, [(name, value) for name, value in parts]), protocol)
