"""A case of `iamd decide`: who its principal is, and what is wrong with it in words (contract, `iamd decide`)."""

from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy.cases import CaseError, principal_named, read_case, read_policy
from tests.unit.policy.asked import ALICE, ALL, AWAY, ELSE, HOME, KEY, doc

CASE: dict[str, Any] = {"principal": ALICE, "action": "s3:GetObject", "resource": KEY}
ROLE = f"arn:aws:iam::{HOME}:role/path/app"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/app/s@x"


@pytest.mark.parametrize(
    "principal",
    [
        Principal(PrincipalKind.USER, ALICE, HOME),
        Principal(PrincipalKind.USER, "arn:aws-cn:iam::444455556666:user/a/b", AWAY),
        Principal(PrincipalKind.ROOT, f"arn:aws:iam::{HOME}:root", HOME),
        Principal(PrincipalKind.ASSUMED_ROLE, ROLE, HOME, issuer_arn=ROLE),
        Principal(PrincipalKind.ASSUMED_ROLE, SESSION, HOME, session_name="s@x"),
        Principal(PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/fred", HOME),
        Principal(PrincipalKind.PROVIDER, f"arn:aws:iam::{HOME}:saml-provider/idp", None),
        Principal(PrincipalKind.PROVIDER, f"arn:aws:iam::{HOME}:oidc-provider/example.org/a", None),
        Principal(PrincipalKind.PROVIDER, "accounts.google.com", None),
        Principal(PrincipalKind.PROVIDER, "cognito-identity.amazonaws.com", None),
        Principal(PrincipalKind.PROVIDER, "graph.facebook.com", None),
        Principal(PrincipalKind.PROVIDER, "www.amazon.com", None),
        Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None),
        Principal(PrincipalKind.SERVICE, "Delivery.Logs.amazonaws.com", None),
        Principal(PrincipalKind.USER, f"arn:aws:iam::{HOME}:user/a\nb", HOME),
    ],
    ids=lambda principal: principal.arn,
)
def test_who_a_name_stands_for(principal: Principal) -> None:
    assert principal_named(principal.arn or "") == principal


@pytest.mark.parametrize(
    "text",
    [
        "alice",
        "a.b/c",
        "arn:aws:iam::111122223333:group/g",
        "arn:aws:iam::11112222333:user/a",
        "arn:aws:iam:us-east-1:111122223333:user/a",
        "arn:aws:iam::111122223333:user/",
        "arn:aws:iam::111122223333:root/a",
        "arn:aws:sts::111122223333:assumed-role/app",
        "arn:aws:sts::111122223333:assumed-role/app/s/t",
        "arn:aws:sts::111122223333:role/app",
        "x" + ALICE,
    ],
)
def test_what_is_no_principal(text: str) -> None:
    words = f"principal {text} is no user, role, session, root or provider ARN and no service principal"
    with pytest.raises(CaseError) as caught:
        principal_named(text)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"action": None}, "action is missing"),
        ({"action": ""}, "action is missing"),
        ({"action": 7}, "action must be a string"),
        ({"resource": []}, "resource must be a string"),
        ({"resourceAccount": 111122223333}, "resourceAccount must be a string"),
        ({"principalAccount": 111122223333}, "principalAccount must be a string"),
        ({"principal": None}, "principal is missing"),
        ({"principal": ""}, "principal is missing"),
        ({"principal": 7, "anonymous": True}, "principal must be a string"),
        ({"anonymous": "yes"}, "anonymous must be true or false"),
        ({"anonymous": 1}, "anonymous must be true or false"),
        ({"context": []}, "context must be an object"),
        ({"context": {"aws:A": "1", "AWS:a": "2"}}, "context: the key AWS:a is repeated"),
        ({"context": {"aws:A": {}}}, "context: aws:A must be a string or a list of strings"),
        ({"context": {"aws:A": ["x", None]}}, "context: aws:A must be a string or a list of strings"),
        ({"identityPolicies": ALL}, "identityPolicies must be a list"),
        ({"identityPolicies": [doc(ALL), "{}"]}, "identityPolicies[1]: a policy is a JSON object"),
        ({"permissionBoundaries": [{}]}, "permissionBoundaries[0]: Statement: is missing"),
        ({"sessionPolicy": []}, "sessionPolicy: a policy is a JSON object"),
        ({"resourcePolicy": doc(ALL)}, "resourcePolicy: Statement[0]: Missing required field Principal"),
        ({"scps": [doc(ALL)]}, "scps must be a list of lists"),
        ({"scps": [[], doc(ALL)]}, "scps must be a list of lists"),
        ({"scps": {}}, "scps must be a list"),
        ({"scps": [[], [doc(ALL), 1]]}, "scps[1][1]: a policy is a JSON object"),
        ({"rcps": [[1]]}, "rcps[0][0]: a policy is a JSON object"),
        *(
            ({name: []}, f"unknown field {name}")
            for name in (
                "identityPolicy",
                "PermissionBoundary",
                "scp",
                "RCP",
                "Anonymous",
                "contexts",
                "principalArn",
                "accountId",
            )
        ),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_case({**CASE, **change})
    assert str(caught.value) == words


