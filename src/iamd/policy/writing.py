"""A parsed statement as the JSON that says it."""

from typing import Any

from iamd.model.document import Statement


def statement_json(statement: Statement) -> dict[str, Any]:
    """The statement in the policy language; a list of one value is written as that value."""
    written: dict[str, Any] = {}
    if statement.sid is not None:
        written["Sid"] = statement.sid
    written["Effect"] = statement.effect.value
    if statement.principals is not None:
        written["NotPrincipal" if statement.not_principal else "Principal"] = _principals_json(statement)
    written["NotAction" if statement.not_action else "Action"] = _one_or_many(statement.actions)
    if statement.resources is not None:
        written["NotResource" if statement.not_resource else "Resource"] = _one_or_many(statement.resources)
    if statement.conditions:
        conditions: dict[str, dict[str, Any]] = {}
        for condition in statement.conditions:
            conditions.setdefault(condition.written_operator, {})[condition.key] = _one_or_many(condition.values)
        written["Condition"] = conditions
    return written


def _principals_json(statement: Statement) -> Any:
    by_type: dict[str, list[str]] = {}
    for pattern in statement.principals or ():
        by_type.setdefault(pattern.type, []).append(pattern.value)
    if by_type == {"AWS": ["*"]}:
        return "*"
    return {kind: _one_or_many(tuple(values)) for kind, values in by_type.items()}


def _one_or_many(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
