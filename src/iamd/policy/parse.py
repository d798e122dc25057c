"""From JSON to a document: elements, types, operators, Version.

Grammar: User Guide, "Grammar of the IAM JSON policy language". What depends on the service or on what exists is not
looked at here; what a policy of a kind must hold and may not is in `authoring`.
"""

from collections.abc import Mapping
from typing import Any, Final

from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Statement
from iamd.policy.authoring import Manner, check_authoring
from iamd.policy.conditions import parse_operator
from iamd.policy.errors import PolicyError
from iamd.policy.jsontext import JsonTextError, load_json, scalar_text
from iamd.policy.words import OLDER_GRAMMAR, WORDS, Words

VERSIONS: Final = ("2008-10-17", "2012-10-17")
PRINCIPAL_TYPES: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_DOCUMENT_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})
_STATEMENT_ELEMENTS: Final = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


def parse_document(
    source: str | bytes | Mapping[str, Any],
    *,
    kind: PolicyKind,
    structure_only: bool = False,
    implied_resource: bool = False,
    newest_version: bool = False,
) -> Document:
    """Raises PolicyError: the fault that AWS names first.

    `structure_only` leaves out the rules for writing a policy of this kind (offline decisions, what is stored).
    `implied_resource`: the statements of this resource policy need not name their resource (ECR repositories).
    `newest_version`: nothing but 2012-10-17 will do (managed policies).
    """
    reading = _Reading(kind)
    words = reading.words
    parsed = _load(source, words)
    if not isinstance(parsed, Mapping):
        raise words.fault("not_json", "", "a policy is a JSON object")
    reading.known(parsed, _DOCUMENT_ELEMENTS, "")
    version = parsed.get("Version", VERSIONS[0])
    if version not in VERSIONS or not isinstance(version, str):
        raise words.fault("version", "Version", f"must be one of {', '.join(VERSIONS)}")
    identifier = parsed.get("Id")
    if "Id" in parsed and not isinstance(identifier, str):
        raise words.fault("shape", "Id", "must be a string")
    statements = tuple(reading.statement(raw, number) for number, raw in enumerate(_statement_list(parsed, words)))
    document = Document(kind, version, identifier, statements)
    check_authoring(document, Manner(structure_only, implied_resource, newest_version), reading.late)
    return document


def _load(source: str | bytes | Mapping[str, Any], words: Words) -> Any:
    if isinstance(source, Mapping):
        return source
    try:
        return load_json(source)
    except JsonTextError as error:
        raise words.fault("not_json", "", f"not valid JSON: {error}") from None


def _statement_list(parsed: Mapping[str, Any], words: Words) -> list[Any]:
    if "Statement" not in parsed:
        raise words.fault("missing", "Statement", "is missing", "Statement")
    raw = parsed["Statement"]
    statements = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(statements, list):
        raise words.fault("shape", "Statement", "must be an object or a list")
    if not statements:
        raise words.fault("empty", "Statement", "must hold at least one statement")
    return statements


