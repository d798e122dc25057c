"""What follows from who calls what (User Guide, "Compare AWS STS credentials"; Organizations User Guide)."""

import pytest

from iamd.model.decision import Layer
from iamd.model.principal import ANONYMOUS, Principal, PrincipalKind
from iamd.policy.combine import Situation, Standing
from iamd.policy.request import AccessRequest, Layers
from iamd.policy.situation import (
    is_free,
    is_service_linked,
    rcps_bind,
    requires_resource_policy,
    resource_account,
    resource_policy_binds,
    scps_bind,
    situation_of,
)

HOME, AWAY = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/app"
LINKED_ROLE = f"arn:aws:iam::{HOME}:role/aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2"
SESSION_ARN = f"arn:aws:sts::{HOME}:assumed-role/app/s"
USER = Principal(PrincipalKind.USER, f"arn:aws:iam::{HOME}:user/alice", HOME)
ROOT = Principal(PrincipalKind.ROOT, f"arn:aws:iam::{HOME}:root", HOME)
SESSION = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME, issuer_arn=ROLE)
UNKNOWN_ROLE = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME)
LINKED = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME, issuer_arn=LINKED_ROLE)
FEDERATED = Principal(PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/f", HOME)
SERVICE = Principal(PrincipalKind.SERVICE, "ec2.amazonaws.com", None)
PROVIDER = Principal(PrincipalKind.PROVIDER, f"arn:aws:iam::{HOME}:saml-provider/idp", None)
EVERYONE = (USER, ROOT, SESSION, UNKNOWN_ROLE, LINKED, FEDERATED, SERVICE, PROVIDER, ANONYMOUS)
OUTSIDE = (SERVICE, PROVIDER, ANONYMOUS)


@pytest.mark.parametrize(
    ("action", "resource", "required"),
    [
        ("sts:AssumeRole", ROLE, True),
        ("STS:ASSUMEROLEWITHSAML", ROLE, True),
        ("sts:AssumeRoleWithWebIdentity", ROLE, True),
        ("sts:TagSession", ROLE, True),
        ("sts:SetSourceIdentity", ROLE, True),
        ("sts:GetCallerIdentity", ROLE, False),
        ("sts:AssumeRole", f"arn:aws:iam::{HOME}:user/role/", False),
        ("sts:AssumeRole", f"arn:aws:sts::{HOME}:role/app", False),
        ("sts:AssumeRole", "*", False),
        ("iam:GetRole", ROLE, False),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{HOME}:key/k", True),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{HOME}:key/k:l", True),
        ("sts:AssumeRole", f"{ROLE}:x", True),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{HOME}:alias/key/", False),
        ("kms:Decrypt", f"x:aws:kms:us-east-1:{HOME}:key/k", False),
        ("kms:Decrypt", "arn:aws:kms:key/k", False),
        ("s3:GetObject", "arn:aws:s3:::key/k", False),
    ],
)
def test_what_has_no_access_without_a_policy_of_its_own(action: str, resource: str, required: bool) -> None:
    assert requires_resource_policy(action, resource) is required


@pytest.mark.parametrize(
    ("given", "resource", "account"),
    [
        (None, f"arn:aws:sqs:us-east-1:{AWAY}:q", AWAY),
        (None, f"arn:aws:logs:us-east-1:{AWAY}:log-group:g:*", AWAY),
        (HOME, f"arn:aws:sqs:us-east-1:{AWAY}:q", HOME),
        (None, "arn:aws:s3:::b", HOME),
        (None, "*", HOME),
        (None, "", HOME),
        (None, f"arn:aws:sqs:us-east-1:{AWAY}", HOME),
        (None, f"arn:aws:sqs:us-east-1:{AWAY}0:q", HOME),
        (None, "arn:aws:sqs:us-east-1:4444555566ab:q", HOME),
        (
            None,
            "arn:aws:sqs:us-east-1:\u0664\u0664\u0664\u0664\u0665\u0665\u0665\u0665\u0666\u0666\u0666\u0666:q",
            HOME,
        ),
    ],
)
def test_whose_a_resource_is(given: str | None, resource: str, account: str) -> None:
    assert resource_account(AccessRequest(USER, "sqs:SendMessage", resource, given)) == account
    standing = Standing.SAME_ACCOUNT if account == HOME else Standing.CROSS_ACCOUNT
    found = situation_of(AccessRequest(USER, "sqs:SendMessage", resource, given), Layers(), "sqs:sendmessage")
    assert found == Situation(standing, is_root=False, resource_required=False, refused_by=None)


