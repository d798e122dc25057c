"""A principal is a someone, not a name."""

from iamd.model.document import PrincipalPattern
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy.principals import (
    BY_ACCOUNT,
    BY_ROLE,
    BY_SELF,
    NOT_NAMED,
    compile_principals,
    exempts,
    naming,
    role_of,
)

HOME = "111122223333"
ALICE_ARN, ROLE_ARN = f"arn:aws:iam::{HOME}:user/alice", f"arn:aws:iam::{HOME}:role/p/app"
SESSION_ARN = f"arn:aws:sts::{HOME}:assumed-role/app/s"
ALICE = Principal(PrincipalKind.USER, ALICE_ARN, HOME, "AIDAOLD0000000000000")
SESSION = Principal(
    PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME, "AROAOLD0000000000000:s", ROLE_ARN, "AROAOLD0000000000000"
)


def named(caller: Principal, *values: str, kind: str = "AWS") -> int:
    return naming(compile_principals(PrincipalPattern(kind, value) for value in values), caller)


def test_a_known_user_is_recognized_by_id_and_not_by_name() -> None:
    assert named(ALICE, "AIDAOLD0000000000000") == BY_SELF
    assert named(ALICE, "AIDANEW0000000000000") == NOT_NAMED
    assert named(ALICE, ALICE_ARN) == NOT_NAMED


def test_a_known_role_is_recognized_by_id_and_its_session_by_name() -> None:
    assert named(SESSION, "AROAOLD0000000000000") == BY_ROLE
    assert named(SESSION, ROLE_ARN) == NOT_NAMED
    assert named(SESSION, SESSION_ARN) == BY_SELF
    assert named(SESSION, HOME, SESSION_ARN, "AROAOLD0000000000000") == BY_ACCOUNT | BY_SELF | BY_ROLE


def test_the_user_behind_a_federated_session() -> None:
    fred = Principal(
        PrincipalKind.FEDERATED_USER,
        f"arn:aws:sts::{HOME}:federated-user/f",
        HOME,
        f"{HOME}:f",
        ALICE_ARN,
        "AIDAOLD0000000000000",
    )
    assert named(fred, "AIDAOLD0000000000000") == BY_ROLE
    assert named(fred, ALICE_ARN) == NOT_NAMED
    assert named(fred, f"arn:aws:sts::{HOME}:federated-user/f") == BY_SELF


def test_offline_names_are_compared_and_a_roles_path_does_not_matter() -> None:
    session = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME)
    assert named(session, ROLE_ARN) == BY_ROLE
    assert named(session, ROLE_ARN.replace("aws:", "aws-cn:")) == NOT_NAMED
    assert named(session, "AROAOLD0000000000000") == NOT_NAMED
    assert named(Principal(PrincipalKind.USER, ALICE_ARN, HOME), ALICE_ARN) == BY_SELF


def test_services_and_providers_are_not_taken_for_each_other() -> None:
    service = Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None)
    assert named(service, "ec2.amazonaws.com", kind="Service") == BY_SELF
    assert named(service, "ec2.amazonaws.com", kind="Federated") == NOT_NAMED
    assert named(service, "ec2.amazonaws.com") == NOT_NAMED


def test_not_principal_spares_only_whom_it_lists_wholly() -> None:
    def spared(*values: str, has_boundary: bool = False) -> bool:
        listed = compile_principals(PrincipalPattern("AWS", value) for value in values)
        return exempts(listed, SESSION, has_boundary=has_boundary)

    assert spared(HOME, "AROAOLD0000000000000", SESSION_ARN)
    assert not spared(HOME, "AROAOLD0000000000000", SESSION_ARN, has_boundary=True)
    assert not spared(HOME, SESSION_ARN)
    assert not spared(HOME, ROLE_ARN, SESSION_ARN)
    assert not spared("AROAOLD0000000000000", SESSION_ARN)


def test_not_principal_spares_a_service_a_provider_and_nobody_by_name() -> None:
    service = Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None)
    provider = Principal(PrincipalKind.PROVIDER, f"arn:aws:iam::{HOME}:saml-provider/idp", None)

    def spared(caller: Principal, kind: str, value: str, *, has_boundary: bool = False) -> bool:
        return exempts(compile_principals([PrincipalPattern(kind, value)]), caller, has_boundary=has_boundary)

    assert spared(service, "Service", "ec2.amazonaws.com")
    assert not spared(service, "Service", "s3.amazonaws.com")
    assert not spared(service, "AWS", "ec2.amazonaws.com")
    assert spared(provider, "Federated", f"arn:aws:iam::{HOME}:saml-provider/idp")
    assert not spared(provider, "Federated", f"arn:aws:iam::{HOME}:saml-provider/other")
    assert not spared(ANONYMOUS, "AWS", HOME)
    for caller in (service, provider, ANONYMOUS, ALICE, SESSION):
        assert spared(caller, "AWS", "*")
        assert not spared(caller, "AWS", "*", has_boundary=True)