class _Reading:
    """Reads one document. `late` is what is wrong but said only after faults of syntax anywhere in the document."""

    def __init__(self, kind: PolicyKind) -> None:
        self.words = WORDS[kind]
        self.late: list[PolicyError] = []
        self._older = kind in OLDER_GRAMMAR

    def known(self, raw: Mapping[str, Any], names: frozenset[str], path: str) -> None:
        for name in raw:
            if name not in names:
                place = f"{path}.{name}" if path else str(name)
                raise self.words.fault("unknown", place, "is not an element of the policy language", str(name))

    def statement(self, raw: Any, number: int) -> Statement:
        path = f"Statement[{number}]"
        if not isinstance(raw, Mapping):
            raise self.words.fault("shape", path, "must be an object")
        self.known(raw, _STATEMENT_ELEMENTS, path)
        sid = raw.get("Sid")
        if "Sid" in raw and not isinstance(sid, str):
            raise self.words.fault("shape", f"{path}.Sid", "must be a string")
        effect = self._effect(raw, path)
        principals, not_principal = self._principals(raw, effect, path)
        conditions = self._conditions(raw["Condition"], f"{path}.Condition") if "Condition" in raw else ()
        actions, not_action = self._listed(raw, "Action", path)
        resources, not_resource = self._listed(raw, "Resource", path)
        return Statement(
            index=number,
            sid=sid,
            effect=effect,
            principals=principals,
            not_principal=not_principal,
            actions=actions or (),
            not_action=not_action,
            resources=resources,
            not_resource=not_resource,
            conditions=conditions,
        )

    def _effect(self, raw: Mapping[str, Any], path: str) -> Effect:
        path = f"{path}.Effect"
        if "Effect" not in raw:
            raise self.words.fault("missing", path, "must be Allow or Deny", "Effect")
        written = raw["Effect"]
        folded = written.capitalize() if isinstance(written, str) else ""
        if folded not in {"Allow", "Deny"} or (folded != written and self._older):
            raise self.words.fault("effect", path, "must be Allow or Deny", str(written))
        if folded != written:
            self.late.append(PolicyError("The policy failed legacy parsing", path, "must be Allow or Deny, spelled so"))
        return Effect(folded)

    def _listed(self, raw: Mapping[str, Any], element: str, path: str) -> tuple[tuple[str, ...] | None, bool]:
        negated = f"Not{element}"
        if element in raw and negated in raw:
            raise self.words.fault("shape", path, f"{element} and {negated} exclude each other")
        name = negated if negated in raw else element
        return (self._strings(raw[name], f"{path}.{name}") if name in raw else None), name == negated

    def _strings(self, raw: Any, path: str) -> tuple[str, ...]:
        values = [raw] if isinstance(raw, str) else raw
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.words.fault("shape", path, "must be a string or a list of strings")
        return tuple(values)

    def _principals(
        self, raw: Mapping[str, Any], effect: Effect, path: str
    ) -> tuple[tuple[PrincipalPattern, ...] | None, bool]:
        if "Principal" in raw and "NotPrincipal" in raw:
            raise self.words.fault("shape", path, "Principal and NotPrincipal exclude each other")
        if "NotPrincipal" in raw and effect is Effect.ALLOW:
            message = "Allow with NotPrincipal is not allowed." if self._older else self.words.shape
            raise PolicyError(message, f"{path}.NotPrincipal", "cannot be used with Effect Allow")
        name = "NotPrincipal" if "NotPrincipal" in raw else "Principal"
        if name not in raw:
            return None, False
        written, path = raw[name], f"{path}.{name}"
        if written == "*":
            return (PrincipalPattern("AWS", "*"),), name == "NotPrincipal"
        if not isinstance(written, Mapping):
            raise self.words.fault("shape", path, 'must be "*" or an object')
        for kind in written:
            if kind not in PRINCIPAL_TYPES:
                message = f'Invalid principal in policy: "{kind}"' if self._older else self.words.unknown
                raise PolicyError(message, f"{path}.{kind}", f"must be one of {', '.join(PRINCIPAL_TYPES)}")
        patterns = [
            PrincipalPattern(kind, value)
            for kind, values in written.items()
            for value in self._strings(values, f"{path}.{kind}")
        ]
        return tuple(patterns), name == "NotPrincipal"

    def _conditions(self, raw: Any, path: str) -> tuple[Condition, ...]:
        if not isinstance(raw, Mapping):
            raise self.words.fault("shape", path, "must be an object")
        conditions = []
        for written, keys in raw.items():
            operator = parse_operator(written)
            if operator is None:
                raise self.words.fault("operator", f"{path}.{written}", "is no condition operator", written)
            if not isinstance(keys, Mapping):
                raise self.words.fault("shape", f"{path}.{written}", "must be an object")
            name, quantifier, if_exists = operator
            for key, values in keys.items():
                texts = self._condition_values(values, f"{path}.{written}.{key}")
                conditions.append(Condition(name, quantifier, if_exists, key, texts))
        return tuple(conditions)

    def _condition_values(self, raw: Any, path: str) -> tuple[str, ...]:
        values = raw if isinstance(raw, list) else [raw]
        if not all(isinstance(value, (str, bool, int, float)) for value in values):
            raise self.words.fault("shape", path, "must be a string, number or boolean, or a list of them")
        return tuple(value if isinstance(value, str) else scalar_text(value) for value in values)
