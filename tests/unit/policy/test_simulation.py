"""The policy simulator's answers, as SimulateCustomPolicy and SimulatePrincipalPolicy give them (IAM API Reference)."""

import json
from typing import Any

import pytest

from iamd.model.document import PolicyKind
from iamd.model.principal import Principal
from iamd.policy import PolicyError
from iamd.policy.cases import principal_named
from iamd.policy.request import AccessRequest
from iamd.policy.simulation import Setting, Simulated, Simulator, Source
from tests.unit.policy.asked import ALICE, ALL, AWAY, ELSE, HOME, KEY, Doc, doc

CALLER: Principal = principal_named(ALICE)
KINDS = {"identity": PolicyKind.IDENTITY, "boundary": PolicyKind.BOUNDARY, "resource": PolicyKind.RESOURCE}


def source(name: str, policy: Doc, kind: str = "identity") -> Source:
    return Source(name, json.dumps(policy, separators=(",", ":")), KINDS.get(kind, PolicyKind.SCP))


def simulator(*identity: Doc, **more: Any) -> Simulator:
    return Simulator(Setting([source(f"p{number}", policy) for number, policy in enumerate(identity)], **more))


def ask(simulated: Simulator, action: str = "s3:GetObject", resource: str = KEY, **more: Any) -> Simulated:
    return simulated.ask(AccessRequest(CALLER, action, resource, **{"resource_account": HOME, **more}))


@pytest.mark.parametrize(
    ("policies", "decision", "matched"),
    [
        ([doc(ALL)], "allowed", [("p0", "IAM Policy")]),
        ([doc(ALL), doc(ELSE), doc(ALL)], "allowed", [("p0", "IAM Policy"), ("p2", "IAM Policy")]),
        ([doc(ALL), doc({**ALL, "Effect": "Deny"})], "explicitDeny", [("p1", "IAM Policy")]),
        ([doc(ELSE)], "implicitDeny", []),
    ],
)
def test_the_statements_of_the_decision_are_shown(
    policies: list[Doc], decision: str, matched: list[tuple[str, str]]
) -> None:
    answer = ask(simulator(*policies))
    assert answer.decision == decision
    assert [(each.policy_id, each.type) for each in answer.matched] == matched
    assert (answer.by_boundary, answer.by_organizations, answer.details) == (None, None, None)


def test_a_statement_is_shown_where_it_stands_in_its_own_text() -> None:
    first, second = {**ALL, "Action": "s3:*"}, {**ALL, "Effect": "Deny", "Resource": "arn:aws:s3:::c"}
    (matched,) = ask(simulator(doc(ELSE), doc(second, first))).matched
    text = json.dumps(doc(second, first), separators=(",", ":"))
    end = text.rindex("}]") + 2
    assert (matched.span.start.line, matched.span.end) == (1, (1, end))
    assert text[matched.span.start.column - 1 : end - 1] == f",{json.dumps(first, separators=(',', ':'))}"


def test_the_boundary_is_told_and_its_deny_shown() -> None:
    def bounded(boundary: Doc) -> Simulated:
        return ask(simulator(doc(ALL), boundary=source("b", boundary, "boundary")))

    allowed = bounded(doc(ALL))
    assert (allowed.decision, allowed.by_boundary) == ("allowed", True)
    assert [each.policy_id for each in allowed.matched] == ["p0"]
    missing = bounded(doc(ELSE))
    assert (missing.decision, missing.by_boundary, missing.matched) == ("implicitDeny", False, ())
    denied = bounded(doc({**ALL, "Effect": "Deny"}))
    assert (denied.decision, denied.by_boundary) == ("explicitDeny", False)
    assert [(each.policy_id, each.type) for each in denied.matched] == [("b", "Permissions Boundary Policy")]


def test_what_organizations_refuse_is_told_without_anything_else() -> None:
    condition = {**ALL, "Condition": {"StringEquals": {"aws:a": "x"}}}
    refusing = simulator(doc(ALL, condition), scps=[[source("s", doc(ALL), "scp")], [source("t", doc(ELSE), "scp")]])
    assert ask(refusing) == Simulated("implicitDeny", by_organizations=False)
    letting = ask(simulator(doc(ALL), scps=[[source("s", doc(ALL), "scp")]]))
    assert (letting.decision, letting.by_organizations) == ("allowed", True)
    assert [each.policy_id for each in letting.matched] == ["p0"]
    assert ask(simulator(doc(ALL), scps=[])).by_organizations is True