def test_not_principal_and_the_account_s_own() -> None:
    def spared(caller: Principal, *values: str) -> bool:
        return exempts(
            compile_principals(PrincipalPattern("AWS", value) for value in values), caller, has_boundary=False
        )

    root = Principal(PrincipalKind.ROOT, f"arn:aws:iam::{HOME}:root", HOME)
    offline = Principal(PrincipalKind.USER, ALICE_ARN, HOME)
    assert spared(root, HOME)
    assert spared(root, f"arn:aws:iam::{HOME}:root")
    assert not spared(root, "444455556666")
    assert not spared(root, f"arn:aws-cn:iam::{HOME}:root")
    assert spared(offline, HOME, ALICE_ARN)
    assert not spared(offline, HOME)
    assert not spared(offline, ALICE_ARN)
    assert spared(ALICE, HOME, "AIDAOLD0000000000000")
    assert not spared(ALICE, HOME, ALICE_ARN)
    fred = Principal(PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/f", HOME)
    assert spared(fred, HOME, f"arn:aws:sts::{HOME}:federated-user/f")
    assert not spared(fred, HOME)


def test_who_names_an_account_names_all_of_it() -> None:
    for named_so in (HOME, f"arn:aws:iam::{HOME}:root"):
        for caller in (ALICE, SESSION, Principal(PrincipalKind.ROOT, f"arn:aws:iam::{HOME}:root", HOME)):
            assert named(caller, named_so) == BY_ACCOUNT
    assert named(ALICE, "*") == BY_SELF
    assert named(ANONYMOUS, "*") == BY_SELF
    assert named(ANONYMOUS, HOME) == NOT_NAMED
    assert named(ALICE, f"arn:aws-cn:iam::{HOME}:root") == NOT_NAMED


def test_a_session_without_a_name_is_named_by_its_role_alone() -> None:
    """`iamd who-can` asks for every role so."""
    unnamed = Principal(PrincipalKind.ASSUMED_ROLE, ROLE_ARN, HOME, issuer_arn=ROLE_ARN)
    assert named(unnamed, ROLE_ARN) == BY_ROLE


def test_the_role_behind_a_session() -> None:
    expected = ("aws", HOME, "app")
    assert role_of(Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME)) == expected
    assert role_of(SESSION) == expected
    assert role_of(Principal(PrincipalKind.ASSUMED_ROLE, ROLE_ARN, HOME)) == expected
    assert role_of(ANONYMOUS) is None


def test_what_is_no_role_names_no_session() -> None:
    session = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME)
    for text in (f"arn:aws:iam::{HOME}:user/app", f"arn:aws:sts::{HOME}:role/app", f"arn:aws:iam::{HOME}", "app"):
        assert named(session, text) == NOT_NAMED
    assert named(session, "arn:aws:iam::444455556666:role/app") == NOT_NAMED


def test_a_federated_user_offline_is_named_by_the_user_behind_it() -> None:
    fred = Principal(PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/f", HOME, issuer_arn=ALICE_ARN)
    assert named(fred, ALICE_ARN) == BY_ROLE
    assert named(fred, f"{ALICE_ARN}2") == NOT_NAMED
    assert named(Principal(PrincipalKind.FEDERATED_USER, fred.arn, HOME), ALICE_ARN) == NOT_NAMED
    known = Principal(PrincipalKind.FEDERATED_USER, fred.arn, HOME, f"{HOME}:f", ALICE_ARN)
    assert named(known, ALICE_ARN) == NOT_NAMED
    by_id = Principal(
        PrincipalKind.FEDERATED_USER, fred.arn, HOME, issuer_arn=ALICE_ARN, issuer_id="AIDAOLD0000000000000"
    )
    assert (named(by_id, ALICE_ARN), named(by_id, "AIDAOLD0000000000000")) == (NOT_NAMED, BY_ROLE)


def test_a_role_whose_id_is_half_known_is_not_named_by_its_name() -> None:
    for ids in ({"unique_id": "AROAOLD0000000000000:s"}, {"issuer_id": "AROAOLD0000000000000"}):
        session = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME, issuer_arn=ROLE_ARN, **ids)
        assert named(session, ROLE_ARN) == NOT_NAMED
