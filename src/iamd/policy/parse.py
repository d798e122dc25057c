"""From JSON to a document: elements, types, operators, Version and Sids.

Grammar: User Guide, "Grammar of the IAM JSON policy language". What depends on the service or on what exists is not
looked at here; the rules for writing a policy of a kind are in `authoring`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from iamd.model.document import Condition, Document, Effect, PolicyKind, PrincipalPattern, Statement
from iamd.policy.authoring import check_authoring
from iamd.policy.conditions import parse_operator
from iamd.policy.errors import PolicyError, syntax_error
from iamd.policy.jsontext import JsonTextError, load_json, scalar_text

VERSIONS: Final = ("2008-10-17", "2012-10-17")
PRINCIPAL_TYPES: Final = ("AWS", "Service", "Federated", "CanonicalUser")
WITHOUT_PRINCIPAL: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION})
ORGANIZATION: Final = frozenset({PolicyKind.SCP, PolicyKind.RCP})
_IAM_SID: Final = re.compile(r"[A-Za-z0-9]*")
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
) -> Document:
    """Raises PolicyError.

    `structure_only` leaves out the rules for writing a policy of this kind (offline decisions). `implied_resource`: the
    statements of this resource policy need not name their resource (ECR repositories).
    """
    parsed = _load(source)
    if not isinstance(parsed, Mapping):
        raise syntax_error("", "a policy is a JSON object")
    _known(parsed, _DOCUMENT_ELEMENTS, "")
    version = parsed.get("Version", VERSIONS[0])
    if version not in VERSIONS or not isinstance(version, str):
        raise syntax_error("Version", f"must be one of {', '.join(VERSIONS)}")
    identifier = parsed.get("Id")
    if "Id" in parsed and not isinstance(identifier, str):
        raise syntax_error("Id", "must be a string")
    statements = tuple(
        _statement(raw, number, kind, structure_only=structure_only, implied_resource=implied_resource)
        for number, raw in enumerate(_statement_list(parsed))
    )
    _check_sids(statements, kind)
    document = Document(kind, version, identifier, statements)
    if not structure_only:
        check_authoring(document)
    return document


def _load(source: str | bytes | Mapping[str, Any]) -> Any:
    if isinstance(source, Mapping):
        return source
    try:
        return load_json(source)
    except JsonTextError as error:
        raise syntax_error("", f"not valid JSON: {error}") from None


def _statement_list(parsed: Mapping[str, Any]) -> list[Any]:
    if "Statement" not in parsed:
        raise syntax_error("Statement", "is missing")
    raw = parsed["Statement"]
    statements = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(statements, list) or not statements:
        raise syntax_error("Statement", "must be an object or a list of at least one")
    return statements


def _statement(raw: Any, number: int, kind: PolicyKind, *, structure_only: bool, implied_resource: bool) -> Statement:
    path = f"Statement[{number}]"
    if not isinstance(raw, Mapping):
        raise syntax_error(path, "must be an object")
    _known(raw, _STATEMENT_ELEMENTS, path)
    sid = raw.get("Sid")
    if "Sid" in raw and not isinstance(sid, str):
        raise syntax_error(f"{path}.Sid", "must be a string")
    effect = _effect(raw, path)
    actions, not_action = _strings_of(raw, "Action", path)
    if actions is None:
        raise PolicyError("Policy statement must contain actions.", path, "Action or NotAction is missing")
    if not actions:
        raise PolicyError("Policy statement must contain actions.", path)
    resources, not_resource = _strings_of(raw, "Resource", path)
    if not (implied_resource and resources is None):
        _check_resource_presence(resources, kind, path)
    principals, not_principal = _principals_of(raw, path)
    _check_principal_presence(raw, effect, kind, path, structure_only=structure_only)
    conditions = _conditions(raw["Condition"], f"{path}.Condition") if "Condition" in raw else ()
    return Statement(
        index=number,
        sid=sid,
        effect=effect,
        principals=principals,
        not_principal=not_principal,
        actions=actions,
        not_action=not_action,
        resources=resources,
        not_resource=not_resource,
        conditions=conditions,
    )


def _effect(raw: Mapping[str, Any], path: str) -> Effect:
    written = raw.get("Effect")
    if not isinstance(written, str) or written.lower() not in {"allow", "deny"}:
        raise syntax_error(f"{path}.Effect", "must be Allow or Deny")
    if written not in {"Allow", "Deny"}:
        raise PolicyError("The policy failed legacy parsing", f"{path}.Effect", "must be Allow or Deny, spelled so")
    return Effect(written)


def _strings_of(raw: Mapping[str, Any], element: str, path: str) -> tuple[tuple[str, ...] | None, bool]:
    negated = f"Not{element}"
    if element in raw and negated in raw:
        raise syntax_error(path, f"{element} and {negated} exclude each other")
    name = negated if negated in raw else element
    return (_strings(raw[name], f"{path}.{name}") if name in raw else None), name == negated


def _strings(raw: Any, path: str) -> tuple[str, ...]:
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise syntax_error(path, "must be a string or a list of strings")
    return tuple(values)


def _check_resource_presence(resources: tuple[str, ...] | None, kind: PolicyKind, path: str) -> None:
    if kind is PolicyKind.TRUST and resources is None:
        return
    if resources is None and kind is PolicyKind.RESOURCE:
        raise PolicyError("Missing required field Resource", path, "Resource or NotResource is missing")
    if not resources:
        raise PolicyError("Policy statement must contain resources.", path)


def _principals_of(raw: Mapping[str, Any], path: str) -> tuple[tuple[PrincipalPattern, ...] | None, bool]:
    if "Principal" in raw and "NotPrincipal" in raw:
        raise syntax_error(path, "Principal and NotPrincipal exclude each other")
    name = "NotPrincipal" if "NotPrincipal" in raw else "Principal"
    if name not in raw:
        return None, False
    written, path = raw[name], f"{path}.{name}"
    if written == "*":
        return (PrincipalPattern("AWS", "*"),), name == "NotPrincipal"
    if not isinstance(written, Mapping):
        raise syntax_error(path, 'must be "*" or an object')
    _known(written, frozenset(PRINCIPAL_TYPES), path)
    patterns = [
        PrincipalPattern(kind, value)
        for kind, values in written.items()
        for value in _strings(values, f"{path}.{kind}")
    ]
    return tuple(patterns), name == "NotPrincipal"


def _check_principal_presence(
    raw: Mapping[str, Any], effect: Effect, kind: PolicyKind, path: str, *, structure_only: bool
) -> None:
    if "NotPrincipal" in raw and effect is Effect.ALLOW:
        raise syntax_error(f"{path}.NotPrincipal", "cannot be used with Effect Allow")
    if kind in WITHOUT_PRINCIPAL:
        if "Principal" in raw or "NotPrincipal" in raw:
            raise PolicyError("Policy document should not specify a principal.", path)
    elif kind in ORGANIZATION and structure_only:
        return
    elif kind is PolicyKind.SCP:
        if "Principal" in raw or "NotPrincipal" in raw:
            raise PolicyError("Has prohibited field Principal", path)
    elif "NotPrincipal" in raw:
        if kind in {PolicyKind.TRUST, PolicyKind.RCP}:
            raise PolicyError("Has prohibited field NotPrincipal", path)
    elif "Principal" not in raw:
        raise PolicyError("Missing required field Principal", path)


def _conditions(raw: Any, path: str) -> tuple[Condition, ...]:
    if not isinstance(raw, Mapping):
        raise syntax_error(path, "must be an object")
    conditions = []
    for written, keys in raw.items():
        operator = parse_operator(written)
        if operator is None:
            raise syntax_error(f"{path}.{written}", "is no condition operator")
        if not isinstance(keys, Mapping):
            raise syntax_error(f"{path}.{written}", "must be an object")
        name, quantifier, if_exists = operator
        for key, values in keys.items():
            texts = _condition_values(values, f"{path}.{written}.{key}")
            conditions.append(Condition(name, quantifier, if_exists, key, texts))
    return tuple(conditions)


def _condition_values(raw: Any, path: str) -> tuple[str, ...]:
    values = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(value, (str, bool, int, float)) for value in values):
        raise syntax_error(path, "must be a string, number or boolean, or a list of them")
    return tuple(value if isinstance(value, str) else scalar_text(value) for value in values)


def _check_sids(statements: tuple[Statement, ...], kind: PolicyKind) -> None:
    """An empty Sid is none. Resource policies take more than letters and digits (`__default_statement_ID`)."""
    seen = set()
    for statement in statements:
        path = f"Statement[{statement.index}].Sid"
        if not statement.sid:
            continue
        if kind is not PolicyKind.RESOURCE and not _IAM_SID.fullmatch(statement.sid):
            raise PolicyError(
                "Statement IDs (SID) must be alpha-numeric. "
                "Check that your input satisfies the regular expression [0-9A-Za-z]*",
                path,
            )
        if statement.sid in seen:
            raise PolicyError("Statement IDs (SID) in a single policy must be unique.", path)
        seen.add(statement.sid)


def _known(raw: Mapping[str, Any], names: frozenset[str], path: str) -> None:
    for name in raw:
        if name not in names:
            raise syntax_error(f"{path}.{name}" if path else str(name), "is not an element of the policy language")
