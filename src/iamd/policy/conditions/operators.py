"""The operators by name."""

from types import MappingProxyType
from typing import Final, NamedTuple

from iamd.model.document import Quantifier
from iamd.policy.conditions import arn, binary, boolean, date, ip, numeric, string
from iamd.policy.conditions.comparer import Comparer, Family


class Operator(NamedTuple):
    """`cost` orders the conditions of a statement: the cheapest is asked first."""

    family: Family
    negated: bool
    cost: int


def _presence(_values: tuple[str, ...], _variables: bool) -> Comparer:
    """Null never looks at a value."""
    return lambda _value, _context: None


NULL: Final = "Null"

_CHEAPEST_FIRST: Final[tuple[tuple[Family, ...], ...]] = (
    (_presence,),
    (string.equals, string.equals_ignoring_case, boolean.matches),
    (string.like, binary.equals),
    (
        *(numeric.equals, numeric.less_than, numeric.less_than_equals, numeric.greater_than),
        *(numeric.greater_than_equals, arn.like),
    ),
    (date.equals, date.less_than, date.less_than_equals, date.greater_than, date.greater_than_equals, ip.within),
)


def _operator(family: Family, *, negated: bool = False) -> Operator:
    cost = next(number for number, families in enumerate(_CHEAPEST_FIRST) if family in families)
    return Operator(family, negated, cost)


OPERATORS: Final = MappingProxyType(
    {
        "StringEquals": _operator(string.equals),
        "StringNotEquals": _operator(string.equals, negated=True),
        "StringEqualsIgnoreCase": _operator(string.equals_ignoring_case),
        "StringNotEqualsIgnoreCase": _operator(string.equals_ignoring_case, negated=True),
        "StringLike": _operator(string.like),
        "StringNotLike": _operator(string.like, negated=True),
        "NumericEquals": _operator(numeric.equals),
        "NumericNotEquals": _operator(numeric.equals, negated=True),
        "NumericLessThan": _operator(numeric.less_than),
        "NumericLessThanEquals": _operator(numeric.less_than_equals),
        "NumericGreaterThan": _operator(numeric.greater_than),
        "NumericGreaterThanEquals": _operator(numeric.greater_than_equals),
        "DateEquals": _operator(date.equals),
        "DateNotEquals": _operator(date.equals, negated=True),
        "DateLessThan": _operator(date.less_than),
        "DateLessThanEquals": _operator(date.less_than_equals),
        "DateGreaterThan": _operator(date.greater_than),
        "DateGreaterThanEquals": _operator(date.greater_than_equals),
        "Bool": _operator(boolean.matches),
        "BinaryEquals": _operator(binary.equals),
        "IpAddress": _operator(ip.within),
        "NotIpAddress": _operator(ip.within, negated=True),
        "ArnEquals": _operator(arn.like),
        "ArnLike": _operator(arn.like),
        "ArnNotEquals": _operator(arn.like, negated=True),
        "ArnNotLike": _operator(arn.like, negated=True),
        NULL: _operator(_presence),
    }
)


def parse_operator(written: str) -> tuple[str, Quantifier, bool] | None:
    """The bare name, the set prefix and whether IfExists is on it; None for what is no operator."""
    quantifier = Quantifier.NONE
    name = written
    head, colon, rest = written.partition(":")
    if colon:
        if head not in {Quantifier.ALL.value, Quantifier.ANY.value}:
            return None
        quantifier, name = Quantifier(head), rest
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name not in OPERATORS or (if_exists and name == NULL):
        return None
    return name, quantifier, if_exists
