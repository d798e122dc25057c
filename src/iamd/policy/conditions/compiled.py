"""One condition, compiled: missing keys, set operators and negation are the same for every family.

User Guide, "Condition operators" and "Multivalued context keys"; the order of the rules for a missing key is that of
`policy-semantics`: Null, ForAnyValue, ForAllValues, IfExists, negation.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from iamd.model.document import Condition, Quantifier
from iamd.policy.conditions.comparer import Comparer
from iamd.policy.conditions.operators import NULL, OPERATORS
from iamd.policy.glob import SHORT
from iamd.policy.variables import Context

Holds = Callable[[Context], bool]


class CompiledCondition(NamedTuple):
    """`key` is lower-case, as the context's keys are."""

    source: Condition
    key: str
    cost: int
    holds: Holds


def compile_condition(condition: Condition, *, variables: bool) -> CompiledCondition:
    """Short conditions are remembered: the same few stand in statement after statement."""
    make = _remembered if sum(map(len, condition.values), len(condition.key)) <= SHORT else _compile
    return make(condition, variables)


def _compile(condition: Condition, variables: bool) -> CompiledCondition:
    operator = OPERATORS[condition.operator]
    key = condition.key.lower()
    if condition.operator == NULL:
        holds = _null(key, condition.values, in_set=condition.quantifier is not Quantifier.NONE)
        return CompiledCondition(condition, key, operator.cost, holds)
    compare = operator.family(condition.values, variables)
    wanted = not operator.negated
    if condition.quantifier is Quantifier.NONE:
        holds = _single(key, compare, wanted=wanted, if_missing=condition.if_exists or operator.negated)
    else:
        holds = _over_set(key, compare, wanted=wanted, every=condition.quantifier is Quantifier.ALL)
    return CompiledCondition(condition, key, operator.cost, holds)


_remembered = lru_cache(maxsize=4096)(_compile)


def _single(key: str, compare: Comparer, *, wanted: bool, if_missing: bool) -> Holds:
    def holds(context: Context) -> bool:
        value = context.get(key)
        if isinstance(value, str):
            return compare(value, context) is wanted
        return if_missing if value is None else False

    return holds


def _over_set(key: str, compare: Comparer, *, wanted: bool, every: bool) -> Holds:
    def holds(context: Context) -> bool:
        value = context.get(key)
        if not value:
            return every
        values = (value,) if isinstance(value, str) else value
        test = all if every else any
        return test(compare(value, context) is wanted for value in values)

    return holds


def _null(key: str, values: tuple[str, ...], *, in_set: bool) -> Holds:
    """`true` asks for the key's absence; a key without any value is absent, under a set operator an empty text too."""
    wanted = {value.lower() for value in values}

    def holds(context: Context) -> bool:
        value = context.get(key)
        missing = value is None or value == () or (in_set and value == "")
        return ("true" if missing else "false") in wanted

    return holds
