"""Policy variables: `${key}`, `${key, 'default'}`, and the escapes `${*}` `${?}` `${$}`.

Substituted text is literal: a `*` in a value is no wildcard.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from iamd.policy.glob import Token, tokens_of

Context = Mapping[str, str | tuple[str, ...]]

_VARIABLE: Final = re.compile(r"\$\{(?:([*?$])|([^,{}']+?)(?:\s*,\s*'([^']*)')?)\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """`key` is lower-case; None for a `${…}` that cannot be read, which never resolves."""

    key: str | None
    default: str | None

    def resolve(self, context: Context) -> str | None:
        """None: the key is missing or has several values, and there is no default."""
        value = context.get(self.key) if self.key is not None else None
        return value if isinstance(value, str) else self.default


Template = tuple[Token | Variable, ...]


def template_of(text: str, *, wildcards: bool, variables: bool) -> Template:
    """The tokens of a value as written."""
    if not variables:
        return tuple(tokens_of(text)) if wildcards else (text,)
    return tuple(_parts(text, wildcards=wildcards))


def _parts(text: str, *, wildcards: bool) -> Iterator[Token | Variable]:
    start = 0
    while (at := text.find("${", start)) >= 0 and (end := text.find("}", at)) >= 0:
        yield from _plain(text[start:at], wildcards=wildcards)
        match = _VARIABLE.match(text, at)
        start = end + 1 if match is None else match.end()
        yield _variable(match)
    yield from _plain(text[start:], wildcards=wildcards)


def _plain(text: str, *, wildcards: bool) -> Sequence[Token]:
    if wildcards:
        return tokens_of(text)
    return [text] if text else []


def _variable(match: re.Match[str] | None) -> Token | Variable:
    if match is None:
        return Variable(None, None)
    escape, key, default = match.groups()
    return escape if escape is not None else Variable(key.lower(), default)


def has_variable(template: Template) -> bool:
    return any(isinstance(part, Variable) for part in template)


def resolve(template: Sequence[Token | Variable], context: Context) -> list[Token] | None:
    """The tokens with every variable replaced by its text; None if one does not resolve."""
    tokens: list[Token] = []
    for part in template:
        if isinstance(part, Variable):
            value = part.resolve(context)
            if value is None:
                return None
            if value:
                tokens.append(value)
        else:
            tokens.append(part)
    return tokens


def resolve_text(template: Sequence[Token | Variable], context: Context) -> str | None:
    """The same for a template without wildcards, as text."""
    tokens = resolve(template, context)
    return None if tokens is None else "".join(token for token in tokens if isinstance(token, str))
