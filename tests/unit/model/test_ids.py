"""Identifiers look like AWS's, and access key ids carry their account as AWS's do."""

import re
import secrets
from base64 import b32decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamd.model import ids


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


def test_shapes() -> None:
    draw = secrets.token_bytes
    assert re.fullmatch("AIDA[A-Z2-7]{17}", ids.unique_id(ids.USER, draw))
    assert re.fullmatch("[A-Za-z0-9/+]{40}", ids.secret_key(draw))
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", ids.request_id(draw))
    assert re.fullmatch("[A-Z0-9]{16}", ids.s3_request_id(draw))
    assert re.fullmatch("[A-Za-z0-9/+=]{76}", ids.s3_host_id(draw))
    assert re.fullmatch("[A-Za-z0-9._]{32}", ids.version_id(draw))
    assert re.fullmatch("[a-z2-7]{26}", ids.internal_id(draw))
