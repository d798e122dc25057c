"""Every global condition key is there exactly when AWS documents it: a table of keys by kinds of callers.

IAM User Guide, "AWS global condition context keys" (the Availability of each) and "Principal key values".
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from iamd.authz.caller import NOBODY, Caller, Identity
from iamd.authz.check import Ask, Check
from iamd.authz.context_keys import check_keys, request_keys
from iamd.credentials.session_facts import SessionFacts
from iamd.kernel.authenticate import merge_tags, session_principal
from iamd.kernel.callers import principal_of
from iamd.model.http import HttpRequest
from iamd.stores.memory.store import MemoryStore

ACCOUNT: Final = "111111111111"
THEN: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOW_MS: Final = 1_767_323_105_999
USER = Identity(
    ACCOUNT, "AIDA1", "alice", f"arn:aws:iam::{ACCOUNT}:user/team/alice", is_root=False, tags=(("Team", "a"),)
)
ROLE = Identity(
    ACCOUNT, "AROA1", "deploy", f"arn:aws:iam::{ACCOUNT}:role/ci/deploy", is_root=False, tags=(("Team", "b"),)
)
ROOT = Identity(ACCOUNT, ACCOUNT, "", f"arn:aws:iam::{ACCOUNT}:root", is_root=True)


def long_term(identity: Identity) -> Caller:
    return Caller(principal_of(identity), "AKIA1", identity, tags=identity.tags)


def session(kind: Any, identity: Identity, **facts: Any) -> Caller:
    """As the kernel makes it of a verified token."""
    issuer: Any = "Root" if identity.is_root else "Role" if identity is ROLE else "IAMUser"
    name = "" if kind == "session-token" else "run"
    token = SessionFacts(
        "ASIA1", ACCOUNT, kind, issuer, identity.arn, identity.id, identity.name, name, THEN, THEN, **facts
    )
    return Caller(
        principal=session_principal(token, identity),
        access_key_id="ASIA1",
        identity=identity,
        session=token,
        tags=merge_tags(identity.tags, token.tags),
        mfa=token.mfa,
        mfa_at=None if token.mfa_at is None else int(token.mfa_at.timestamp() * 1000),
        issued_at=int(token.issued_at.timestamp() * 1000),
    )


CALLERS: Final = {
    "anonymous": NOBODY,
    "root": long_term(ROOT),
    "user": long_term(USER),
    "role session": session("assumed-role", ROLE, mfa=False),
    "federated user": session("federated-user", USER),
    "session token": session("session-token", USER, mfa=False),
    "session token with MFA": session("session-token", USER, mfa=True, mfa_at=THEN),
    "session token of root": session("session-token", ROOT, mfa=False),
}
ALWAYS: Final = {
    "aws:currenttime": "2026-01-02T03:05:05Z",
    "aws:epochtime": "1767323105",
    "aws:securetransport": "false",
    "aws:sourceip": "192.0.2.7",
    "aws:requestedregion": "eu-west-1",
    "aws:viaawsservice": "false",
}
# Of each kind of caller, all the keys that it has beside those of every request.
TABLE: Final[dict[str, dict[str, str]]] = {
    "anonymous": {
        "aws:principaltype": "Anonymous",
        "aws:userid": "anonymous",
        "aws:principalaccount": "anonymous",
    },
    "root": {
        "aws:principaltype": "Account",
        "aws:userid": ACCOUNT,
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": ROOT.arn,
        "aws:principalisawsservice": "false",
    },
    "user": {
        "aws:principaltype": "User",
        "aws:userid": "AIDA1",
        "aws:username": "alice",
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": USER.arn,
        "aws:principalisawsservice": "false",
        "aws:principaltag/team": "a",
    },
    "role session": {
        "aws:principaltype": "AssumedRole",
        "aws:userid": "AROA1:run",
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": ROLE.arn,
        "aws:principalisawsservice": "false",
        "aws:principaltag/team": "b",
        "aws:tokenissuetime": "2026-01-02T03:04:05Z",
        "aws:multifactorauthpresent": "false",
    },
    "federated user": {
        "aws:principaltype": "FederatedUser",
        "aws:userid": f"{ACCOUNT}:run",
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": f"arn:aws:sts::{ACCOUNT}:federated-user/run",
        "aws:principalisawsservice": "false",
        "aws:principaltag/team": "a",
        "aws:tokenissuetime": "2026-01-02T03:04:05Z",
    },
    "session token": {
        "aws:principaltype": "User",
        "aws:userid": "AIDA1",
        "aws:username": "alice",
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": USER.arn,
        "aws:principalisawsservice": "false",
        "aws:principaltag/team": "a",
        "aws:tokenissuetime": "2026-01-02T03:04:05Z",
        "aws:multifactorauthpresent": "false",
    },
    "session token with MFA": {
        "aws:principaltype": "User",
        "aws:userid": "AIDA1",
        "aws:username": "alice",
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": USER.arn,
        "aws:principalisawsservice": "false",
        "aws:principaltag/team": "a",
        "aws:tokenissuetime": "2026-01-02T03:04:05Z",
        "aws:multifactorauthpresent": "true",
        "aws:multifactorauthage": "60",
    },
    "session token of root": {
        "aws:principaltype": "Account",
        "aws:userid": ACCOUNT,
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": ROOT.arn,
        "aws:principalisawsservice": "false",
        "aws:tokenissuetime": "2026-01-02T03:04:05Z",
        "aws:multifactorauthpresent": "false",
    },
}


def ask(caller: Caller, *headers: tuple[bytes, bytes], scheme: str = "http") -> Ask:
    return Ask(
        operation="GetObject",
        params={},
        caller=caller,
        account=caller.account,
        region="eu-west-1",
        state=MemoryStore().state,
        http=HttpRequest("GET", b"/", headers=headers, scheme=scheme, client_ip="192.0.2.7"),
        now=NOW_MS,
    )


@pytest.mark.parametrize("kind", CALLERS)
def test_each_key_exactly_where_it_is_documented(kind: str) -> None:
    assert request_keys(ask(CALLERS[kind])) == {**ALWAYS, **TABLE[kind]}


def test_what_the_client_says_of_itself_only_if_it_says_it() -> None:
    keys = request_keys(ask(NOBODY, (b"user-agent", b"tool/1"), (b"referer", b"http://page/"), scheme="https"))
    told = {"aws:useragent": "tool/1", "aws:referer": "http://page/", "aws:securetransport": "true"}
    assert keys == {**ALWAYS, **TABLE["anonymous"], **told}


def test_nothing_that_a_header_could_claim_is_taken_for_a_fact() -> None:
    claims = (
        (b"x-forwarded-for", b"10.0.0.1"),
        (b"x-forwarded-proto", b"https"),
        (b"aws:sourceip", b"10.0.0.1"),
        (b"x-amz-source-arn", b"arn:aws:s3:::b"),
        (b"x-amz-source-account", ACCOUNT.encode()),
    )
    assert request_keys(ask(CALLERS["user"], *claims)) == {**ALWAYS, **TABLE["user"]}


def test_a_source_identity_where_the_session_has_one() -> None:
    caller = session("assumed-role", ROLE, mfa=False, source_identity="alice")
    keys = request_keys(ask(caller))
    assert keys == {**ALWAYS, **TABLE["role session"], "aws:sourceidentity": "alice"}


def test_a_session_tag_replaces_the_role_s_of_the_same_name() -> None:
    caller = session("assumed-role", ROLE, mfa=False, tags=(("TEAM", "c"), ("Stage", "test")))
    keys = request_keys(ask(caller))
    assert {name: value for name, value in keys.items() if "tag" in name} == {
        "aws:principaltag/team": "c",
        "aws:principaltag/stage": "test",
    }


RESOURCE: Final = Check("s3:GetObject", "arn:aws:s3:::b/k")


def keys_of(check: Check, account: str = ACCOUNT) -> dict[str, Any]:
    return check_keys({}, check, account)


def test_the_owner_of_the_resource() -> None:
    assert keys_of(RESOURCE) == {"aws:resourceaccount": ACCOUNT}
    assert keys_of(replace(RESOURCE, resource_account="2" * 12)) == {"aws:resourceaccount": "2" * 12}
    assert keys_of(RESOURCE, "") == {}


def test_tags_only_where_there_are_any() -> None:
    tagged = replace(RESOURCE, resource_tags=(("Team", "a"),))
    assert keys_of(tagged) == {"aws:resourceaccount": ACCOUNT, "aws:resourcetag/team": "a"}
    asked = replace(RESOURCE, request_tags=(("Team", "a"), ("Stage", "b")))
    assert keys_of(asked) == {
        "aws:resourceaccount": ACCOUNT,
        "aws:requesttag/team": "a",
        "aws:requesttag/stage": "b",
        "aws:tagkeys": ("Team", "Stage"),
    }
    assert keys_of(replace(RESOURCE, tag_keys=("Team",))) == {"aws:resourceaccount": ACCOUNT, "aws:tagkeys": ("Team",)}
    assert keys_of(replace(RESOURCE, request_tags=())) == {"aws:resourceaccount": ACCOUNT}


def test_the_service_s_own_keys_lie_beside_the_global_ones() -> None:
    own = replace(RESOURCE, keys={"s3:prefix": "a/"})
    assert keys_of(own) == {"aws:resourceaccount": ACCOUNT, "s3:prefix": "a/"}