def test_where_a_caller_stands() -> None:
    for caller in EVERYONE:
        request = AccessRequest(caller, "s3:GetObject", "arn:aws:s3:::b")
        found = situation_of(request, Layers(resource_required=True), "s3:getobject")
        assert found.standing is (Standing.OUTSIDE if caller in OUTSIDE else Standing.SAME_ACCOUNT)
        assert found.is_root is (caller is ROOT)
        assert found.resource_required


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        ("sts:assumerole", {ROOT: Layer.IDENTITY, FEDERATED: Layer.SESSION}),
        ("sts:getcalleridentity", {}),
        ("sts:getsessiontoken", dict.fromkeys((SESSION, UNKNOWN_ROLE, LINKED, FEDERATED), Layer.SESSION)),
        ("sts:getfederationtoken", dict.fromkeys((SESSION, UNKNOWN_ROLE, LINKED, FEDERATED), Layer.SESSION)),
        ("iam:getuser", {FEDERATED: Layer.SESSION}),
        ("s3:getobject", {}),
    ],
)
def test_who_may_never_do_it(action: str, refused: dict[Principal, Layer]) -> None:
    found = {
        caller: situation_of(AccessRequest(caller, action, "*"), Layers(), action).refused_by for caller in EVERYONE
    }
    assert {caller: layer for caller, layer in found.items() if layer is not None} == refused


def test_what_needs_no_permission() -> None:
    free = {
        action: [caller for caller in EVERYONE if is_free(AccessRequest(caller, action, "*"), action)]
        for action in ("sts:getcalleridentity", "sts:getsessiontoken", "sts:getaccesskeyinfo", "iam:getuser")
    }
    assert free == {
        "sts:getcalleridentity": [USER, ROOT, SESSION, UNKNOWN_ROLE, LINKED, FEDERATED],
        "sts:getsessiontoken": [USER, ROOT],
        "sts:getaccesskeyinfo": [],
        "iam:getuser": [],
    }


def test_service_linked_roles_are_told_by_their_path() -> None:
    assert [caller for caller in EVERYONE if is_service_linked(caller)] == [LINKED]
    named_so = Principal(PrincipalKind.ASSUMED_ROLE, SESSION_ARN, HOME, issuer_arn=f"{ROLE}/aws-service-role/x")
    assert not is_service_linked(named_so)
    user = Principal(PrincipalKind.USER, USER.arn, HOME, issuer_arn=LINKED_ROLE)
    assert not is_service_linked(user)


def test_whom_an_organization_s_policies_bind() -> None:
    assert [caller for caller in EVERYONE if scps_bind(caller)] == [USER, ROOT, SESSION, UNKNOWN_ROLE, FEDERATED]

    def bound(action: str, resource: str = "*") -> list[Principal]:
        return [caller for caller in EVERYONE if rcps_bind(AccessRequest(caller, action, resource), action)]

    assert bound("s3:getobject") == [caller for caller in EVERYONE if caller is not LINKED]
    assert bound("kms:retiregrant") == []
    assert bound("sts:assumerole", ROLE) == [caller for caller in EVERYONE if caller is not LINKED]
    assert bound("sts:assumerole", LINKED_ROLE) == [
        caller for caller in EVERYONE if caller is not LINKED and caller is not SERVICE
    ]


@pytest.mark.parametrize(
    "action", ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy", "s3:getobject"]
)
def test_the_owner_s_root_reaches_its_bucket_s_policy(action: str) -> None:
    for caller in EVERYONE:
        for account in (HOME, AWAY):
            binds = resource_policy_binds(AccessRequest(caller, action, "arn:aws:s3:::b", account), action)
            assert binds is not (caller is ROOT and account == HOME and action != "s3:getobject")
