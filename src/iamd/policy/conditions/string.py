"""String operators. User Guide, "Condition operators", String condition operators."""

from collections.abc import Callable

from iamd.policy.conditions.comparer import Comparer
from iamd.policy.glob import compile_glob, compile_tokens
from iamd.policy.variables import Context, has_variable, resolve, resolve_text, template_of


def equals(values: tuple[str, ...], variables: bool) -> Comparer:
    return _equal(values, variables, str)


def equals_ignoring_case(values: tuple[str, ...], variables: bool) -> Comparer:
    return _equal(values, variables, str.lower)


def _equal(values: tuple[str, ...], variables: bool, fold: Callable[[str], str]) -> Comparer:
    templates = [template_of(value, wildcards=False, variables=variables) for value in values]
    dynamic = [template for template in templates if has_variable(template)]
    static = frozenset(
        fold(text)
        for template in templates
        if template not in dynamic
        for text in [resolve_text(template, {})]
        if text is not None
    )
    if not dynamic:
        return lambda value, _context: fold(value) in static

    def compare(value: str, context: Context) -> bool:
        folded = fold(value)
        if folded in static:
            return True
        texts = (resolve_text(template, context) for template in dynamic)
        return any(text is not None and fold(text) == folded for text in texts)

    return compare


def like(values: tuple[str, ...], variables: bool) -> Comparer:
    dynamic = [
        template
        for value in values
        if variables and "${" in value
        for template in [template_of(value, wildcards=True, variables=True)]
    ]
    static = [compile_glob(value) for value in values if not (variables and "${" in value)]

    def compare(value: str, context: Context) -> bool:
        if any(matches(value) for matches in static):
            return True
        patterns = (resolve(template, context) for template in dynamic)
        return any(tokens is not None and compile_tokens(tokens)(value) for tokens in patterns)

    return compare
