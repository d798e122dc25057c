"""Whatever botocore's signers sign, verifies; with another secret, it does not."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamd.model.errors import AwsError
from iamd.wire.sigv4 import AuthScheme, SigningKeys, read_claim, verify
from tests.unit.wire_sigv4.signers import KEY, NOW, SECRET, SIGNERS, signed

WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
PATHS = st.lists(WORDS.map(lambda word: quote(word, safe="-._~")), max_size=4).map(lambda parts: "/" + "/".join(parts))
PAIRS = st.tuples(WORDS.map(lambda word: "p" + quote(word, safe="-._~")), WORDS.map(lambda word: quote(word, safe="")))
QUERIES = st.lists(PAIRS, max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
SUB_RESOURCES = st.sampled_from(["", "acl", "versionId=a%2Bb&acl", "prefix=x&uploads", "response-content-type=a%2Fb"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
TOKENS = st.sampled_from([None, "IQoJb3/+=="])
EMPTY_SEGMENTS = ["/", "//", "/a//b/../c", "/a/./b/", "/..", "/a/%2E%2E/b", "/%2F%2f", "/b/k%20%C3%A9%2Fx~"]


@pytest.mark.parametrize(("scheme", "protocol"), SIGNERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_random_requests(scheme: str, protocol: str, data: st.DataObject) -> None:
    version_2 = scheme == "presigned-v2"
    request = signed(
        scheme,
        protocol,
        method=data.draw(st.sampled_from(["GET", "PUT", "POST", "DELETE"])),
        path=data.draw(PATHS),
        query=data.draw(SUB_RESOURCES if version_2 else QUERIES),
        headers={"X-Amz-Meta-A": data.draw(VALUES), "Content-Type": "x/y"} if scheme == "header" else {},
        body=data.draw(st.binary(max_size=20)) if scheme == "header" else b"",
        token=data.draw(TOKENS),
        region=data.draw(st.sampled_from(["us-east-1", "eu-west-3", "mars"])),
    )
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    assert claim.access_key_id == KEY
    verify(request, claim, SECRET, NOW, protocol=protocol, keys=SigningKeys(2))
    with pytest.raises(AwsError):
        verify(request, claim, SECRET[:-1] + "Z", NOW, protocol=protocol)


@pytest.mark.parametrize("path", EMPTY_SEGMENTS)
@pytest.mark.parametrize(("scheme", "protocol"), SIGNERS)
def test_paths(scheme: str, protocol: str, path: str) -> None:
    if protocol == "rest-xml" and scheme != "presigned-v2":
        # botocore signs S3 paths as sent; only canonical encodings can agree with the decoded form.
        path = path.replace("%2E%2E", "..").replace("%2f", "%2F")
    request = signed(scheme, protocol, path=path)
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    verify(request, claim, SECRET, NOW, protocol=protocol)


@pytest.mark.parametrize("protocol", ["query", "rest-xml"])
def test_another_encoding_of_the_same_query_still_verifies(protocol: str) -> None:
    request = signed("header", protocol, query="prefix=a%2Fb%20c~&x=")
    claim = read_claim(request, protocol=protocol)
    assert claim is not None
    for again in (b"prefix=a%2fb+c~&x", b"x&prefix=a/b%20c%7e", b"%70refix=a%2Fb%20c~&x="):
        request.raw_query = again
        request.__dict__.pop("query_pairs", None)
        verify(request, claim, SECRET, NOW, protocol=protocol)


def test_the_claim_says_what_was_signed() -> None:
    request = signed("header", "rest-xml", path="/b/k", body=b"hello", token="tok", region="eu-west-1")
    claim = read_claim(request, protocol="rest-xml")
    assert claim is not None
    assert claim.scheme is AuthScheme.HEADER_V4
    assert (claim.date, claim.region, claim.service) == ("20261124", "eu-west-1", "s3")
    assert claim.timestamp == NOW
    assert claim.payload_hash == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert claim.session_token == "tok"
    assert "'tok'" not in repr(claim)


def test_a_virtual_host_bucket_is_part_of_a_version_2_resource() -> None:
    request = signed("presigned-v2", "rest-xml", path="/key", bucket="bkt")
    claim = read_claim(request, protocol="rest-xml")
    assert claim is not None
    assert claim.scheme is AuthScheme.PRESIGNED_V2
    verify(request, claim, SECRET, NOW, protocol="rest-xml")
    request.bucket = "other"
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        verify(request, claim, SECRET, NOW, protocol="rest-xml")


def test_remembered_keys_are_bounded_and_never_another_secrets() -> None:
    keys = SigningKeys(2)
    request = signed("header", "query")
    claim = read_claim(request, protocol="query")
    assert claim is not None
    assert keys.get(claim, SECRET)[1] is False
    assert keys.get(claim, SECRET)[1] is True
    assert keys.get(claim, "other")[0] != keys.get(claim, SECRET)[0]
    keys.get(claim, "third")
    keys.get(claim, "fourth")
    assert keys.get(claim, SECRET)[1] is False
