"""What temporary credentials and root may not call, whatever policies say.

Sources: IAM User Guide, "Compare AWS STS credentials" and "Permissions for GetSessionToken"; the STS API reference of
GetSessionToken, GetFederationToken and AssumeRole. The texts are AWS's where they were seen; those for the rarer pairs
follow them (~).
"""

from typing import Final

from iamd.authz.caller import Caller
from iamd.credentials.session_facts import SessionFacts
from iamd.model.errors import AwsError, access_denied
from iamd.model.principal import PrincipalKind

_UNSIGNED: Final = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
_NEVER_BY_SESSIONS: Final = frozenset({"GetFederationToken", "GetSessionToken"})
_STS_OF_SESSION_TOKEN: Final = frozenset({"AssumeRole", "GetCallerIdentity"}) | _UNSIGNED
_STS_OF_FEDERATED_USER: Final = frozenset({"GetCallerIdentity"}) | _UNSIGNED


def refuse_for_session(caller: Caller, service: str, operation: str) -> None:
    """Raises AwsError. `service` is the service model's name.

    A console session may call IAM without MFA, as in AWS's console; it issues no long-lived credentials of its own.
    Console sessions of federated users, whom AWS lets call IAM, do not exist here yet.
    """
    if (service, operation) == ("sts", "AssumeRole") and _is_root(caller):
        raise access_denied("Roles may not be assumed by root accounts.")
    if caller.session is None:
        return
    if service == "iam" and not _may_call_iam(caller.session):
        raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid", 403)
    if service == "sts" and not _may_call_sts(caller.session, operation):
        raise access_denied(f"Cannot call {operation} with session credentials")


def _is_root(caller: Caller) -> bool:
    return caller.principal.kind is PrincipalKind.ROOT or (caller.identity is not None and caller.identity.is_root)


def _may_call_iam(session: SessionFacts) -> bool:
    if session.kind == "session-token":
        return session.mfa is True
    return session.kind in ("assumed-role", "console")


def _may_call_sts(session: SessionFacts, operation: str) -> bool:
    if session.kind == "session-token":
        return operation in _STS_OF_SESSION_TOKEN
    if session.kind == "federated-user":
        return operation in _STS_OF_FEDERATED_USER
    return operation not in _NEVER_BY_SESSIONS
