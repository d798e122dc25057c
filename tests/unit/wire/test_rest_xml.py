"""rest-xml's input: keys are opaque, bodies are distrusted, ambiguity is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service

VERSIONING = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"


def read(
    operation: str,
    path: bytes = b"/b/k",
    query: bytes = b"",
    headers: list[tuple[bytes, bytes]] | None = None,
    body: bytes = b"",
) -> dict[str, Any]:
    spec = load_service("s3").operation(operation)
    return spec.parse(HttpRequest(spec.http_method, path, query, headers or [], body))


def fault(operation: str, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(AwsError) as caught:
        read(operation, *args, **kwargs)
    assert caught.value.status == 400
    return caught.value.code


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (b"/b/k", "k"),
        (b"/b//k", "/k"),
        (b"/b/a//b", "a//b"),
        (b"/b/../x", "../x"),
        (b"/b/%2e%2e/x", "../x"),
        (b"/b/./", "./"),
        (b"/b/a%2Fb", "a/b"),
        (b"/b/a%252Fb", "a%2Fb"),
        (b"/b/a+b%20c", "a+b c"),
        (b"/b/%F0%9F%98%80", "😀"),
        ("/b/😀".encode(), "😀"),
        (b"/b/%00%01%0a", "\x00\x01\n"),
        (b"/b/a?b"[:4] + b"%3Fb", "a?b"),
    ],
)
def test_keys_are_decoded_once_and_never_collapsed(path: bytes, key: str) -> None:
    assert read("GetObject", path) == {"Bucket": "b", "Key": key}


@pytest.mark.parametrize("path", [b"/b/%ff", b"/b/\xff", b"/b/%zz", b"/b/%", b"/b/%C0%AF", b"/b/%ED%A0%80", b"/%ff/k"])
def test_a_key_that_is_no_utf8_is_refused(path: bytes) -> None:
    assert fault("GetObject", path) == "InvalidURI"


@pytest.mark.parametrize("query", [b"prefix=%ff", b"prefix=%z", b"%ff=1"])
def test_a_query_that_is_no_utf8_is_refused(query: bytes) -> None:
    assert fault("ListObjectsV2", b"/b", query) == "InvalidURI"


def test_a_parameter_or_header_given_twice_is_refused() -> None:
    assert fault("ListObjectsV2", b"/b", b"prefix=a&prefix=b") == "InvalidArgument"
    source = [(b"x-amz-copy-source", b"b/a"), (b"x-amz-copy-source", b"b/secret")]
    assert fault("CopyObject", headers=source) == "InvalidArgument"


def test_an_empty_number_is_none_asked_for() -> None:
    assert read("ListObjectsV2", b"/b", b"max-keys=") == {"Bucket": "b"}


@pytest.mark.parametrize("number", [b"ten", b"1.5", b"99999999999"])
def test_a_number_that_is_none_is_refused(number: bytes) -> None:
    assert fault("ListObjectsV2", b"/b", b"max-keys=" + number) == "InvalidArgument"


def test_metadata_has_lower_case_names_and_rfc_2047_is_decoded() -> None:
    headers = [
        (b"x-amz-meta-a", b" one "),
        (b"x-amz-meta-b", b"=?UTF-8?B?w4Q=?= and =?iso-8859-1?Q?=E4?="),
        (b"x-amz-meta-c", b"=?x-none?B?w4Q=?="),
        (b"x-amz-meta-d", "é".encode()),
        (b"x-amz-meta-e", b"\xe9"),
        (b"x-amz-meta-f", b"1"),
        (b"x-amz-meta-f", b"2"),
        (b"x-amz-metadata-directive", b"COPY"),
    ]
    assert read("PutObject", headers=headers)["Metadata"] == {
        "a": "one",
        "b": "Ä and ä",
        "c": "=?x-none?B?w4Q=?=",
        "d": "Ã©",
        "e": "é",
        "f": "1,2",
    }


@pytest.mark.parametrize(
    "text",
    [
        b"Sun, 06 Nov 1994 08:49:37 GMT",
        b"Sunday, 06-Nov-94 08:49:37 GMT",
        b"Sun Nov  6 08:49:37 1994",
        b"Sun, 06 Nov 1994 09:49:37 +0100",
    ],
)
def test_the_three_forms_of_a_date_are_read(text: bytes) -> None:
    seen = read("GetObject", headers=[(b"if-modified-since", text)])["IfModifiedSince"]
    assert seen == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def test_a_conditional_date_that_is_none_is_ignored_and_expires_is_any_text() -> None:
    assert "IfModifiedSince" not in read("GetObject", headers=[(b"if-modified-since", b"soon")])
    assert read("PutObject", headers=[(b"expires", b"0")])["Expires"] == "0"


def test_a_date_that_guards_a_deletion_is_never_ignored() -> None:
    header = (b"x-amz-if-match-last-modified-time", b"soon")
    assert fault("DeleteObject", headers=[header]) == "InvalidArgument"
    assert fault("PutObject", headers=[(b"x-amz-object-lock-retain-until-date", b"soon")]) == "InvalidArgument"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + VERSIONING.replace(b"Enabled", b"&b;")


@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"Enabled",
        b"\xff\xfe\x00",
        b"{}",
        b"<Other/>",
        VERSIONING + b"<x/>",
        VERSIONING[:-5],
        BOMB,
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + VERSIONING,
        VERSIONING.replace(b"Enabled", b"&lol;"),
        VERSIONING.replace(b"Enabled", b"&#0;"),
        VERSIONING.replace(b"Enabled", b"\xff"),
        VERSIONING.replace(b"Enabled", b"<b>Enabled</b>"),
        VERSIONING.replace(b"<Status>Enabled</Status>", b"<Status>Enabled</Status><Status>Suspended</Status>"),
        b"<VersioningConfiguration>" + b"<a>" * 50 + b"</a>" * 50 + b"</VersioningConfiguration>",
        b"<VersioningConfiguration>" + b"<a>" * 500_000,
        b"<VersioningConfiguration>" + b"<a/>" * 200_000 + b"</VersioningConfiguration>",
    ],
)
def test_a_body_that_cannot_be_trusted_is_malformed(body: bytes) -> None:
    assert fault("PutBucketVersioning", b"/b", b"versioning", body=body) == "MalformedXML"


def test_unknown_elements_prefixes_and_declarations_are_passed_over() -> None:
    body = (
        b'<?xml version="1.0" encoding="ISO-8859-1"?><!-- c --><s:VersioningConfiguration xmlns:s="urn:x">'
        b"<New><Status>x</Status></New><s:Status>\n Enabled</s:Status></s:VersioningConfiguration>"
    )
    params = read("PutBucketVersioning", b"/b", b"versioning", body=body)
    assert params["VersioningConfiguration"] == {"Status": "\n Enabled"}


def test_the_type_of_a_grantee_is_an_attribute_whatever_its_prefix() -> None:
    body = (
        b'<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:q="urn:x" q:type="CanonicalUser"><ID>1</ID>'
        b"</Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"
    )
    policy = read("PutBucketAcl", b"/b", b"acl", body=body)["AccessControlPolicy"]
    assert policy == {"Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "READ"}]}


def test_a_policy_is_text_and_must_be_utf8() -> None:
    assert read("PutBucketPolicy", b"/b", b"policy", body=b'{"a":"\xc3\xa9"}')["Policy"] == '{"a":"é"}'
    assert fault("PutBucketPolicy", b"/b", b"policy", body=b"\xff") == "InvalidRequest"


def test_a_stream_is_never_read_by_the_parser() -> None:
    spec = load_service("s3").operation("PutObject")
    assert spec.streaming_input == "Body"
    assert load_service("s3").operation("GetObject").streaming_output == "Body"
    assert "Body" not in read("PutObject", body=b"bytes")


def presigned(query: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> HttpRequest:
    return HttpRequest("PUT", b"/b/k", b"X-Amz-Signature=x&X-Amz-Date=1&" + query, headers or [])


def test_parameters_that_mean_headers_are_headers_for_everyone() -> None:
    request = presigned(b"x-amz-acl=private&X-Amz-Meta-A=one%20two&x-amz-storage-class=STANDARD")
    operation = load_service("s3").route(request)
    assert operation.parse(request) == {
        "Bucket": "b",
        "Key": "k",
        "ACL": "private",
        "Metadata": {"a": "one two"},
        "StorageClass": "STANDARD",
    }
    assert request.header(b"x-amz-acl") == "private"
    assert request.header(b"x-amz-signature") is None
    assert operation.parse(request)["ACL"] == "private"


def test_a_copy_source_in_the_query_makes_a_copy_too() -> None:
    request = presigned(b"%78-amz-copy-source=b%2Fsecret")
    operation = load_service("s3").route(request)
    assert operation.name == "CopyObject"
    assert operation.parse(request)["CopySource"] == "b/secret"


def test_a_parameter_must_not_contradict_a_header() -> None:
    operation = load_service("s3").operation("PutObject")
    assert operation.parse(presigned(b"x-amz-acl=private", [(b"x-amz-acl", b"private")]))["ACL"] == "private"
    for query in (b"x-amz-acl=public-read", b"x-amz-acl=private&x-amz-acl=public-read"):
        with pytest.raises(AwsError) as caught:
            operation.parse(presigned(query, [(b"x-amz-acl", b"private")]))
        assert caught.value.code == "InvalidArgument"
    with pytest.raises(AwsError):
        operation.parse(presigned(b"x-amz-acl=private&x-amz-acl=public-read"))


def test_the_bucket_of_the_host_is_no_path() -> None:
    operation = load_service("s3").operation("GetObject")
    assert operation.parse(HttpRequest("GET", b"/k", bucket="a%2Fb"))["Bucket"] == "a%2Fb"
    with pytest.raises(AwsError):
        operation.parse(HttpRequest("GET", b"/k", bucket=""))
