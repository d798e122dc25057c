"""Encoded authorization messages: sealed for an account, told in AWS's shape."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from iamd.authz.encoded_message import decode, encode
from iamd.credentials.sealing import Sealer, UnsealError
from iamd.policy.cases import read_case
from iamd.policy.question import Question
from tests.unit.services.lab import HERE, Lab, allow

ALICE = "arn:aws:iam::111111111111:user/alice"
INSTANCE = "arn:aws:ec2:us-east-1:111111111111:instance/*"
SEALER = Sealer(bytes(32))


def question(**more: Any) -> Question:
    case = read_case({"principal": ALICE, "action": "ec2:RunInstances", "resource": INSTANCE, **more})
    return Question(case.request, case.layers)


def test_an_explicit_deny_shows_its_statement_and_the_context() -> None:
    deny = {
        "Sid": "VisualEditor0",
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
        "Resource": "*",
        "Condition": {"StringEquals": {"ec2:Tenancy": "default"}},
    }
    asked = question(
        identityPolicies=[{"Statement": deny}], context={"ec2:Tenancy": "default", "aws:TagKeys": ["a", "b"]}
    )
    asked = replace(
        asked, request=replace(asked.request, principal=replace(asked.request.principal, unique_id="AIDA1"))
    )
    assert json.loads(decode(SEALER, HERE, encode(SEALER, asked))) == {
        "allowed": False,
        "explicitDeny": True,
        "matchedStatements": {
            "items": [
                {
                    "statementId": "VisualEditor0",
                    "effect": "DENY",
                    "principals": {"items": [{"value": "AIDA1"}]},
                    "principalGroups": {"items": []},
                    "actions": {"items": [{"value": "ec2:RunInstances"}]},
                    "resources": {"items": [{"value": "*"}]},
                    "conditions": {"items": [{"key": "ec2:Tenancy", "values": {"items": [{"value": "default"}]}}]},
                }
            ]
        },
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDA1", "arn": ALICE, "name": "alice"},
            "action": "ec2:RunInstances",
            "resource": INSTANCE,
            "conditions": {
                "items": [
                    {"key": "aws:tagkeys", "values": {"items": [{"value": "a"}, {"value": "b"}]}},
                    {"key": "ec2:tenancy", "values": {"items": [{"value": "default"}]}},
                ]
            },
        },
    }


def test_an_implicit_deny_has_no_statements() -> None:
    shown = json.loads(decode(SEALER, HERE, encode(SEALER, question())))
    assert (shown["allowed"], shown["explicitDeny"], shown["matchedStatements"]) == (False, False, {"items": []})


def test_of_another_account_s_resource_neither_policy_nor_tags_are_told() -> None:
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "ec2:*", "Resource": "*"}
    own = {"Sid": "Own", "Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}
    context = {
        "aws:ResourceTag/stage": "confidential",
        "ec2:ResourceTag/stage": "confidential",
        "ec2:Tenancy": "default",
    }

    def told(owner: str, *identity: dict[str, Any]) -> Any:
        asked = question(
            resourceAccount=owner,
            resourcePolicy={"Version": "2012-10-17", "Statement": [theirs]},
            identityPolicies=[{"Statement": each} for each in identity],
            context=context,
        )
        failure = json.loads(decode(SEALER, HERE, encode(SEALER, asked)))
        sids = [each["statementId"] for each in failure["matchedStatements"]["items"]]
        return failure["explicitDeny"], sids, [each["key"] for each in failure["context"]["conditions"]["items"]]

    assert told(HERE, own) == (True, ["Theirs", "Own"], sorted(key.lower() for key in context))
    assert told("222222222222", own) == (True, ["Own"], ["ec2:tenancy"])
    assert told("222222222222") == (True, [], ["ec2:tenancy"])


def test_another_account_another_key_and_another_text_open_nothing() -> None:
    message = encode(SEALER, question())
    for sealer, account, text in (
        (SEALER, "222222222222", message),
        (Sealer(bytes(31) + b"x"), HERE, message),
        (SEALER, HERE, message[:-4]),
        (SEALER, HERE, "é"),
        (SEALER, HERE, "x"),
    ):
        with pytest.raises(UnsealError):
            decode(sealer, account, text)


def test_a_message_is_never_longer_than_what_can_be_decoded() -> None:
    incompressible = {f"aws:requesttag/{number}": sha256(str(number).encode()).hexdigest() for number in range(500)}
    message = encode(SEALER, question(context=incompressible))
    assert len(message) <= 10_240
    assert 0 < len(json.loads(decode(SEALER, HERE, message))["context"]["conditions"]["items"]) < 500


def test_ec2_s_denials_end_with_one_that_sts_decodes_for_who_may() -> None:
    lab = Lab()
    alice, admin = lab.add_user("alice"), lab.add_user("admin", allow("sts:DecodeAuthorizationMessage"))
    fault = lab.denial(alice, "ec2:RunInstances", INSTANCE)
    assert (fault.code, fault.status) == ("UnauthorizedOperation", 403)
    words, _, message = fault.message.partition(" Encoded authorization failure message: ")
    assert words == (
        f"You are not authorized to perform this operation. User: {ALICE} is not authorized to perform: "
        f"ec2:RunInstances on resource: {INSTANCE} because no identity-based policy allows the ec2:RunInstances action"
    )
    decoded = lab.call(admin, "DecodeAuthorizationMessage", EncodedMessage=message)["DecodedMessage"]
    assert json.loads(decoded)["context"]["principal"]["arn"] == ALICE
    assert lab.fault(alice, "DecodeAuthorizationMessage", EncodedMessage=message)[0] == "AccessDenied"
    assert lab.fault(admin, "DecodeAuthorizationMessage", EncodedMessage="x" + message)[0] == (
        "InvalidAuthorizationMessageException"
    )
