"""What a policy of a kind must hold and may not, said in AWS's order.

IAM looks through the whole document for one kind of fault before it looks for the next; so do the rules here, and the
first fault found is the one that is told. Messages and order: recorded answers of CreatePolicy, CreateRole and
PutBucketPolicy; ~ where only inferred. The existence of principals and the quotas are the services' to check.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from iamd.model.document import Document, Effect, PolicyKind, PrincipalPattern, Statement
from iamd.model.values import value
from iamd.policy.errors import PolicyError
from iamd.policy.resource_format import cannot_be_read, resource_fault
from iamd.policy.words import IN_ORGANIZATIONS, OLDER_GRAMMAR, ORGANIZATION, WORDS

NEWEST: Final = "2012-10-17"
LEGACY: Final = "The policy failed legacy parsing"
WITHOUT_PRINCIPAL: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION})
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_VENDOR: Final = re.compile(r"[A-Za-z0-9.-]+")
_IAM_SID: Final = re.compile(r"[A-Za-z0-9]*")
_UNIQUE_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")
_AWS_PRINCIPAL: Final = re.compile(
    r"arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|(?:user|role)/[^*?]+)"
    r"|sts::[0-9]{12}:(?:assumed-role/[^*?/]+/[^*?/]+|federated-user/[^*?]+))"
)
_DATE: Final = re.compile(
    r"[0-9]{2,9}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12][0-9]|3[01]))?)?"
    r"(?:T(?:[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE,
)
_LONG: Final = 1 << 63
_TRUST_ACTIONS: Final = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
        "sts:*",
    }
)


@value
class Manner:
    """How strictly: see `parse_document`."""

    structure_only: bool = False
    implied_resource: bool = False
    newest_version: bool = False


Faults = Iterator[PolicyError]
Rule = Callable[[Document, Manner], Faults]


def check_authoring(document: Document, manner: Manner, late: Sequence[PolicyError]) -> None:
    """`late`: what the reader found and AWS says after the version. Raises PolicyError."""
    fault = next(_faults(document, manner, late), None)
    if fault is None:
        return
    if document.kind in IN_ORGANIZATIONS:
        raise PolicyError(ORGANIZATION, fault.path, fault.detail)
    raise fault


def _faults(document: Document, manner: Manner, late: Sequence[PolicyError]) -> Faults:
    if manner.newest_version and document.version != NEWEST:
        yield PolicyError(f"Policy document must be version {NEWEST} or greater.", "Version")
    yield from late
    for rule in _OLDER_RULES if document.kind in OLDER_GRAMMAR else _RULES:
        if not manner.structure_only or rule in _STRUCTURE:
            yield from rule(document, manner)


def _path(statement: Statement, element: str = "") -> str:
    return f"Statement[{statement.index}]{'.' if element else ''}{element}"


def _action_path(statement: Statement) -> str:
    return _path(statement, "NotAction" if statement.not_action else "Action")


def _resource_path(statement: Statement) -> str:
    return _path(statement, "NotResource" if statement.not_resource else "Resource")


def _principal_presence(document: Document, manner: Manner) -> Faults:
    for statement in document.statements:
        has = statement.principals is not None
        element = "NotPrincipal" if statement.not_principal else "Principal"
        if document.kind in WITHOUT_PRINCIPAL:
            if has:
                yield PolicyError("Policy document should not specify a principal.", _path(statement))
        elif document.kind in IN_ORGANIZATIONS and manner.structure_only:
            continue
        elif document.kind is PolicyKind.SCP:
            if has:
                yield PolicyError(f"Has prohibited field {element}", _path(statement))
        elif not has:
            yield PolicyError("Missing required field Principal", _path(statement))
        elif statement.not_principal and document.kind is not PolicyKind.RESOURCE:
            message = "AssumeRole policy must not contain NotPrincipal field."
            yield PolicyError(message, _path(statement))
        elif not statement.principals and not manner.structure_only:
            yield PolicyError(f"Missing required field {element} cannot be empty!", _path(statement, element))


def _dates(document: Document, _manner: Manner) -> Faults:
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.operator.startswith("Date") and not all(map(_is_date, condition.values)):
                path = _path(statement, f"Condition.{condition.written_operator}.{condition.key}")
                yield PolicyError(LEGACY, path, "is no date")


def _is_date(text: str) -> bool:
    """ISO 8601 as loosely as IAM reads it, or seconds that a long holds."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 20:
        return -_LONG <= int(text) < _LONG
    return _DATE.fullmatch(text) is not None


def _unreadable_resources(document: Document, _manner: Manner) -> Faults:
    for statement in document.statements:
        for resource in statement.resources or ():
            detail = cannot_be_read(resource, document.kind)
            if detail:
                yield PolicyError(LEGACY, _resource_path(statement), f"{resource} {detail}")


def _unique_sids(document: Document, _manner: Manner) -> Faults:
    """An empty Sid is none."""
    seen = set()
    for statement in document.statements:
        if statement.sid and statement.sid in seen:
            yield WORDS[document.kind].fault("repeated_sid", _path(statement, "Sid"), "is repeated")
        seen.add(statement.sid)