def test_keys_that_nobody_gave_are_named_as_they_are_written() -> None:
    policy = doc(
        {
            **ALL,
            "Condition": {"StringEquals": {"aws:Given": "x", "aws:One": "${aws:Two}"}, "Bool": {"AWS:one": "true"}},
        },
        {**ALL, "Resource": ["arn:aws:s3:::${aws:Three}/*", "arn:aws:s3:::c"]},
        {**ALL, "Resource": "arn:aws:s3:::c/*", "Condition": {"StringEquals": {"aws:Elsewhere": "x"}}},
        {
            "Effect": "Allow",
            "Action": "*",
            "NotResource": "arn:aws:s3:::b/*",
            "Condition": {"StringEquals": {"aws:Excluded": "x"}},
        },
        {**ELSE, "Condition": {"StringEquals": {"aws:OtherAction": "x"}}},
    )
    answer = ask(simulator(policy), context={"aws:given": "x"})
    assert set(answer.missing) == {"aws:One", "aws:Two", "aws:Three"}
    assert len(answer.missing) == 3
    older = {**policy, "Version": "2008-10-17"}
    assert ask(simulator(older), context={"aws:given": "x"}).missing == ("aws:One",)


def test_keys_of_an_organization_s_policies_are_not_the_caller_s_to_give() -> None:
    scp = doc({**ALL, "Condition": {"StringEqualsIfExists": {"aws:a": "x"}}})
    assert ask(simulator(doc(ALL), scps=[[source("s", scp, "scp")]])).missing == ()


def test_both_sides_are_told_where_the_resource_is_another_account_s() -> None:
    def across(resource_policy: Doc, *identity: Doc) -> Simulated:
        given = source("r", resource_policy, "resource")
        return ask(simulator(*identity, resource_policy=given), resource_account=AWAY)

    granting = doc({**ALL, "Principal": {"AWS": HOME}})
    both = across(granting, doc(ALL))
    assert (both.decision, both.details) == ("allowed", {"IAM Policy": "allowed", "Resource Policy": "allowed"})
    assert [(each.policy_id, each.type) for each in both.matched] == [("r", "Resource Policy"), ("p0", "IAM Policy")]
    one = across(granting, doc(ELSE))
    assert (one.decision, one.details) == ("implicitDeny", {"IAM Policy": "implicitDeny", "Resource Policy": "allowed"})
    denied = across(doc({**ALL, "Effect": "Deny", "Principal": "*"}), doc(ALL))
    assert denied.decision == "explicitDeny"
    assert denied.details == {"IAM Policy": "allowed", "Resource Policy": "explicitDeny"}
    assert [each.policy_id for each in denied.matched] == ["r"]


def test_a_role_s_trust_policy_is_required_where_one_is_given() -> None:
    role = f"arn:aws:iam::{HOME}:role/app"
    trust = doc(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:user/bob"}, "Action": "*", "Resource": "*"}
    )
    trusting = simulator(doc(ALL), resource_policy=source("r", trust, "resource"))
    assert ask(trusting, "sts:AssumeRole", role).decision == "implicitDeny"
    assert ask(trusting).decision == "allowed"
    assert ask(simulator(doc(ALL)), "sts:AssumeRole", role).decision == "allowed"
    boundary = source("b", doc(ELSE), "boundary")
    scps = [[source("s", doc(ELSE), "scp")]]
    open_trust = source("r", doc({**ALL, "Principal": {"AWS": HOME}}), "resource")
    for more in ({"boundary": boundary}, {"scps": scps}):
        assert (
            ask(simulator(doc(ALL), resource_policy=open_trust, **more), "sts:AssumeRole", role).decision
            == "implicitDeny"
        )
    assert ask(simulator(resource_policy=open_trust), "sts:AssumeRole", role).decision == "implicitDeny"


def test_every_statement_of_every_policy_is_counted() -> None:
    setting = simulator(
        doc(ALL, ELSE), doc(ALL), boundary=source("b", doc(ALL), "boundary"), scps=[[source("s", doc(ALL))]]
    )
    assert setting.statements == 5


def test_a_kept_policy_is_not_judged_again() -> None:
    written = json.dumps(doc({"Effect": "Allow", "Action": "s3:*", "Resource": "bucket"}))
    assert Source("p", written, PolicyKind.IDENTITY, kept=True).document.statements[0].resources == ("bucket",)
    with pytest.raises(PolicyError) as caught:
        Source("p", written, PolicyKind.IDENTITY)
    assert caught.value.message == 'Resource bucket must be in ARN format or "*".'
