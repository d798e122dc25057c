"""No document makes much work: what is too long is not read, and what is read costs no more than its length.

Where a search could go back and forth the text is so long that a quadratic one would take hours: it would not end.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.model.errors import AwsError
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy import AccessRequest, Layers, PolicyError, compile_document, decide, parse_document
from iamd.services.s3 import bucket_policy
from iamd.services.sts.rules import session_policies

ALICE = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
LONG = 1_000_000


def allowing(**changes: Any) -> str:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", **changes}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def ask(text: str) -> bool:
    policy = compile_document(parse_document(text, kind=PolicyKind.IDENTITY))
    request = AccessRequest(ALICE, "s3:" + "Get" * 400, "arn:aws:s3:::" + "ab" * 500, None, {"a": "b" * 1000})
    return decide(request, Layers(identity=[policy])).allowed


HOSTILE: dict[str, Callable[[int], str]] = {
    "blanks in a variable": lambda n: allowing(Resource="arn:aws:s3:::${a" + " " * n + "x}"),
    "a default without an end": lambda n: allowing(Resource="arn:aws:s3:::${a," + " '" * n + "}"),
    "variables that never end": lambda n: allowing(Resource="arn:aws:s3:::" + "${a" * n),
    "commas": lambda n: allowing(Resource="arn:aws:s3:::${" + "," * n + "}"),
    "wildcards in an action": lambda n: allowing(Action="s3:" + "*?" * n + "x"),
    "wildcards in a resource": lambda n: allowing(Resource="arn:aws:s3:::" + "*a*b" * n + "x"),
    "wildcards in a value": lambda n: allowing(Condition={"StringLike": {"a": "*b?" * n + "x"}}),
    "an ARN of colons": lambda n: allowing(Resource="arn:aws:s3:" + ":" * n),
    "a date of digits": lambda n: allowing(Condition={"DateEquals": {"a": "1" * n + "x"}}),
    "a date of separators": lambda n: allowing(Condition={"DateEquals": {"a": "2020-01-01T" + "00:" * n}}),
    "a number of digits": lambda n: allowing(Condition={"NumericEquals": {"a": "1" * n + "x"}}),
    "an address of colons": lambda n: allowing(Condition={"IpAddress": {"a": ":" * n}}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_of_a_megabyte_is_read_and_asked(name: str) -> None:
    try:
        assert not ask(HOSTILE[name](LONG // 4))
    except PolicyError:
        assert name in {"a date of digits", "a date of separators"}


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many Python functions are called within."""
    calls = [0]

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        calls[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def work(make: Callable[[int], str], size: int) -> int:
    text = make(size)
    with counted() as calls:
        ask(text)
    return calls[0]


MANY: dict[str, Callable[[int], str]] = {
    "statements": lambda n: json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": f"s3:*{i}", "Resource": f"arn:aws:s3:::{i}*"} for i in range(n)]}
    ),
    "actions": lambda n: allowing(Action=[f"s3:*{i}" for i in range(n)]),
    "resources": lambda n: allowing(Resource=[f"arn:aws:s3:::*{i}" for i in range(n)]),
    "values": lambda n: allowing(Condition={"StringLike": {"a": [f"*{i}" for i in range(n)]}}),
    "variables": lambda n: allowing(Resource="arn:aws:s3:::" + "${a}" * n),
    "conditions": lambda n: allowing(Condition={"StringLike": {f"a{i}": "*" for i in range(n)}}),
}


@pytest.mark.parametrize("name", MANY)
def test_twice_as_much_of_anything_is_twice_the_work(name: str) -> None:
    once, twice = work(MANY[name], 1_000), work(MANY[name], 2_000)
    assert twice < 2.1 * once


def test_nothing_too_long_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(bucket_policy, "parse_document", read)
    monkeypatch.setattr(session_policies, "parse_document", read)
    huge = allowing(Action=["s3:GetObject"] * (LONG // 14))
    with pytest.raises(AwsError, match="exceeds the maximum allowed size of 20480 bytes"):
        bucket_policy.read_bucket_policy(huge, "bucket")
    with pytest.raises(AwsError, match="less than or equal to 131072"):
        session_policies.session_policies(None, "111122223333", {"Policy": huge})  # type: ignore[arg-type]  # unused
