"""The index finds what a scan of every statement finds; merged policies report where their statements came from."""

import pytest

from iamd.model.decision import StatementRef
from iamd.model.document import Effect, PolicyKind
from iamd.model.principal import Principal, PrincipalKind
from iamd.policy import AccessRequest, Layers, compile_document, decide, merge_policies, parse_document
from iamd.policy.evaluate import facts_of

ALICE = Principal(PrincipalKind.USER, "arn:aws:iam::111122223333:user/alice", "111122223333")
ACTIONS = [
    "s3:GetObject",
    "S3:Get*",
    "*",
    "s?:GetObject",
    "sqs:*",
    "s3:Put*",
    "nocolon",
    ["s3:GetObject", "sqs:Send*"],
    "s3:a:*",
]
RESOURCES = [
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::*/k",
    "arn:aws:s3:::c",
    ["arn:aws:s3:::b/?", "*"],
]
STATEMENTS = [
    {"Effect": effect, action_element: action, resource_element: resource}
    for effect in ("Allow", "Deny")
    for action_element in ("Action", "NotAction")
    for resource_element in ("Resource", "NotResource")
    for action in ACTIONS
    for resource in RESOURCES
]


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "iam:GetUser", "nocolon", "s3:a:b"]
)
@pytest.mark.parametrize("resource", ["arn:aws:s3:::b/k", "arn:aws:s3:::b/", "arn:aws:s3:::c", "*", ""])
def test_the_index_finds_what_a_scan_finds(action: str, resource: str) -> None:
    policy = compile_document(parse_document({"Statement": STATEMENTS}, kind=PolicyKind.IDENTITY, structure_only=True))
    facts = facts_of(AccessRequest(ALICE, action, resource), Layers())
    for effect, index in ((Effect.ALLOW, policy.allows), (Effect.DENY, policy.denies)):
        scanned = {each.ref.index for each in policy.statements if each.source.effect is effect and each.applies(facts)}
        found = index.find(facts.action, facts.service, facts.resource)
        assert {each.ref.index for each in found if each.applies(facts)} == scanned


def test_a_policy_of_which_nothing_is_known_has_no_name() -> None:
    document = parse_document({"Statement": STATEMENTS[0]}, kind=PolicyKind.IDENTITY)
    assert compile_document(document).statements[0].ref == StatementRef(None, "", 0, None, None)


def test_a_merged_policy_names_the_policy_that_decided() -> None:
    policies = [
        compile_document(
            parse_document(
                {"Statement": {"Sid": f"s{number}", "Effect": "Allow", "Action": f"s{number}:*", "Resource": "*"}},
                kind=PolicyKind.IDENTITY,
            ),
            arn=f"arn:aws:iam::111122223333:policy/p{number}",
            name=f"p{number}",
        )
        for number in range(10)
    ]
    decision = decide(AccessRequest(ALICE, "s7:Get", "*"), Layers(identity=[merge_policies(policies)]))
    assert decision.allowed
    assert decision.statement is not None
    assert (decision.statement.policy_name, decision.statement.sid) == ("p7", "s7")
