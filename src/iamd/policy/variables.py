"""Policy variables: `${key}`, `${key, 'default'}`, and the escapes `${*}` `${?}` `${$}`.

Substituted text is literal: a `*` in a value is no wildcard.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from iamd.policy.glob import Token, tokens_of

Context = Mapping[str, str | tuple[str, ...]]

_ESCAPES: Final = frozenset("*?$")


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


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each `${` and its `}` stand.

    A character is looked at a fixed number of times, whatever stands between them.
    """
    end = -1
    while (at := text.find("${", end + 1)) >= 0 and (end := text.find("}", at)) >= 0:
        yield at, end


def _parts(text: str, *, wildcards: bool) -> Iterator[Token | Variable]:
    start = 0
    for at, end in spans(text):
        yield from _plain(text[start:at], wildcards=wildcards)
        yield _variable(text[at + 2 : end])
        start = end + 1
    yield from _plain(text[start:], wildcards=wildcards)


def _plain(text: str, *, wildcards: bool) -> Sequence[Token]:
    if wildcards:
        return tokens_of(text)
    return [text] if text else []


def _variable(inner: str) -> Token | Variable:
    """What stands between the braces: an escape, `key`, or `key, 'default'`."""
    if inner in _ESCAPES:
        return inner
    key, comma, rest = inner.partition(",")
    quoted = rest.strip()
    default = quoted[1:-1] if len(quoted) > 1 and quoted[0] == quoted[-1] == "'" else None
    if not key or {"{", "'"} & set(key) or (comma and (default is None or "'" in default)):
        return Variable(None, None)
    return Variable((key.rstrip() if comma else key).lower(), default)


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
