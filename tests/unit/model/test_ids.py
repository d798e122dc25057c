"""Identifiers look like AWS's, and access key ids carry their account as AWS's do."""

import re
import secrets
from base64 import b32decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamd.model import ids

NOW = 1_795_629_600_000


@given(st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}"), st.sampled_from(["AKIA", "ASIA"]))
def test_the_published_method_finds_the_account(account: str, prefix: str) -> None:
    key_id = ids.access_key_id(prefix, account, secrets.token_bytes)
    assert re.fullmatch(f"{prefix}[A-Z2-7]{{16}}", key_id)
    bits = int.from_bytes(b32decode(key_id[4:])[:6], "big")
    assert f"{(bits & 0x7FFFFFFFFF80) >> 7:012d}" == account
    assert ids.account_of_access_key(key_id) == account


@pytest.mark.parametrize(
    ("key_id", "account"),
    [
        # docs.rs/aws_account_id_from_key_id; github.com/psanford/aws-account-id-from-key
        ("AKIASP2TPHJSQH3FJXYZ", "171436882533"),
        ("ASIAVJ2E6QGR2WZILJFM", "364679954851"),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("AIDASP2TPHJSQH3FJXYZ", None),
        ("AKIASP2TPHJSQH3FJXY", None),
        ("AKIA1111111111111111", None),
        ("AKIA7777777777777777", None),
        ("", None),
        ("AKIAéééééééééééééééé", None),
    ],
)
def test_account_of_access_key(key_id: str, account: str | None) -> None:
    assert ids.account_of_access_key(key_id) == account


@given(st.integers(0, 36**8 - 1), st.integers(0, 36**8 - 1))
def test_request_ids_sort_by_their_moment(one: int, other: int) -> None:
    for make in (ids.request_id, ids.s3_request_id):
        first, second = (make(millis, secrets.token_bytes) for millis in (one, other))
        assert one == other or (first < second) is (one < other)


def test_request_ids_of_one_moment_are_told_apart_by_chance() -> None:
    for make in (ids.request_id, ids.s3_request_id):
        assert len({make(NOW, secrets.token_bytes) for _ in range(2000)}) == 2000


@given(st.integers(0, 36**8 - 1))
def test_a_request_id_tells_its_moment(millis: int) -> None:
    for make in (ids.request_id, ids.s3_request_id):
        assert ids.moment_of_request(make(millis, secrets.token_bytes)) == millis


@pytest.mark.parametrize(
    "text", ["", "0", "g" * 36, "A" * 17, "a" * 16, "0" * 32, "00000000-0000-0000-0000-00000000000\u0661"]
)
def test_other_text_tells_none(text: str) -> None:
    assert ids.moment_of_request(text) is None


def test_every_letter_of_an_id_is_as_likely_as_any_other() -> None:
    of_each_byte = ids.unique_id("", lambda _: bytes(range(256)))
    assert len(set(of_each_byte)) == 32
    assert {of_each_byte.count(letter) for letter in of_each_byte} == {8}


@pytest.mark.parametrize("millis", [-1, 1 << 48, 1 << 63])
def test_a_clock_that_is_mad_makes_request_ids_all_the_same(millis: int) -> None:
    assert len(ids.request_id(millis, secrets.token_bytes)) == 36
    assert re.fullmatch("[A-Z0-9]{16}", ids.s3_request_id(millis, secrets.token_bytes))


def test_an_authorization_id_leads_back_to_its_request() -> None:
    for millis in (0, NOW):
        request = ids.request_id(millis, secrets.token_bytes)
        assert ids.request_of_authorization(ids.authorization_id(request)) == request


def test_shapes() -> None:
    draw = secrets.token_bytes
    assert re.fullmatch("AIDA[A-Z2-7]{17}", ids.unique_id(ids.USER, draw))
    assert re.fullmatch("[A-Za-z0-9/+]{40}", ids.secret_key(draw))
    for uuid in (ids.uuid(draw), ids.request_id(NOW, draw)):
        assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid)
    assert re.fullmatch("[A-Z0-9]{16}", ids.s3_request_id(NOW, draw))
    assert re.fullmatch("[A-Za-z0-9/+=]{76}", ids.s3_host_id(draw))
    assert re.fullmatch("[A-Za-z0-9._]{32}", ids.version_id(draw))
    assert re.fullmatch("[a-z2-7]{26}", ids.internal_id(draw))
