"""CloudTrail's `userIdentity` of a caller (CloudTrail User Guide, "CloudTrail userIdentity element")."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from iamd.authz.caller import Caller, Identity
from iamd.credentials.session_facts import SessionFacts
from iamd.model.principal import PrincipalKind

_ANONYMOUS: Final[Mapping[str, Any]] = {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}


UNKNOWN: Final[Mapping[str, Any]] = {"type": "Unknown"}
"""Nobody whose word counts: a signature that was not verified names no one."""


def foreign_identity(caller: Caller) -> Mapping[str, Any]:
    """What the trail of another account, whose resource was named, says of the caller."""
    principal = caller.principal
    if principal.kind is PrincipalKind.ANONYMOUS:
        return _ANONYMOUS
    return {"type": "AWSAccount", "principalId": principal.unique_id, "accountId": principal.account}


def user_identity(caller: Caller) -> Mapping[str, Any]:
    principal = caller.principal
    if principal.kind is PrincipalKind.ANONYMOUS:
        return _ANONYMOUS
    element: dict[str, Any] = {
        "type": principal.kind.value,
        "principalId": principal.unique_id,
        "arn": principal.arn,
        "accountId": principal.account,
        "accessKeyId": caller.access_key_id,
    }
    if principal.kind is PrincipalKind.USER and caller.identity is not None:
        element["userName"] = caller.identity.name
    if caller.session is not None:
        element["sessionContext"] = _session_context(caller, caller.session)
    return element


def _session_context(caller: Caller, session: SessionFacts) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if session.kind in ("assumed-role", "federated-user") and caller.identity is not None:
        context["sessionIssuer"] = _issuer(caller.identity, session)
    context["attributes"] = {
        "creationDate": _iso(session.issued_at),
        "mfaAuthenticated": "true" if session.mfa else "false",
    }
    if session.source_identity is not None:
        context["sourceIdentity"] = session.source_identity
    return context


def _issuer(identity: Identity, session: SessionFacts) -> dict[str, Any]:
    issuer: dict[str, Any] = {
        "type": session.issuer_kind,
        "principalId": session.issuer_id,
        "arn": identity.arn,
        "accountId": session.account,
    }
    if identity.name:
        issuer["userName"] = identity.name
    return issuer


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
