"""Resource patterns against the literal ARN of a request.

The first five fields of an ARN match field by field; the sixth is everything after the fifth colon. A `*` that ends a
field may run on past colons (User Guide, "JSON policy elements: Resource", Using wildcards in resource ARNs).
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from iamd.policy.glob import SHORT, Matcher, Token, Wild, compile_runs, compile_tokens, tokens_of
from iamd.policy.variables import Context, Template, has_variable, resolve, template_of

ARN_FIELDS = 6


class ResourcePattern(NamedTuple):
    """`prefix` is literal text that every matching resource begins with.

    `matches` answers None where a variable of the pattern does not resolve, which matches nothing.
    """

    prefix: str
    matches: Callable[[str, Context], bool | None]


def _usual(text: str) -> ResourcePattern:
    """A literal, or one with a `*` at its end."""
    if not text.endswith("*"):
        return ResourcePattern(text, lambda resource, _context: resource == text)
    prefix = text[:-1]
    return ResourcePattern(prefix, lambda resource, _context: resource.startswith(prefix))


def _in_order(texts: list[str]) -> ResourcePattern:
    """Literals with `*` between them, none inside one of the first five fields."""
    matcher = compile_runs(texts)
    return ResourcePattern(texts[0], lambda resource, _context: matcher(resource))


def _never(_resource: str, _context: Context) -> bool:
    return False


def compile_resource(text: str, *, complete: bool, widen: bool, variables: bool) -> ResourcePattern:
    """One entry of Resource or NotResource.

    `complete`: an ARN of fewer than six fields is filled up with `*` (identity policies, boundaries, SCPs). `widen` is
    set where matching more can only deny more: there a pattern that AWS refuses (incomplete elsewhere, or a wildcard
    as the service) matches as generously as it reads; where it would grant, it matches nothing (law 1). Short entries
    are remembered.
    """
    make = _remembered if len(text) <= SHORT else _compile
    return make(text, complete, widen, variables)


def _fields(text: str, complete: bool, widen: bool) -> list[str] | None:
    """The fields of an ARN, filled up where they may be; None for one that matches nothing."""
    fields = text.split(":", ARN_FIELDS - 1)
    if fields[0] == "arn" and text != "arn":
        if not widen and (len(fields) < 3 or set("*?") & set(fields[2])):
            return None
        if len(fields) < ARN_FIELDS and not text.endswith("*"):
            if not (complete or widen):
                return None
            fields += ["*"] * (ARN_FIELDS - len(fields))
    return fields


def _compile(text: str, complete: bool, widen: bool, variables: bool) -> ResourcePattern:
    fields = _fields(text, complete, widen)
    if fields is None:
        return ResourcePattern("", _never)
    whole_text = ":".join(fields)
    if "?" not in whole_text and "${" not in whole_text:
        if "*" not in whole_text[:-1]:
            return _usual(whole_text)
        if len(fields) == 1 or not any("*" in field[:-1] for field in fields[: ARN_FIELDS - 1]):
            return _in_order(whole_text.split("*"))
    templates: list[Template] = [tuple(tokens_of(field)) for field in fields]
    if len(fields) == ARN_FIELDS:
        templates[-1] = template_of(fields[-1], wildcards=True, variables=variables)
    plain = len(fields) == 1 or all(_runs_on_only(template) for template in templates[: ARN_FIELDS - 1])
    whole: list[Token] = []
    for number, template in enumerate(templates):
        whole += [":"] if number else []
        whole += [] if has_variable(template) else _plain_tokens(template)
    prefix = _literal_prefix(templates)
    if not plain:
        return ResourcePattern(prefix, _by_fields(templates))
    if has_variable(templates[-1]):
        return ResourcePattern(prefix, _dynamic(whole, templates[-1]))
    matcher = compile_tokens(whole)
    return ResourcePattern(prefix, lambda resource, _context: matcher(resource))


_remembered = lru_cache(maxsize=4096)(_compile)


def _runs_on_only(template: Template) -> bool:
    """Whether the field's only wildcard, if any, is a `*` at its end."""
    return not any(isinstance(token, Wild) for token in template[:-1]) and (
        not template or template[-1] is not Wild.ONE
    )


def _plain_tokens(template: Template) -> list[Token]:
    return [token for token in template if isinstance(token, (str, Wild))]


def _literal_prefix(templates: list[Template]) -> str:
    prefix = ""
    for number, template in enumerate(templates):
        prefix += ":" if number else ""
        for token in template:
            if not isinstance(token, str):
                return prefix
            prefix += token
    return prefix


def _dynamic(static: list[Token], last: Template) -> Callable[[str, Context], bool | None]:
    def matches(resource: str, context: Context) -> bool | None:
        tokens = resolve(last, context)
        return None if tokens is None else compile_tokens([*static, *tokens])(resource)

    return matches


def _by_fields(templates: list[Template]) -> Callable[[str, Context], bool | None]:
    """The general case: wildcards inside the first five fields do not cross a colon, one at a field's end may."""
    heads: list[tuple[Matcher, bool]] = [
        (compile_tokens(tokens), bool(tokens) and tokens[-1] is Wild.MANY)
        for template in templates[: ARN_FIELDS - 1]
        for tokens in [_plain_tokens(template)]
    ]
    last = templates[ARN_FIELDS - 1] if len(templates) == ARN_FIELDS else None

    def matches(resource: str, context: Context) -> bool | None:
        tokens = resolve(last, context) if last is not None else []
        if tokens is None:
            return None
        colons = [at for at, character in enumerate(resource) if character == ":"]
        ends = dict(pairwise([-1, *colons, len(resource)]))
        starts = {-1}
        for matcher, runs_on in heads:
            found = {
                end
                for start in starts
                for end in [ends.get(start)]
                if end is not None and matcher(resource[start + 1 : end])
            }
            if runs_on and found:
                # From the first of them on: one by one, each would bring all that follow it.
                first = min(found)
                found = {at for at in [*colons, len(resource)] if at >= first}
            starts = found
        if last is None:
            return len(resource) in starts
        test = compile_tokens(tokens)
        return any(test(resource[start + 1 :]) for start in starts if start < len(resource))

    return matches
