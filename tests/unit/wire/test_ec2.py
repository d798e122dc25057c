"""EC2: its own names, its own words for what is wrong, and no parameter that it does not know."""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.service import load_service

FORM = (b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")
VERSION = b"&Version=2016-11-15"


def request(body: bytes, *, version: bytes = VERSION, method: str = "POST") -> HttpRequest:
    return HttpRequest(method, b"/", b"", [FORM], body + version)


def read(body: bytes) -> tuple[str, dict[str, Any]]:
    sent = request(body)
    operation = load_service("ec2").route(sent)
    params = operation.parse(sent)
    operation.validate(params)
    return operation.name, params


def fault(body: bytes) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        read(body)
    assert caught.value.status == 400
    return caught.value.code, caught.value.message


def test_lists_have_no_level_and_names_a_capital() -> None:
    body = b"Action=DescribeInstances&Filter.2.Name=b&Filter.1.Name=a&Filter.1.Value.1=x&InstanceId.7=i&MaxResults=5"
    filters = [{"Name": "a", "Values": ["x"]}, {"Name": "b"}]
    assert read(body) == ("DescribeInstances", {"Filters": filters, "InstanceIds": ["i"], "MaxResults": 5})


def test_a_name_of_the_query_goes_before_the_location_name() -> None:
    body = b"Action=RunInstances&MinCount=1&MaxCount=1&NetworkInterface.1.Ipv6Addresses.1.Ipv6Address=2001:db8::1"
    address = {"Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]}
    assert read(body)[1] == {"MinCount": 1, "MaxCount": 1, "NetworkInterfaces": [address]}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"Action=DescribeInstances&instanceId.1=i", "instanceId"),
        (b"Action=DescribeInstances&Nothing=1", "Nothing"),
        (b"Action=DescribeInstances&Filter.1.name=1", "name"),
        (b"Action=DescribeInstances&Filter.1.Nothing.More=1", "Nothing"),
    ],
)
def test_an_unknown_parameter_is_refused(body: bytes, name: str) -> None:
    assert fault(body) == ("UnknownParameter", f"The parameter {name} is not recognized")


def test_what_a_presigned_url_carries_is_no_parameter_of_the_operation() -> None:
    query = b"Action=DescribeRegions&Version=2016-11-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0"
    sent = HttpRequest("GET", b"/", query)
    assert load_service("ec2").route(sent).parse(sent) == {}


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            b"Action=DescribeInstances&MaxResults=x",
            "InvalidParameterValue",
            "Value (x) for parameter maxResults is invalid.",
        ),
        (
            b"Action=DescribeInstances&DryRun=maybe",
            "InvalidParameterValue",
            "Value (maybe) for parameter dryRun is invalid.",
        ),
        (
            b"Action=DescribeAddressesAttribute&MaxResults=0",
            "InvalidParameterValue",
            "Value (0) for parameter maxResults is invalid. Expecting a value greater than 1.",
        ),
        (
            b"Action=RunInstances&MinCount=1",
            "MissingParameter",
            "The request must contain the parameter maxCount",
        ),
        (
            b"Action=DescribeInstances&Filter.0.Name=x",
            "InvalidQueryParameter",
            "0 is not a valid index",
        ),
        (b"Action=DescribeInstances&Filter.1=x", "InvalidQueryParameter", "Unexpected complex element termination"),
        (b"Action=Nothing", "InvalidAction", "The action Nothing is not valid for this web service."),
        (b"Action=", "MissingAction", "Missing Action"),
        (
            b"Action=DescribeRegions&Action=RunInstances",
            "MalformedQueryString",
            "The parameter Action is given more than once.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_its_words(body: bytes, code: str, message: str) -> None:
    assert fault(body) == (code, message)


def test_deep_names_are_refused() -> None:
    assert fault(b"Action=DescribeInstances&Filter" + b".1" * 40 + b"=x")[0] == "InvalidQueryParameter"


def test_another_version_is_refused() -> None:
    for version in (b"", b"&Version=2010-08-31"):
        with pytest.raises(AwsError) as caught:
            load_service("ec2").route(request(b"Action=DescribeRegions", version=version))
        assert caught.value.code == "NoSuchVersion"


def test_an_answer_has_its_members_below_the_root() -> None:
    spec = load_service("ec2")
    moment = datetime(2026, 11, 25, 1, 2, 3, 4000, tzinfo=UTC)
    result = {"Volumes": [{"VolumeId": "v&", "CreateTime": moment, "Tags": []}]}
    answer = spec.operation("DescribeVolumes").serialize(result, request_id="r", host_id="h")
    assert isinstance(answer.body, bytes)
    root = fromstring(answer.body)  # noqa: S314  # our own answer
    space = "{http://ec2.amazonaws.com/doc/2016-11-15/}"
    assert root.tag == f"{space}DescribeVolumesResponse"
    texts = [(element.tag.removeprefix(space), element.text) for element in root.iter() if element.text]
    assert texts == [("requestId", "r"), ("volumeId", "v&"), ("createTime", "2026-11-25T01:02:03.004Z")]
    nothing = spec.operation("DeleteVolume").serialize({}, request_id="r", host_id="h")
    assert isinstance(nothing.body, bytes)
    assert b"<return>true</return>" in nothing.body


def test_an_error_is_the_first_of_a_list() -> None:
    answer = load_service("ec2").serialize_error(AwsError("X<", "é\0", 400), request_id="r", host_id="h")
    assert isinstance(answer.body, bytes)
    root = fromstring(answer.body)  # noqa: S314  # our own answer
    assert (root.findtext("Errors/Error/Code"), root.findtext("Errors/Error/Message")) == ("X<", "é\ufffd")
    assert root.findtext("RequestID") == "r"
