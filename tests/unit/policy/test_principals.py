"""A principal is a someone, not a name."""

from iamd.model.document import PrincipalPattern
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy.principals import BY_ACCOUNT, BY_ROLE, BY_SELF, NOT_NAMED, compile_principals, exempts, naming

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
