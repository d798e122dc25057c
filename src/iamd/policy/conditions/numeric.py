"""Numeric operators: integers and decimals, compared exactly."""

import re
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Final

from iamd.policy.conditions.comparer import typed_family

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


def read_number(text: str) -> Decimal | None:
    """None for what is not a number as written in policies: no spaces, no separators, no NaN, no Infinity."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


equals = typed_family(read_number, eq)
less_than = typed_family(read_number, lt)
less_than_equals = typed_family(read_number, le)
greater_than = typed_family(read_number, gt)
greater_than_equals = typed_family(read_number, ge)
