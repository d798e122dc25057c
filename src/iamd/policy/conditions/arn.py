"""Arn operators: six fields compared apart, each with wildcards; ArnEquals and ArnLike are the same."""

from iamd.policy.conditions.comparer import Comparer
from iamd.policy.glob import Matcher, Token, compile_tokens
from iamd.policy.variables import Context, has_variable, resolve, template_of

_FIELDS = 6
Fields = tuple[Matcher, ...]


def like(values: tuple[str, ...], variables: bool) -> Comparer:
    templates = [template_of(value, wildcards=True, variables=variables) for value in values]
    dynamic = [template for template in templates if has_variable(template)]
    plain = [_fields(resolve(template, {}) or []) for template in templates if not has_variable(template)]

    def compare(value: str, context: Context) -> bool | None:
        had = value.split(":", _FIELDS - 1)
        if len(had) != _FIELDS or had[0] != "arn":
            return None
        resolved = (resolve(template, context) for template in dynamic)
        wanted = [*plain, *(_fields(tokens) for tokens in resolved if tokens is not None)]
        if any(fields is not None and _match(fields, had) for fields in wanted):
            return True
        return None if None in wanted else False

    return compare


def _match(fields: Fields, had: list[str]) -> bool:
    return all(matches(text) for matches, text in zip(fields, had, strict=True))


def _fields(tokens: list[Token]) -> Fields | None:
    """The pattern's six fields; None if it has fewer. Substituted text may bring colons of its own."""
    fields: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            fields[-1].append(token)
            continue
        first, *others = token.split(":", _FIELDS - len(fields))
        fields[-1].append(first)
        fields.extend([other] for other in others)
    return tuple(compile_tokens(field) for field in fields) if len(fields) == _FIELDS else None
