"""CloudTrail's userIdentity of every kind of caller."""

from datetime import UTC, datetime
from typing import Any

from iamd.authz.caller import NOBODY, Caller, Identity
from iamd.authz.user_identity import foreign_identity, user_identity
from iamd.credentials.session_facts import SessionFacts
from iamd.model.principal import Principal, PrincipalKind

ACCOUNT = "111111111111"
USER = Identity(ACCOUNT, "AIDA1", "alice", f"arn:aws:iam::{ACCOUNT}:user/team/alice", is_root=False)
ROLE = Identity(ACCOUNT, "AROA1", "deploy", f"arn:aws:iam::{ACCOUNT}:role/ci/deploy", is_root=False)
ROOT = Identity(ACCOUNT, ACCOUNT, "", f"arn:aws:iam::{ACCOUNT}:root", is_root=True)


def session(**facts: Any) -> SessionFacts:
    base: dict[str, Any] = {
        "access_key_id": "ASIA1",
        "account": ACCOUNT,
        "kind": "assumed-role",
        "issuer_kind": "Role",
        "issuer_arn": ROLE.arn,
        "issuer_id": "AROA1",
        "issuer_name": "deploy",
        "session_name": "run",
        "issued_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "expires_at": datetime(2026, 1, 2, 4, 4, 5, tzinfo=UTC),
    }
    return SessionFacts(**{**base, **facts})


def test_a_user() -> None:
    caller = Caller(Principal(PrincipalKind.USER, USER.arn, ACCOUNT, "AIDA1"), "AKIA1", USER)
    assert list(user_identity(caller).items()) == [
        ("type", "IAMUser"),
        ("principalId", "AIDA1"),
        ("arn", USER.arn),
        ("accountId", ACCOUNT),
        ("accessKeyId", "AKIA1"),
        ("userName", "alice"),
    ]


def test_root_has_no_user_name() -> None:
    caller = Caller(Principal(PrincipalKind.ROOT, ROOT.arn, ACCOUNT, ACCOUNT), "AKIA1", ROOT)
    assert user_identity(caller) == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": ROOT.arn,
        "accountId": ACCOUNT,
        "accessKeyId": "AKIA1",
    }


def test_a_role_session_names_its_issuer() -> None:
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
    facts = session(source_identity="alice")
    caller = Caller(Principal(PrincipalKind.ASSUMED_ROLE, arn, ACCOUNT, "AROA1:run"), "ASIA1", ROLE, facts)
    found = user_identity(caller)
    assert (found["type"], found["principalId"], found["arn"]) == ("AssumedRole", "AROA1:run", arn)
    assert "userName" not in found
    assert found["sessionContext"] == {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROA1",
            "arn": ROLE.arn,
            "accountId": ACCOUNT,
            "userName": "deploy",
        },
        "attributes": {"creationDate": "2026-01-02T03:04:05Z", "mfaAuthenticated": "false"},
        "sourceIdentity": "alice",
    }


def test_a_session_token_is_still_the_user() -> None:
    facts = session(kind="session-token", issuer_kind="IAMUser", issuer_id="AIDA1", session_name="", mfa=True)
    caller = Caller(Principal(PrincipalKind.USER, USER.arn, ACCOUNT, "AIDA1"), "ASIA1", USER, facts)
    found = user_identity(caller)
    assert (found["type"], found["userName"]) == ("IAMUser", "alice")
    assert found["sessionContext"] == {
        "attributes": {"creationDate": "2026-01-02T03:04:05Z", "mfaAuthenticated": "true"}
    }


def test_a_federated_user_of_root_names_an_issuer_without_user_name() -> None:
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    facts = session(kind="federated-user", issuer_kind="Root", issuer_id=ACCOUNT, session_name="bob")
    caller = Caller(Principal(PrincipalKind.FEDERATED_USER, arn, ACCOUNT, f"{ACCOUNT}:bob"), "ASIA1", ROOT, facts)
    found = user_identity(caller)
    assert found["type"] == "FederatedUser"
    assert found["sessionContext"]["sessionIssuer"] == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": ROOT.arn,
        "accountId": ACCOUNT,
    }


def test_anonymous() -> None:
    expected = {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    assert user_identity(NOBODY) == foreign_identity(NOBODY) == expected


def test_another_account_sees_the_account_and_the_unique_id_alone() -> None:
    caller = Caller(Principal(PrincipalKind.USER, USER.arn, ACCOUNT, "AIDA1"), "AKIA1", USER)
    assert foreign_identity(caller) == {"type": "AWSAccount", "principalId": "AIDA1", "accountId": ACCOUNT}