def _plain_sids(document: Document, _manner: Manner) -> Faults:
    """Resource policies take more than letters and digits (`__default_statement_ID`)."""
    for statement in document.statements:
        if statement.sid and not _IAM_SID.fullmatch(statement.sid):
            message = (
                "Statement IDs (SID) must be alpha-numeric. "
                "Check that your input satisfies the regular expression [0-9A-Za-z]*"
            )
            yield PolicyError(message, _path(statement, "Sid"))


def _actions_exist(document: Document, _manner: Manner) -> Faults:
    older = document.kind in OLDER_GRAMMAR
    message = "Missing required field Action" if older else "Policy statement must contain actions."
    for statement in document.statements:
        if not statement.actions:
            yield PolicyError(message, _path(statement), "Action or NotAction is missing or empty")


def _resource_formats(document: Document, _manner: Manner) -> Faults:
    for statement in document.statements:
        for resource in statement.resources or ():
            message = resource_fault(resource)
            if message:
                yield PolicyError(message, _resource_path(statement), resource)


def _vendors(document: Document, _manner: Manner) -> Faults:
    for statement in document.statements:
        path = _action_path(statement)
        for action in statement.actions:
            vendor, colon, name = action.partition(":")
            if action == "*":
                continue
            if not colon or not name:
                message = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                yield PolicyError(message, path, f"{action} has no service prefix")
            elif ":" in name:
                yield PolicyError("Actions/Condition can contain only one colon.", path, action)
            elif not _VENDOR.fullmatch(vendor):
                yield PolicyError(f"Vendor {vendor} is not valid", path)


def _resources_exist(document: Document, manner: Manner) -> Faults:
    older = document.kind is PolicyKind.RESOURCE
    for statement in document.statements:
        implied = statement.resources is None and (manner.implied_resource or document.kind is PolicyKind.TRUST)
        if not statement.resources and not implied:
            message = "Missing required field Resource" if older else "Policy statement must contain resources."
            yield PolicyError(message, _path(statement), "Resource or NotResource is missing or empty")


def _trust(document: Document, _manner: Manner) -> Faults:
    if document.kind is not PolicyKind.TRUST:
        return
    for statement in document.statements:
        for action in statement.actions:
            if not _assumes(action):
                message = "AssumeRole policy may only specify STS AssumeRole actions."
                yield PolicyError(message, _action_path(statement), action)
        if statement.resources is not None:
            prohibited = "AssumeRole policy must not contain resources."
            yield PolicyError(
                prohibited if statement.not_resource else "Has prohibited field Resource", _path(statement)
            )


def _assumes(action: str) -> bool:
    folded = action.lower()
    wild = "*" in folded or "?" in folded
    return folded == "*" or folded in _TRUST_ACTIONS or (wild and folded.startswith("sts:"))


def _principals(document: Document, _manner: Manner) -> Faults:
    for statement in document.statements:
        for pattern in statement.principals or ():
            if not _can_be(pattern):
                # As recorded, the type is in capitals: "SERVICE":"codepipeiine.amazonaws.com".
                message = f'Invalid principal in policy: "{pattern.type.upper()}":"{pattern.value}"'
                element = "NotPrincipal" if statement.not_principal else "Principal"
                yield PolicyError(message, _path(statement, element))


def _can_be(pattern: PrincipalPattern) -> bool:
    value = pattern.value
    if pattern.type == "AWS":
        return value == "*" or any(form.fullmatch(value) for form in (_ACCOUNT, _UNIQUE_ID, _AWS_PRINCIPAL))
    if pattern.type == "Service":
        return "." in value and "*" not in value
    return bool(value) and "*" not in value


def _rcps(document: Document, _manner: Manner) -> Faults:
    """Own RCPs deny, for everyone, named actions (Organizations User Guide, "RCP syntax")."""
    if document.kind is not PolicyKind.RCP:
        return
    for statement in document.statements:
        refused = (
            (statement.effect is Effect.ALLOW, "Effect must be Deny"),
            (statement.principals != (PrincipalPattern("AWS", "*"),), 'Principal must be "*"'),
            (statement.not_action, "NotAction is not supported"),
            ("*" in statement.actions, "the action * alone is not supported"),
        )
        yield from (PolicyError(ORGANIZATION, _path(statement), detail) for wrong, detail in refused if wrong)


_RULES: Final[Iterable[Rule]] = (
    _dates,
    _unreadable_resources,
    _principal_presence,
    _unique_sids,
    _plain_sids,
    _actions_exist,
    _resource_formats,
    _vendors,
    _resources_exist,
    _principals,
    _rcps,
)
_OLDER_RULES: Final[Iterable[Rule]] = (
    _principal_presence,
    _actions_exist,
    _vendors,
    _trust,
    _principals,
    _resources_exist,
    _resource_formats,
    _unreadable_resources,
    _unique_sids,
)
_STRUCTURE: Final = frozenset({_principal_presence, _unique_sids, _actions_exist, _resources_exist, _plain_sids})
"""What holds of every document that can be decided by, however it came here."""
