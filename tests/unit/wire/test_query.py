"""The query protocol: one parse, from one place; malformed forms are refused and cost nothing."""

import time
import tracemalloc
from typing import Any

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service

FORM = [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]
USER = "Action=GetUser&Version=2010-05-08&UserName=bob"


def posted(body: str | bytes, query: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None) -> HttpRequest:
    raw = body.encode() if isinstance(body, str) else body
    return HttpRequest("POST", b"/", query, FORM if headers is None else headers, raw)


def read(request: HttpRequest, service: str = "iam") -> dict[str, Any]:
    return load_service(service).route(request).parse(request)


def fault(request: HttpRequest, service: str = "iam") -> tuple[str, str, int]:
    with pytest.raises(AwsError) as caught:
        read(request, service)
    return caught.value.code, caught.value.message, caught.value.status


def tags(*pairs: str) -> HttpRequest:
    return posted("&".join(["Action=TagUser&Version=2010-05-08&UserName=b", *pairs]))


def test_the_parameters_come_from_the_body() -> None:
    assert read(posted(USER)) == {"UserName": "bob"}


def test_a_get_has_them_in_the_query() -> None:
    assert read(HttpRequest("GET", b"/", USER.encode())) == {"UserName": "bob"}


def test_plus_is_a_space_and_escapes_are_decoded_once() -> None:
    assert read(posted("Action=GetUser&Version=2010-05-08&UserName=a+b%2Bc%2525")) == {"UserName": "a b+c%25"}


def test_unknown_parameters_are_ignored() -> None:
    assert read(posted(f"{USER}&Fresh=1&Fresh.member.1=2")) == {"UserName": "bob"}


def test_a_presigned_post_keeps_its_signature_in_the_query() -> None:
    assert read(posted(USER, b"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab")) == {"UserName": "bob"}


@pytest.mark.parametrize(
    "request_",
    [
        posted(USER, b"Action=DeleteUser"),
        posted(USER, b"Action=GetUser"),
        posted(USER, b"UserName=eve"),
        posted(f"{USER}&UserName=eve"),
        posted(f"{USER}&Action=DeleteUser"),
        posted(f"{USER}&UserNam%65=eve"),
        posted(f"{USER}&X=%zz"),
        posted(f"{USER}&X=%"),
        posted(USER.encode() + b"&X=\xff"),
        posted(f"{USER}&%ff=1"),
        posted(USER + "&a" * 20_001),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(request_: HttpRequest) -> None:
    code, _, status = fault(request_)
    assert (code, status) == ("MalformedQueryString", 400)


def test_no_action_and_unknown_ones_have_awss_messages() -> None:
    assert fault(posted(""))[0] == "MissingAction"
    assert fault(posted("Action=&Version=2010-05-08"))[0] == "MissingAction"
    assert fault(posted("Action=Nope&Version=2010-05-08")) == (
        "InvalidAction",
        "Could not find operation Nope for version 2010-05-08",
        400,
    )
    assert fault(posted("Action=GetUser")) == (
        "InvalidAction",
        "Could not find operation GetUser for version NO_VERSION_SPECIFIED",
        400,
    )
    assert fault(posted("Action=GetUser&Version=2011-06-15"))[0] == "InvalidAction"


def test_an_action_of_another_service_is_unknown() -> None:
    assert fault(posted("Action=GetUser&Version=2011-06-15"), "sts")[0] == "InvalidAction"


def test_a_body_of_another_type_is_no_form() -> None:
    assert fault(posted(USER, headers=[(b"content-type", b"application/json")]))[0] == "MissingAction"


def test_only_post_and_get_are_spoken() -> None:
    assert fault(HttpRequest("PUT", b"/", b"", FORM, USER.encode()))[2] == 405


def test_lists_keep_the_order_of_their_indices_not_of_the_form() -> None:
    request = tags("Tags.member.10.Key=c", "Tags.member.10.Value=3", "Tags.member.2.Key=b", "Tags.member.2.Value=2")
    assert read(request)["Tags"] == [{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}]


def test_a_huge_index_costs_nothing() -> None:
    request = tags("Tags.member.999999999.Key=a", "Tags.member.999999999.Value=1")
    tracemalloc.start()
    assert read(request)["Tags"] == [{"Key": "a", "Value": "1"}]
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "pair",
    [
        "Tags=x",
        "Tags.1.Key=a",
        "Tags.member.x.Key=a",
        "Tags.member.-1.Key=a",
        "Tags.member.0.Key=a",
        "Tags.member.01.Key=a",
        "Tags.member.%D9%A3.Key=a",
        "Tags.member.9999999999.Key=a",
        "Tags.member.1=a",
        "Tags.member.1.Key.member.1=a",
        "Tags..1=a",
        "Tags.=a",
        "Tags." + "a." * 500 + "b=1",
    ],
)
def test_a_malformed_list_is_refused(pair: str) -> None:
    assert fault(tags(pair))[0] == "MalformedInput"


@pytest.mark.parametrize(
    ("operation", "pair"),
    [
        ("ListUsers", "MaxItems=ten"),
        ("ListUsers", "MaxItems="),
        ("ListUsers", "MaxItems=1_0"),
        ("ListUsers", "MaxItems=٣"),
        ("ListUsers", "MaxItems=99999999999999999999999"),
        ("ListUsers", "MaxItems=2147483648"),
        ("UpdateAccountPasswordPolicy", "RequireSymbols=yes"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(operation: str, pair: str) -> None:
    assert fault(posted(f"Action={operation}&Version=2010-05-08&{pair}"))[0] == "MalformedInput"


def test_many_parameters_take_linear_time() -> None:
    pairs = [f"Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value=v" for n in range(1, 9_000)]
    before = time.process_time()
    assert len(read(tags(*pairs))["Tags"]) == 8_999
    assert time.process_time() - before < 2


def test_a_form_asked_for_before_the_body_was_read_is_read_again() -> None:
    request = posted("")
    assert fault(request)[0] == "MissingAction"
    request.body = USER.encode()
    assert read(request) == {"UserName": "bob"}
