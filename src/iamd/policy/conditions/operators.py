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

OPERATORS: Final = MappingProxyType(
    {
        "StringEquals": Operator(string.equals, negated=False, cost=1),
        "StringNotEquals": Operator(string.equals, negated=True, cost=1),
        "StringEqualsIgnoreCase": Operator(string.equals_ignoring_case, negated=False, cost=1),
        "StringNotEqualsIgnoreCase": Operator(string.equals_ignoring_case, negated=True, cost=1),
        "StringLike": Operator(string.like, negated=False, cost=2),
        "StringNotLike": Operator(string.like, negated=True, cost=2),
        "NumericEquals": Operator(numeric.equals, negated=False, cost=3),
        "NumericNotEquals": Operator(numeric.equals, negated=True, cost=3),
        "NumericLessThan": Operator(numeric.less_than, negated=False, cost=3),
        "NumericLessThanEquals": Operator(numeric.less_than_equals, negated=False, cost=3),
        "NumericGreaterThan": Operator(numeric.greater_than, negated=False, cost=3),
        "NumericGreaterThanEquals": Operator(numeric.greater_than_equals, negated=False, cost=3),
        "DateEquals": Operator(date.equals, negated=False, cost=4),
        "DateNotEquals": Operator(date.equals, negated=True, cost=4),
        "DateLessThan": Operator(date.less_than, negated=False, cost=4),
        "DateLessThanEquals": Operator(date.less_than_equals, negated=False, cost=4),
        "DateGreaterThan": Operator(date.greater_than, negated=False, cost=4),
        "DateGreaterThanEquals": Operator(date.greater_than_equals, negated=False, cost=4),
        "Bool": Operator(boolean.matches, negated=False, cost=1),
        "BinaryEquals": Operator(binary.equals, negated=False, cost=2),
        "IpAddress": Operator(ip.within, negated=False, cost=4),
        "NotIpAddress": Operator(ip.within, negated=True, cost=4),
        "ArnEquals": Operator(arn.like, negated=False, cost=3),
        "ArnLike": Operator(arn.like, negated=False, cost=3),
        "ArnNotEquals": Operator(arn.like, negated=True, cost=3),
        "ArnNotLike": Operator(arn.like, negated=True, cost=3),
        NULL: Operator(_presence, negated=False, cost=0),
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