def test_everything_that_is_given_is_read() -> None:
    case = read_case(
        {
            **CASE,
            "id": 1,
            "note": "ignored",
            "principalAccount": HOME,
            "anonymous": False,
            "resourceAccount": AWAY,
            "context": {"AWS:Multi": ["a", 1, True], "aws:one": 1.50, "aws:yes": False, "aws:none": []},
            "identityPolicies": [doc(ALL), doc(ELSE)],
            "permissionBoundaries": [doc(ALL)],
            "sessionPolicy": doc(ALL),
            "resourcePolicy": doc({**ALL, "Principal": "*"}),
            "scps": [[doc(ALL)], []],
            "rcps": [[doc({**ALL, "Principal": "*"}), doc({**ALL, "Principal": "*"})]],
        }
    )
    request, layers = case.request, case.layers
    assert (request.principal, request.action, request.resource) == (principal_named(ALICE), "s3:GetObject", KEY)
    assert request.resource_account == AWAY
    assert request.context == {"aws:multi": ("a", "1", "true"), "aws:one": "1.5", "aws:yes": "false", "aws:none": ()}
    assert (case.gives_identity, case.gives_boundaries) == (True, True)
    assert (len(layers.identity), len(layers.boundaries), len(layers.session or ())) == (2, 1, 1)
    assert (len(layers.resource or ()), layers.resource_required) == (1, False)
    assert ([*map(len, layers.scps)], [*map(len, layers.rcps)]) == ([1, 0], [2])
    named = {
        name: [each.statements[0].ref.policy_name for each in getattr(layers, name)] for name in ("identity", "session")
    }
    assert named == {"identity": ["identityPolicies[0]", "identityPolicies[1]"], "session": ["sessionPolicy"]}


def test_what_is_not_given_is_not_there() -> None:
    case = read_case({"principal": ALICE, "action": "s3:GetObject", "resourceAccount": ""})
    request, layers = case.request, case.layers
    assert (request.resource, request.resource_account, request.context) == ("*", None, {})
    assert (layers.session, layers.resource, layers.resource_required) == (None, None, False)
    assert [*layers.identity, *layers.boundaries, *layers.scps, *layers.rcps] == []
    assert (case.gives_identity, case.gives_boundaries) == (False, False)
    empty = read_case({**CASE, "identityPolicies": [], "permissionBoundaries": [], "anonymous": True})
    assert (empty.gives_identity, empty.gives_boundaries) == (True, True)
    assert empty.request.principal == ANONYMOUS


@pytest.mark.parametrize(
    ("action", "resource", "kind", "required"),
    [
        ("sts:AssumeRole", ROLE, PolicyKind.TRUST, True),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{HOME}:key/k", PolicyKind.RESOURCE, True),
        ("iam:GetRole", ROLE, PolicyKind.RESOURCE, False),
        ("s3:GetObject", KEY, PolicyKind.RESOURCE, False),
    ],
)
def test_the_kind_of_a_resource_s_policy(action: str, resource: str, kind: PolicyKind, required: bool) -> None:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "*"}
    policy = doc(whole if kind is PolicyKind.TRUST else {**whole, "Resource": "*"})
    layers = read_case({**CASE, "action": action, "resource": resource, "resourcePolicy": policy}).layers
    (compiled,) = layers.resource or ()
    assert (compiled.statements[0].document.kind, layers.resource_required) == (kind, required)


def test_only_a_repository_s_policy_and_a_trust_policy_name_no_resource() -> None:
    policy = doc({"Effect": "Allow", "Principal": "*", "Action": "ecr:*"})
    repository = f"arn:aws:ecr:us-east-1:{HOME}:repository/r"
    for resource in (repository, f"{repository}:x"):
        read_case({**CASE, "action": "ecr:BatchGetImage", "resource": resource, "resourcePolicy": policy})
    for resource in (KEY, "arn:aws:ecr:us-east-1", "a:b:ecr", "*"):
        with pytest.raises(CaseError, match="Resource or NotResource is missing"):
            read_case({**CASE, "action": "ecr:BatchGetImage", "resource": resource, "resourcePolicy": policy})
    with pytest.raises(CaseError, match="Resource or NotResource is missing"):
        read_policy(policy, PolicyKind.RESOURCE, "x")
