"""Conditions: one file per operator family; what all of them share (missing keys, sets, negation) is `compiled`."""

from iamd.policy.conditions.compiled import CompiledCondition, compile_condition
from iamd.policy.conditions.operators import OPERATORS, parse_operator

__all__ = ["OPERATORS", "CompiledCondition", "compile_condition", "parse_operator"]
