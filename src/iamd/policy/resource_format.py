"""How a Resource entry must be written.

Messages as recorded from CreatePolicy. An entry has an ARN's first field whatever that says, and the fields that it
leaves out count as `*`.
"""

from typing import Final

from iamd.model.document import PolicyKind

ARN_FIELDS: Final = 6
_WILD: Final = frozenset("*?")
_PARTITIONS: Final = frozenset(
    {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}
)
_TOLD_PATHS: Final = (
    *("user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/"),
    *("sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"),
)
_NEWER_PATHS: Final = ("role-template/", "assumed-role/", "delegation-request/")
"""Resource types that the message does not name yet (Service Authorization Reference, IAM)."""
_COMPLETE_KINDS: Final = frozenset({PolicyKind.SESSION, PolicyKind.RESOURCE, PolicyKind.RCP})


def cannot_be_read(resource: str, kind: PolicyKind) -> str:
    """What keeps IAM's older parser from reading it, "" if nothing does."""
    fields = resource.split(":", ARN_FIELDS - 1)
    if len(fields) < 3 or not _is_partition(fields[1]):
        return ""
    if not fields[2]:
        return "names no service"
    if len(fields) == ARN_FIELDS or resource.endswith("*"):
        return ""
    if kind in _COMPLETE_KINDS:
        return "is not a complete ARN"
    # ~ Recorded of `arn:aws:s3::bucket`: a colon too few, and the name stands where the account belongs.
    account = fields[4] if len(fields) == ARN_FIELDS - 1 else ""
    return "has no account in its fifth field" if account and not (account.isdigit() or _WILD & set(account)) else ""


def resource_fault(resource: str) -> str:
    """The message for an entry that is not written as it must be, "" for one that is."""
    if resource == "*":
        return ""
    scheme, colon, rest = resource.partition(":")
    if not colon:
        return f'Resource {resource} must be in ARN format or "*".'
    fields = rest.split(":", ARN_FIELDS - 2)
    partition = fields[0]
    if not _is_partition(partition):
        whole = ":".join(("arn", *fields, *("*" for _ in range(ARN_FIELDS - 1 - len(fields)))))
        return f'Partition "{partition}" is not valid for resource "{whole}".'
    if scheme != "arn":
        return f'Resource {resource} must be in ARN format or "*".'
    if len(fields) < 2 or _WILD & set(fields[1]):
        return "Resource vendor must be fully qualified and cannot contain regexes."
    return _service_fault(resource, fields) if len(fields) == ARN_FIELDS - 1 else ""


def _is_partition(text: str) -> bool:
    return text in _PARTITIONS or bool(_WILD & set(text))


def _service_fault(resource: str, fields: list[str]) -> str:
    _, service, region, account, name = fields
    if service == "iam":
        if region not in {"", "*"}:
            return f"IAM resource {resource} cannot contain region information."
        if name not in {"*", "root"} and not name.startswith((*_TOLD_PATHS, *_NEWER_PATHS)):
            return f'IAM resource path must either be "*" or start with {", ".join(_TOLD_PATHS)}.'
    if service == "s3" and region not in {"", "*"} and not account:
        return f"Resource {resource} can not contain region information."
    return ""
