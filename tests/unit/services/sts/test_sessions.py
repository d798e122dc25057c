"""AssumeRole, GetSessionToken, GetFederationToken: children never outlive or outreach their source."""

from datetime import timedelta
from typing import Any

import pytest

from iamd.authz.caller import Caller
from tests.unit.services.lab import ALLOW_ALL, HERE, THERE, Lab, allow, policy, trust

ASSUME = allow(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
EVERYTHING = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
OBJECT = "arn:aws:s3:::b/k"


@pytest.fixture
def lab() -> Lab:
    return Lab()


def add_role(lab: Lab, name: str, trusted: str, *statements: dict[str, Any], account: str = HERE, **more: Any) -> str:
    root = lab.root(account)
    answer = lab.call(root, "CreateRole", RoleName=name, AssumeRolePolicyDocument=trusted, **more)
    if statements:
        lab.call(root, "PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=policy(*statements))
    arn: str = answer["Role"]["Arn"]
    return arn


def trusting(account: str = HERE, action: Any = EVERYTHING, **more: Any) -> str:
    return trust({"AWS": f"arn:aws:iam::{account}:root"}, action, **more)


def assume(lab: Lab, caller: Caller, arn: str, name: str = "me", **more: Any) -> Any:
    return lab.call(caller, "AssumeRole", RoleArn=arn, RoleSessionName=name, **more)


def code(lab: Lab, caller: Caller, arn: str, **more: Any) -> str:
    return lab.fault(caller, "AssumeRole", RoleArn=arn, RoleSessionName="me", **more)[0]


def test_a_session_of_a_role(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting(), allow("s3:GetObject"))
    answer = assume(lab, alice, arn, DurationSeconds=900)
    role_id = lab.call(lab.root(), "GetRole", RoleName="R")["Role"]["RoleId"]
    assert answer["AssumedRoleUser"] == {
        "AssumedRoleId": f"{role_id}:me",
        "Arn": f"arn:aws:sts::{HERE}:assumed-role/R/me",
    }
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert answer["Credentials"]["Expiration"] == lab.now + timedelta(seconds=900)
    assert not {"PackedPolicySize", "SourceIdentity"} & answer.keys()
    session = lab.session(answer)
    assert lab.call(session, "GetCallerIdentity") == {
        "UserId": f"{role_id}:me",
        "Account": HERE,
        "Arn": f"arn:aws:sts::{HERE}:assumed-role/R/me",
    }
    assert lab.may(session, "s3:GetObject", OBJECT)
    assert not lab.may(session, "s3:PutObject", OBJECT)
    assert lab.call(lab.root(), "GetAccessKeyInfo", AccessKeyId=session.access_key_id) == {"Account": HERE}


def test_both_the_trust_policy_and_the_callers_policy_must_allow(lab: Lab) -> None:
    arn = add_role(lab, "R", trusting())
    untrusted = add_role(lab, "U", trust({"Service": "ec2.amazonaws.com"}))
    alice, nobody = lab.add_user("alice", allow("*")), lab.add_user("nobody")
    denied = lab.fault(nobody, "AssumeRole", RoleArn=arn, RoleSessionName="me")
    assert denied[0] == "AccessDenied"
    assert denied[1].startswith(
        f"User: {nobody.principal.arn} is not authorized to perform: sts:AssumeRole on resource"
    )
    there = lab.fault(alice, "AssumeRole", RoleArn=untrusted, RoleSessionName="me")
    absent = f"arn:aws:iam::{HERE}:role/N"
    missing = lab.fault(alice, "AssumeRole", RoleArn=absent, RoleSessionName="me")
    assert (missing[0], missing[1].replace(absent, untrusted)) == there[:2]
    assert code(lab, alice, "arn:aws:iam::333333333333:role/N") == "AccessDenied"
    assert code(lab, alice, f"arn:aws:iam::{HERE}:user/alice") == "ValidationError"
    assert lab.fault(lab.root(), "AssumeRole", RoleArn=arn, RoleSessionName="me")[:2] == (
        "AccessDenied",
        "Roles may not be assumed by root accounts.",
    )


def test_a_trust_policy_that_names_the_user_needs_no_more(lab: Lab) -> None:
    alice, bob = lab.add_user("alice"), lab.add_user("bob", ASSUME)
    arn = add_role(lab, "R", trust({"AWS": alice.principal.arn}))
    assert lab.session(assume(lab, alice, arn)).session is not None
    assert code(lab, bob, arn) == "AccessDenied"


def test_a_recreated_namesake_is_somebody_else(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trust({"AWS": alice.principal.arn}))
    session = lab.session(assume(lab, alice, arn))
    lab.store.write_now(lambda transaction: transaction.state.users.delete(HERE, "alice"))
    namesake = lab.add_user("alice", ASSUME)
    assert code(lab, namesake, arn) == "AccessDenied"
    lab.call(lab.root(), "DeleteRole", RoleName="R")
    add_role(lab, "R", trusting(), allow("*"))
    lab.facts.refresh()
    assert session.session is not None
    assert lab.authorizer.gatherer.identity(HERE, session.session.issuer_id) is None


def test_across_accounts_both_sides_must_allow(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    nobody = lab.add_user("nobody")
    arn = add_role(lab, "R", trusting(HERE), allow("s3:*"), account=THERE)
    other = add_role(lab, "O", trusting(THERE), account=THERE)
    named = add_role(lab, "N", trust({"AWS": nobody.principal.arn}), account=THERE)
    session = lab.session(assume(lab, alice, arn))
    assert (session.account, session.principal.arn) == (THERE, f"arn:aws:sts::{THERE}:assumed-role/R/me")
    assert code(lab, alice, other) == "AccessDenied"
    assert code(lab, nobody, arn) == "AccessDenied"
    assert code(lab, nobody, named) == "AccessDenied"


def test_external_id_session_name_and_tags_are_condition_keys(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    condition = {
        "StringEquals": {"sts:ExternalId": "x1", "aws:RequestTag/team": "a", "sts:RoleSessionName": "me"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"], "sts:TransitiveTagKeys": ["team"]},
    }
    arn = add_role(lab, "R", trusting(Condition=condition))
    good: dict[str, Any] = {"ExternalId": "x1", "Tags": [{"Key": "team", "Value": "a"}]}
    assert lab.session(assume(lab, alice, arn, **good)).tags == (("team", "a"),)
    faults: list[dict[str, Any]] = [{"ExternalId": "x2"}, {"Tags": [{"Key": "team", "Value": "b"}]}, {"Tags": []}]
    for bad in faults:
        assert code(lab, alice, arn, **{**good, **bad}) == "AccessDenied"
    assert lab.fault(alice, "AssumeRole", RoleArn=arn, RoleSessionName="you", **good)[0] == "AccessDenied"
    del good["ExternalId"]
    assert code(lab, alice, arn, **good) == "AccessDenied"


def test_tags_and_source_identity_are_rights_of_their_own(lab: Lab) -> None:
    plain = lab.add_user("plain", allow("sts:AssumeRole"))
    full = lab.add_user("full", ASSUME)
    only = add_role(lab, "Only", trusting(action="sts:AssumeRole"))
    arn = add_role(lab, "R", trusting())
    for more in ({"Tags": [{"Key": "a", "Value": "b"}]}, {"SourceIdentity": "alice"}):
        assert code(lab, plain, arn, **more) == "AccessDenied"
        assert code(lab, full, only, **more) == "AccessDenied"
        assert lab.session(assume(lab, full, arn, **more)).session is not None
    assert lab.session(assume(lab, plain, only)).session is not None


def test_session_policies_only_shrink(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting(), allow("s3:*"))
    inline = assume(lab, alice, arn, Policy=policy(allow(["s3:GetObject", "sqs:*"])))
    assert inline["PackedPolicySize"] > 0
    session = lab.session(inline)
    assert lab.may(session, "s3:GetObject", OBJECT)
    assert not lab.may(session, "s3:PutObject", OBJECT)
    assert not lab.may(session, "sqs:SendMessage")
    arns = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]
    managed = lab.session(assume(lab, alice, arn, PolicyArns=arns))
    assert lab.may(managed, "s3:GetObject", OBJECT)
    assert not lab.may(managed, "s3:PutObject", OBJECT)
    assert code(lab, alice, arn, Policy="{") == "MalformedPolicyDocument"
    assert code(lab, alice, arn, PolicyArns=arns * 11) == "ValidationError"
    assert code(lab, alice, arn, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/Nothing"}]) == "ValidationError"
    huge = policy(*(allow(f"s3:*{number * 7919:x}", f"arn:aws:s3:::{number * 104729:x}") for number in range(300)))
    assert code(lab, alice, arn, Policy=huge) == "PackedPolicyTooLarge"
    assert code(lab, alice, arn, Policy=" " * 131_072 + huge) == "ValidationError"


def test_durations(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting(), MaxSessionDuration=7200)
    assert assume(lab, alice, arn, DurationSeconds=7200)["Credentials"]["Expiration"] == lab.now + timedelta(hours=2)
    assert assume(lab, alice, arn)["Credentials"]["Expiration"] == lab.now + timedelta(hours=1)
    assert lab.fault(alice, "AssumeRole", RoleArn=arn, RoleSessionName="me", DurationSeconds=7201) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        400,
    )


def test_a_chain_lasts_an_hour_at_most_and_never_longer_than_its_source(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    first = add_role(lab, "First", trusting(), ASSUME, MaxSessionDuration=7200)
    second = add_role(lab, "Second", trusting(), MaxSessionDuration=7200)
    session = lab.session(assume(lab, alice, first, DurationSeconds=7200))
    too_long = {"RoleArn": second, "RoleSessionName": "me", "DurationSeconds": 3601}
    assert lab.fault(session, "AssumeRole", **too_long)[1] == (
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    )
    end = lab.now + timedelta(hours=2)
    assert assume(lab, session, second)["Credentials"]["Expiration"] == lab.now + timedelta(hours=1)
    lab.later(5400)
    assert assume(lab, session, second)["Credentials"]["Expiration"] == end


def test_transitive_tags_and_source_identity_go_down_the_chain(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    first, second = add_role(lab, "First", trusting(), ASSUME), add_role(lab, "Second", trusting(), ASSUME)
    untagged = add_role(lab, "Untagged", trusting(action=["sts:AssumeRole", "sts:SetSourceIdentity"]))
    tags = [{"Key": "Team", "Value": "a"}, {"Key": "own", "Value": "b"}]
    answer = assume(lab, alice, first, Tags=tags, TransitiveTagKeys=["team"], SourceIdentity="alice")
    assert answer["SourceIdentity"] == "alice"
    session = lab.session(answer)
    assert code(lab, session, untagged) == "AccessDenied"
    chained = assume(lab, session, second)
    assert chained["SourceIdentity"] == "alice"
    child = lab.session(chained)
    assert child.session is not None
    assert child.session.source_identity == "alice"
    assert code(lab, child, first, SourceIdentity="bob") == "AccessDenied"
    assert child.tags == (("Team", "a"),)
    assert lab.session(assume(lab, child, first)).tags == (("Team", "a"),)
    conflict = lab.fault(
        session, "AssumeRole", RoleArn=second, RoleSessionName="x", Tags=[{"Key": "TEAM", "Value": "z"}]
    )
    assert conflict[0] == "InvalidParameterValue"
    assert code(lab, session, second, SourceIdentity="bob") == "AccessDenied"
    assert assume(lab, session, second, SourceIdentity="alice")["SourceIdentity"] == "alice"


@pytest.mark.parametrize(
    "more",
    [
        {"Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]},
        {"Tags": [{"Key": "aws:x", "Value": ""}]},
        {"TransitiveTagKeys": ["a"]},
    ],
)
def test_bad_session_tags(lab: Lab, more: dict[str, Any]) -> None:
    alice = lab.add_user("alice", ASSUME)
    assert code(lab, alice, add_role(lab, "R", trusting()), **more) == "InvalidParameterValue"


def test_an_mfa_device_that_nobody_has_is_refused(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting())
    both = {"SerialNumber": f"arn:aws:iam::{HERE}:mfa/alice", "TokenCode": "123456"}
    for name, more in (("AssumeRole", {"RoleArn": arn, "RoleSessionName": "me"}), ("GetSessionToken", {})):
        fault = lab.fault(alice, name, **more, **both)
        assert fault[0] == "AccessDenied"
        assert fault[1].startswith("MultiFactorAuthentication failed, unable to validate MFA code.")
        assert lab.fault(alice, name, **more, TokenCode="123456")[0] == "AccessDenied"


def test_get_session_token_is_the_user_without_iam(lab: Lab) -> None:
    alice = lab.add_user("alice", allow("*"), {"Effect": "Deny", "Action": "sts:GetSessionToken", "Resource": "*"})
    answer = lab.call(alice, "GetSessionToken")
    assert answer["Credentials"]["Expiration"] == lab.now + timedelta(hours=12)
    session = lab.session(answer)
    assert lab.call(session, "GetCallerIdentity")["Arn"] == alice.principal.arn
    assert lab.may(session, "s3:GetObject", OBJECT)
    assert session.mfa is False
    assert lab.fault(session, "ListUsers")[0] == "InvalidClientTokenId"
    for name in ("GetSessionToken", "GetFederationToken"):
        assert lab.fault(session, name, Name="x")[:2] == (
            "AccessDenied",
            f"Cannot call {name} with session credentials",
        )
    arn = add_role(lab, "R", trusting(), MaxSessionDuration=7200)
    assert assume(lab, session, arn, DurationSeconds=7200)["Credentials"]["Expiration"] == lab.now + timedelta(hours=2)
    root = lab.call(lab.root(), "GetSessionToken", DurationSeconds=129600)
    assert root["Credentials"]["Expiration"] == lab.now + timedelta(hours=1)
    assert code(lab, lab.session(root), arn) == "AccessDenied"


def test_a_federated_user_has_the_intersection(lab: Lab) -> None:
    alice = lab.add_user("alice", allow(["s3:*", "sts:GetFederationToken"]))
    answer = lab.call(alice, "GetFederationToken", Name="bob", Policy=policy(allow(["s3:GetObject", "sqs:*"])))
    assert answer["FederatedUser"] == {
        "FederatedUserId": f"{HERE}:bob",
        "Arn": f"arn:aws:sts::{HERE}:federated-user/bob",
    }
    session = lab.session(answer)
    assert lab.may(session, "s3:GetObject", OBJECT)
    assert not lab.may(session, "s3:PutObject", OBJECT)
    assert not lab.may(session, "sqs:SendMessage")
    bare = lab.session(lab.call(alice, "GetFederationToken", Name="bob"))
    assert not lab.may(bare, "s3:GetObject", OBJECT)
    assert lab.call(bare, "GetCallerIdentity")["UserId"] == f"{HERE}:bob"
    assert lab.fault(session, "AssumeRole", RoleArn="x" * 20, RoleSessionName="me")[0] == "AccessDenied"
    tagged = {"Name": "bob", "Tags": [{"Key": "a", "Value": "1"}]}
    assert lab.fault(alice, "GetFederationToken", **tagged)[0] == "AccessDenied"
    nobody = lab.add_user("nobody")
    assert lab.fault(nobody, "GetFederationToken", Name="bob")[0] == "AccessDenied"


def test_tokens_of_providers_are_nobodys(lab: Lab) -> None:
    call = {"RoleArn": f"arn:aws:iam::{HERE}:role/R", "RoleSessionName": "me"}
    web = lab.fault(lab.root(), "AssumeRoleWithWebIdentity", **call, WebIdentityToken="nonsense")
    assert (web[0], web[2]) == ("InvalidIdentityToken", 400)
    token = "e30.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.c2ln"
    known = lab.fault(lab.root(), "AssumeRoleWithWebIdentity", **call, WebIdentityToken=token)
    assert known[1] == "No OpenIDConnect provider found in your account for https://idp.example"
    saml = {"RoleArn": call["RoleArn"], "PrincipalArn": "x" * 20, "SAMLAssertion": "PHg+"}
    assert lab.fault(lab.root(), "AssumeRoleWithSAML", **saml)[0] == "InvalidIdentityToken"


def test_identities_and_keys(lab: Lab) -> None:
    assert lab.call(lab.root(), "GetCallerIdentity") == {
        "UserId": HERE,
        "Account": HERE,
        "Arn": f"arn:aws:iam::{HERE}:root",
    }
    key = lab.tools.ids.access_key_id(THERE)
    assert lab.call(lab.root(), "GetAccessKeyInfo", AccessKeyId=key) == {"Account": THERE}
    unknown = lab.tools.ids.access_key_id("333333333333")
    assert lab.fault(lab.root(), "GetAccessKeyInfo", AccessKeyId=unknown)[0] == "ValidationError"
    assert lab.fault(lab.add_user("nobody"), "GetAccessKeyInfo", AccessKeyId=key)[0] == "AccessDenied"


def test_a_boundary_of_the_role_bounds_its_sessions(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting(), ALLOW_ALL["Statement"][0])  # type: ignore[arg-type]  # a statement
    lab.call(
        lab.root(),
        "PutRolePermissionsBoundary",
        RoleName="R",
        PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    )
    session = lab.session(assume(lab, alice, arn))
    assert lab.may(session, "s3:GetObject", OBJECT)
    assert not lab.may(session, "s3:PutObject", OBJECT)


def test_a_role_is_named_by_its_whole_arn(lab: Lab) -> None:
    alice = lab.add_user("alice", ASSUME)
    arn = add_role(lab, "R", trusting(), Path="/p/")
    assert code(lab, alice, arn.replace("/p/", "/")) == "AccessDenied"
    assert assume(lab, alice, arn)["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{HERE}:assumed-role/R/me"
