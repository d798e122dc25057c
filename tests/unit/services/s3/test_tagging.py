"""Tags of objects."""

from typing import Any

import pytest

from iamd.authz.decide import Authorizer
from tests.unit.services.s3.s3_lab import S3Lab

TAGS = '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>{}</TagSet></Tagging>'


def tag(name: str, value: str) -> str:
    return f"<Tag><Key>{name}</Key><Value>{value}</Value></Tag>"


def test_tags_come_with_the_object_and_go_with_it(bucket: S3Lab) -> None:
    bucket.put("k", x_amz_tagging="a=1&b%20c=%C3%BC")
    answer = bucket("GET", "/bucket/k", "tagging")
    assert (answer.all("Key"), answer.all("Value")) == (["a", "b c"], ["1", "ü"])
    assert bucket("GET", "/bucket/k").headers["x-amz-tagging-count"] == "2"
    bucket.put("k")
    assert bucket("GET", "/bucket/k", "tagging").all("Key") == []


def test_tags_are_replaced_and_removed(bucket: S3Lab) -> None:
    bucket.put("k", b"abc", x_amz_tagging="a=1")
    assert bucket("PUT", "/bucket/k", "tagging", body=TAGS.format(tag("b", "2")).encode()).status == 200
    assert bucket("GET", "/bucket/k", "tagging").all("Key") == ["b"]
    assert bucket("DELETE", "/bucket/k", "tagging").status == 204
    assert bucket("GET", "/bucket/k", "tagging").all("Key") == []
    assert bucket("GET", "/bucket/k").body == b"abc"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("&".join(f"k{n}=v" for n in range(11)), "BadRequest"),
        ("a=1&a=2", "InvalidArgument"),
        ("a=%zz", "InvalidArgument"),
        ("a=%ff", "InvalidArgument"),
        ("aws:x=1", "InvalidTag"),
        ("class=secret&Class=public", "InvalidTag"),
        ("=1", "InvalidTag"),
        ("a=" + "x" * 257, "InvalidTag"),
        ("k" * 129 + "=1", "InvalidTag"),
        ("a=%3C", "InvalidTag"),
    ],
)
def test_bad_tags_are_refused(bucket: S3Lab, text: str, fault: str) -> None:
    answer = bucket("PUT", "/bucket/k", x_amz_tagging=text)
    assert (answer.status, answer.fault) == (400, fault)


def test_the_tags_of_a_missing_object(bucket: S3Lab) -> None:
    assert bucket("GET", "/bucket/k", "tagging").fault == "NoSuchKey"
    assert bucket("PUT", "/bucket/k", "tagging", body=TAGS.format("").encode()).fault == "NoSuchKey"


@pytest.mark.parametrize(
    ("request_line", "headers"),
    [
        (("PUT", "/bucket/k", "tagging"), {}),
        (("DELETE", "/bucket/k", "tagging"), {}),
        (("GET", "/bucket/k", "tagging"), {}),
        (("PUT", "/bucket/copy", ""), {"x_amz_copy_source": "/bucket/k"}),
    ],
)
def test_tags_that_change_behind_the_decision_end_the_operation(
    bucket: S3Lab, monkeypatch: pytest.MonkeyPatch, request_line: tuple[str, str, str], headers: dict[str, Any]
) -> None:
    """Who may touch what is public has not been asked about what is secret."""
    bucket.put("k", b"public", x_amz_tagging="class=public")
    decide, waiting = Authorizer.decide, ["once"]

    def decided(self: Authorizer, *asked: Any) -> Any:
        verdicts = decide(self, *asked)
        if waiting:
            waiting.clear()
            bucket.put("k", b"secret", x_amz_tagging="class=secret")
        return verdicts

    monkeypatch.setattr(Authorizer, "decide", decided)
    body = TAGS.format(tag("b", "2")).encode() if request_line[0] == "PUT" and not headers else b""
    answer = bucket(*request_line, body=body, **headers)
    assert (answer.status, answer.fault) == (409, "OperationAborted")
    assert bucket("GET", "/bucket/k", "tagging").all("Value") == ["secret"]
    assert bucket("GET", "/bucket/copy").status == 404
