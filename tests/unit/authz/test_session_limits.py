"""What sessions may not call (policy-semantics, Combining 6)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from iamd.authz.caller import Caller
from iamd.authz.session_limits import refuse_for_session
from iamd.credentials.session_facts import SessionFacts
from iamd.model.errors import AwsError
from iamd.model.principal import Principal, PrincipalKind

ACCOUNT = "111111111111"
THEN = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {
    "assumed-role": PrincipalKind.ASSUMED_ROLE,
    "federated-user": PrincipalKind.FEDERATED_USER,
    "session-token": PrincipalKind.USER,
}
INVALID = ("InvalidClientTokenId", "The security token included in the request is invalid")


def caller(kind: Any, *, mfa: bool | None = None) -> Caller:
    facts = SessionFacts("ASIA", ACCOUNT, kind, "IAMUser", "arn", "AIDA", "n", "s", THEN, THEN, mfa=mfa)
    return Caller(Principal(KINDS[kind], "arn", ACCOUNT), session=facts)


def sts(operation: str) -> tuple[str, str]:
    return ("AccessDenied", f"Cannot call {operation} with session credentials")


@pytest.mark.parametrize(
    ("who", "service", "operation", "expected"),
    [
        (caller("session-token"), "iam", "ListUsers", INVALID),
        (caller("session-token", mfa=False), "iam", "ListUsers", INVALID),
        (caller("session-token", mfa=True), "iam", "ListUsers", None),
        (caller("session-token", mfa=True), "sts", "AssumeRole", None),
        (caller("session-token"), "sts", "GetCallerIdentity", None),
        (caller("session-token", mfa=True), "sts", "GetSessionToken", sts("GetSessionToken")),
        (caller("session-token"), "sts", "GetFederationToken", sts("GetFederationToken")),
        (caller("session-token"), "sts", "GetAccessKeyInfo", sts("GetAccessKeyInfo")),
        (caller("session-token"), "s3", "ListBuckets", None),
        (caller("federated-user"), "iam", "GetUser", INVALID),
        (caller("federated-user", mfa=True), "iam", "GetUser", INVALID),
        (caller("federated-user"), "sts", "AssumeRole", sts("AssumeRole")),
        (caller("federated-user"), "sts", "GetCallerIdentity", None),
        (caller("federated-user"), "sts", "AssumeRoleWithWebIdentity", None),
        (caller("federated-user"), "s3", "ListBuckets", None),
        (caller("assumed-role"), "iam", "ListUsers", None),
        (caller("assumed-role"), "sts", "AssumeRole", None),
        (caller("assumed-role"), "sts", "GetAccessKeyInfo", None),
        (caller("assumed-role"), "sts", "GetSessionToken", sts("GetSessionToken")),
        (caller("assumed-role"), "sts", "GetFederationToken", sts("GetFederationToken")),
    ],
)
def test_sessions_call_only_what_their_kind_may(
    who: Caller, service: str, operation: str, expected: tuple[str, str] | None
) -> None:
    if expected is None:
        refuse_for_session(who, service, operation)
        assert who.session is not None
        return
    with pytest.raises(AwsError) as refused:
        refuse_for_session(who, service, operation)
    assert (refused.value.code, refused.value.message, refused.value.status) == (*expected, 403)


def test_root_assumes_no_role_and_keys_of_users_are_not_sessions() -> None:
    root = Caller(Principal(PrincipalKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT))
    with pytest.raises(AwsError, match="Roles may not be assumed by root accounts"):
        refuse_for_session(root, "sts", "AssumeRole")
    user = Caller(Principal(PrincipalKind.USER, "arn", ACCOUNT))
    for operation in ("AssumeRole", "GetSessionToken", "GetFederationToken"):
        refuse_for_session(user, "sts", operation)
    assert user.session is None
