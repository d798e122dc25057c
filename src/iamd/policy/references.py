"""The context keys that policies refer to, in conditions and in variables, as they are written there."""

from collections.abc import Iterable, Iterator

from iamd.model.document import Document, Statement
from iamd.policy.variables import Variable, spans, template_of


def keys_of_document(document: Document) -> Iterator[str]:
    """In the order in which they stand in a statement; some perhaps twice."""
    for statement in document.statements:
        yield from keys_of_statement(statement, variables=document.has_variables)


def keys_of_statement(statement: Statement, *, variables: bool) -> Iterator[str]:
    if variables:
        for resource in statement.resources or ():
            yield from _keys_in(resource)
    for condition in statement.conditions:
        yield condition.key
        if variables:
            for written in condition.values:
                yield from _keys_in(written)


def without_repetition(keys: Iterable[str]) -> list[str]:
    """Each key once, as it was written first: names of keys have no case."""
    first: dict[str, str] = {}
    for key in keys:
        first.setdefault(key.lower(), key)
    return list(first.values())


def _keys_in(text: str) -> Iterator[str]:
    """The keys of a text's variables, as written."""
    for at, end in spans(text):
        (part, *_) = template_of(text[at : end + 1], wildcards=False, variables=True)
        if isinstance(part, Variable) and part.key is not None:
            yield text[at + 2 : end].partition(",")[0].strip()
