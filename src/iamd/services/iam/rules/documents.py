"""Policy documents on their way in and out."""

from typing import Final
from urllib.parse import quote

from iamd.model.errors import limit_exceeded, malformed_policy
from iamd.policy import PolicyError, PolicyKind, parse_document, policy_size
from iamd.reference.quotas import Quotas

_QUOTAS: Final = Quotas()


def check_document(text: str, kind: PolicyKind, *, newest_version: bool = False) -> None:
    """Raises MalformedPolicyDocument."""
    try:
        parse_document(text, kind=kind, newest_version=newest_version)
    except PolicyError as error:
        raise malformed_policy(error.message) from error


def check_managed_document(document: str) -> None:
    """Raises MalformedPolicyDocument, and LimitExceeded for a policy that is too long."""
    check_document(document, PolicyKind.IDENTITY, newest_version=True)
    if policy_size(document) > _QUOTAS.managed_policy_size:
        raise limit_exceeded(f"Cannot exceed quota for PolicySize: {_QUOTAS.managed_policy_size}")


def encoded(document: str) -> str:
    """As IAM answers documents: percent-encoded (RFC 3986), nothing but unreserved characters left."""
    return quote(document, safe="")
