"""Principals as someones: what is written into a resource policy, and what is shown of it.

IAM User Guide, "AWS JSON policy elements: Principal": when a policy is saved, the ARN of a user or role becomes its
unique id, so that a recreated namesake does not match; it is shown as the ARN while that entity exists, afterwards as
the id.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from iamd.model.arn import Arn, iam_arn
from iamd.stores.ports.identities import Role, User
from iamd.stores.ports.state import State

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_UNIQUE_ID: Final = re.compile(r"(AIDA|AROA)[A-Z0-9]{16,124}")
_SESSION: Final = re.compile(r"(assumed-role/[^/*?]+|federated-user)/[^/*?]+")
_ELEMENTS: Final = ("Principal", "NotPrincipal")


class InvalidPrincipalError(Exception):
    """A principal that does not exist; `type` and `value` are as written."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(kind, value)
        self.type = kind
        self.value = value

    @property
    def message(self) -> str:
        """As IAM says it of a trust policy; S3 says only `Invalid principal in policy`."""
        return f'Invalid principal in policy: "{self.type}":"{self.value}"'


@dataclass(frozen=True, slots=True)
class Someones:
    """Who exists: `id_of` maps the exact ARN of a user or role to its unique id, `arn_of` the id to the ARN."""

    id_of: Callable[[str], str | None]
    arn_of: Callable[[str], str | None]
    has_account: Callable[[str], bool]


def someones(state: State, account: str) -> Someones:
    """The users and roles of every account; ids are looked for in `account` first."""
    return Someones(
        id_of=partial(_id_of, state),
        arn_of=partial(_arn_of, state, account),
        has_account=lambda number: state.accounts.get(number) is not None,
    )


def principals_to_ids(text: str, known: Someones) -> str:
    """The document (valid JSON policy text) as it is stored: compact, otherwise as written.

    Account numbers become their root's ARN, which is how AWS shows them (~). Raises InvalidPrincipalError.
    """
    return _rewritten(text, partial(_stored, known))


def ids_to_principals(text: str, known: Someones) -> str:
    """A stored document as it is shown."""
    if "AIDA" not in text and "AROA" not in text:
        return text
    return _rewritten(text, partial(_shown, known))


def _stored(known: Someones, value: str) -> str | None:
    """What is kept for an AWS principal as written, None where there is nobody."""
    if value == "*":
        return value
    if _ACCOUNT.fullmatch(value):
        return iam_arn(value, "root") if known.has_account(value) else None
    if _UNIQUE_ID.fullmatch(value):
        return value if known.arn_of(value) else None
    try:
        arn = Arn.parse(value)
    except ValueError:
        return None
    if (arn.partition, arn.region) != ("aws", ""):
        return None
    if arn.service == "iam" and arn.resource == "root":
        return value if known.has_account(arn.account) else None
    if arn.service == "iam":
        return known.id_of(value)
    named = arn.service == "sts" and _ACCOUNT.fullmatch(arn.account) and _SESSION.fullmatch(arn.resource)
    return value if named else None


def _shown(known: Someones, value: str) -> str:
    return (known.arn_of(value) or value) if _UNIQUE_ID.fullmatch(value) else value


def _rewritten(text: str, change: Callable[[str], str | None]) -> str:
    """Numbers keep their spelling: one that Python would print otherwise becomes a string, which means the same."""
    document = json.loads(text, parse_float=str, parse_int=_spelled)
    statements = document.get("Statement", ())
    for statement in [statements] if isinstance(statements, dict) else statements:
        for element in _ELEMENTS:
            if isinstance(statement.get(element), dict):
                statement[element] = _with_changed(statement[element], change)
    return _compact(document)


def _with_changed(principal: Mapping[str, Any], change: Callable[[str], str | None]) -> dict[str, Any]:
    if "AWS" not in principal:
        return dict(principal)
    written = principal["AWS"]
    values = [written] if isinstance(written, str) else written
    kept = []
    for value in values:
        changed = change(value)
        if changed is None:
            raise InvalidPrincipalError("AWS", value)
        kept.append(changed)
    return {**principal, "AWS": kept[0] if isinstance(written, str) else kept}


def _spelled(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 and str(int(digits)) == digits else digits


def _compact(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can carry
        return json.dumps(document, separators=(",", ":"))
    return text


def _id_of(state: State, arn: str) -> str | None:
    fields = Arn.parse(arn)
    kind, _, path = fields.resource.partition("/")
    name = path.rpartition("/")[2]
    found: User | Role | None = None
    if kind == "user":
        found = state.users.get(fields.account, name)
    elif kind == "role":
        found = state.roles.get(fields.account, name)
    return found.id if found and found.arn == arn else None


def _arn_of(state: State, account: str, unique_id: str) -> str | None:
    others = (other.id for other in state.accounts.page("key") if other.id != account)
    for candidate in chain((account,), others):
        found = _by_id(state, candidate, unique_id)
        if found:
            return found.arn
    return None


def _by_id(state: State, account: str, unique_id: str) -> User | Role | None:
    if unique_id.startswith("AIDA"):
        return state.users.find("id", account, unique_id)
    return state.roles.find("id", account, unique_id)
