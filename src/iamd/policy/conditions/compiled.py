"""One condition, compiled: missing keys, set operators and negation are the same for every family.

User Guide, "Condition operators" and "Multivalued context keys"; the order of the rules for a missing key is that of
`policy-semantics`: Null, ForAnyValue, ForAllValues, IfExists, negation.
"""

from collections.abc import Callable
from typing import NamedTuple

from iamd.model.document import Condition, Quantifier
from iamd.policy.conditions.operators import NULL, OPERATORS
from iamd.policy.variables import Context

Holds = Callable[[Context], bool]


class CompiledCondition(NamedTuple):
    """`key` is lower-case, as the context's keys are."""

    source: Condition
    key: str
    cost: int
    holds: Holds


def compile_condition(condition: Condition, *, variables: bool) -> CompiledCondition:
    operator = OPERATORS[condition.operator]
    key = condition.key.lower()
    if condition.operator == NULL:
        holds = _null(key, condition.values, in_set=condition.quantifier is not Quantifier.NONE)
        return CompiledCondition(condition, key, operator.cost, holds)
    compare = operator.family(condition.values, variables)
    wanted = not operator.negated

    def one(value: str, context: Context) -> bool:
        return compare(value, context) is wanted

    if condition.quantifier is Quantifier.NONE:
        holds = _single(key, one, if_missing=condition.if_exists or operator.negated)
    else:
        holds = _over_set(key, one, every=condition.quantifier is Quantifier.ALL)
    return CompiledCondition(condition, key, operator.cost, holds)


def _single(key: str, one: Callable[[str, Context], bool], *, if_missing: bool) -> Holds:
    def holds(context: Context) -> bool:
        value = context.get(key)
        if isinstance(value, str):
            return one(value, context)
        return if_missing if value is None else False

    return holds


def _over_set(key: str, one: Callable[[str, Context], bool], *, every: bool) -> Holds:
    def holds(context: Context) -> bool:
        value = context.get(key)
        if not value:
            return every
        values = (value,) if isinstance(value, str) else value
        test = all if every else any
        return test(one(value, context) for value in values)

    return holds


def _null(key: str, values: tuple[str, ...], *, in_set: bool) -> Holds:
    """`true` asks for the key's absence; a key without any value is absent, under a set operator an empty text too."""
    wanted = {value.lower() for value in values}

    def holds(context: Context) -> bool:
        value = context.get(key)
        missing = value is None or value == () or (in_set and value == "")
        return ("true" if missing else "false") in wanted

    return holds
