"""Remembered signing keys: never another's, never more than there is room for."""

from dataclasses import replace
from typing import Any

from iamd.wire.sigv4 import Claim, SigningKeys, read_claim
from iamd.wire.sigv4.keys import derive_signing_key
from tests.unit.wire_sigv4.signers import SECRET, signed

request = signed("header", "query")


def claim_of(**changes: Any) -> Claim:
    claim = read_claim(request, protocol="query")
    assert claim is not None
    return replace(claim, **changes)


def test_a_key_is_derived_once() -> None:
    keys, claim = SigningKeys(), claim_of()
    expected = derive_signing_key(SECRET, "20261124", "us-east-1", "sts")
    assert keys.get(claim, SECRET) == (expected, False)
    assert keys.get(claim, SECRET) == (expected, True)


def test_every_part_of_it_tells_one_from_another() -> None:
    keys = SigningKeys()
    found = {keys.get(claim_of(), SECRET)[0]}
    for changes in ({"access_key_id": "AKIA2"}, {"date": "20261125"}, {"region": "eu-west-1"}, {"service": "s3"}):
        key, remembered = keys.get(claim_of(**changes), SECRET)
        assert not remembered
        found.add(key)
    key, remembered = keys.get(claim_of(), "x" * 40)
    assert not remembered
    assert len({*found, key}) == 5


def test_the_one_that_was_used_longest_ago_goes_first() -> None:
    keys = SigningKeys(2)
    first, second, third = (claim_of(region=region) for region in ("a", "b", "c"))
    for claim in (first, second, first, third):
        keys.get(claim, SECRET)
    assert [keys.get(claim, SECRET)[1] for claim in (third, first)] == [True, True]
    assert not keys.get(second, SECRET)[1]


def test_so_many_are_remembered_and_no_more() -> None:
    keys = SigningKeys()
    claims = [claim_of(region=str(number)) for number in range(2049)]
    for claim in claims:
        keys.get(claim, SECRET)
    assert keys.get(claims[-1], SECRET)[1]
    assert keys.get(claims[1], SECRET)[1]
    assert not keys.get(claims[0], SECRET)[1]
