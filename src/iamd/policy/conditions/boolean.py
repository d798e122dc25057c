"""Bool: `true` or `false` in any case; takes variables."""

from iamd.policy.conditions.comparer import Comparer
from iamd.policy.variables import Context, has_variable, resolve_text, template_of


def matches(values: tuple[str, ...], variables: bool) -> Comparer:
    templates = [template_of(value, wildcards=False, variables=variables) for value in values]
    static = frozenset(value.lower() for value in values)
    dynamic = any(has_variable(template) for template in templates)

    def compare(value: str, context: Context) -> bool | None:
        had = value.lower()
        if had not in {"true", "false"}:
            return None
        if not dynamic:
            return had in static
        texts = (resolve_text(template, context) for template in templates)
        return any(text is not None and text.lower() == had for text in texts)

    return compare
