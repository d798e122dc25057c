"""What AWS refuses when a policy of a kind is written, beyond structure.

Messages are IAM's MalformedPolicyDocument texts. The existence of principals and the quotas are the services' to check.
"""

import re
from typing import Final

from iamd.model.document import Document, Effect, PolicyKind, PrincipalPattern, Statement
from iamd.policy.errors import PolicyError

ARN_FIELDS: Final = 6
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_VENDOR: Final = re.compile(r"[A-Za-z0-9.-]+")
_UNIQUE_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")
_AWS_PRINCIPAL: Final = re.compile(
    r"arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|(?:user|role)/[^*?]+)"
    r"|sts::[0-9]{12}:(?:assumed-role/[^*?/]+/[^*?/]+|federated-user/[^*?]+))"
)
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


def check_authoring(document: Document) -> None:
    """Raises PolicyError."""
    for statement in document.statements:
        path = f"Statement[{statement.index}]"
        _check_actions(statement, document.kind, path)
        _check_resources(statement, document.kind, path)
        for pattern in statement.principals or ():
            _check_principal(pattern, path)
        if document.kind is PolicyKind.RCP:
            _check_rcp(statement, path)


def _check_actions(statement: Statement, kind: PolicyKind, path: str) -> None:
    path = f"{path}.{'NotAction' if statement.not_action else 'Action'}"
    for action in statement.actions:
        vendor, colon, name = action.partition(":")
        if action == "*":
            continue
        if not colon or not name:
            message = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
            raise PolicyError(message, path, f"{action} has no service prefix")
        if ":" in name:
            raise PolicyError("Actions/Condition can contain only one colon.", path, action)
        if not _VENDOR.fullmatch(vendor):
            raise PolicyError(f"Vendor {vendor} is not valid", path)
        if kind is PolicyKind.TRUST and vendor.lower() != "sts":
            raise PolicyError("AssumeRole policy may only specify STS AssumeRole actions.", path, action)
    if kind is PolicyKind.TRUST and any(_is_other_sts(action) for action in statement.actions):
        raise PolicyError("AssumeRole policy may only specify STS AssumeRole actions.", path)


def _is_other_sts(action: str) -> bool:
    folded = action.lower()
    return not (folded == "*" or folded in _TRUST_ACTIONS or "*" in folded or "?" in folded)


def _check_resources(statement: Statement, kind: PolicyKind, path: str) -> None:
    element = "NotResource" if statement.not_resource else "Resource"
    if kind is PolicyKind.TRUST:
        if statement.resources is not None:
            raise PolicyError(f"Has prohibited field {element}", path)
        return
    for resource in statement.resources or ():
        _check_resource(resource, kind, f"{path}.{element}")


def _check_resource(resource: str, kind: PolicyKind, path: str) -> None:
    if resource == "*":
        return
    fields = resource.split(":", ARN_FIELDS - 1)
    if fields[0] != "arn" or len(fields) < 2:
        raise PolicyError(f'Resource {resource} must be in ARN format or "*".', path)
    if len(fields) < 3 or set("*?") & set(fields[2]):
        raise PolicyError("Resource vendor must be fully qualified and cannot contain regexes.", path, resource)
    incomplete = len(fields) < ARN_FIELDS and not resource.endswith("*")
    if incomplete and kind in {PolicyKind.SESSION, PolicyKind.RESOURCE, PolicyKind.RCP}:
        raise PolicyError("The policy failed legacy parsing", path, f"{resource} is not a complete ARN")
    if not fields[2]:
        raise PolicyError("The policy failed legacy parsing", path, f"{resource} names no service")


def _check_principal(pattern: PrincipalPattern, path: str) -> None:
    value = pattern.value
    if pattern.type == "AWS":
        known = value == "*" or any(form.fullmatch(value) for form in (_ACCOUNT, _UNIQUE_ID, _AWS_PRINCIPAL))
    elif pattern.type == "Service":
        known = "." in value and "*" not in value
    else:
        known = bool(value) and "*" not in value
    if not known:
        raise PolicyError(f'Invalid principal in policy: "{pattern.type}":"{value}"', f"{path}.Principal")


def _check_rcp(statement: Statement, path: str) -> None:
    """Own RCPs deny, for everyone, named actions (Organizations User Guide, "RCP syntax")."""
    refused = (
        (statement.effect is Effect.ALLOW, "Effect must be Deny"),
        (statement.principals != (PrincipalPattern("AWS", "*"),), 'Principal must be "*"'),
        (statement.not_action, "NotAction is not supported"),
        ("*" in statement.actions, "the action * alone is not supported"),
    )
    for wrong, detail in refused:
        if wrong:
            raise PolicyError(
                "The provided policy document does not meet the requirements of the specified policy type.",
                path,
                detail,
            )
