"""From the authorization id in a denial's message to what it was decided on, by boto3."""

import json
import re
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd

Doc = dict[str, Any]


def allow(action: Any, resource: Any = "*", **more: Any) -> Doc:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def denied_id(message: str) -> str:
    found = re.search(
        r" Go to http://localhost:[0-9]+/events\?request=[0-9a-f-]{36} for complete details, or call the "
        r"GetRequestAuthorizationDetails API with the following authorization id: ([0-9a-z]+)$",
        message,
    )
    assert found is not None, message
    return found[1]


def details(toolbox: Any, identifier: str) -> Doc:
    """The event of a denial is written soon after the answer, by default within 100 ms: asked until it is there."""
    patience = monotonic() + 30
    while True:
        try:
            found: Doc = toolbox.get_request_authorization_details(authorizationId=identifier)
        except toolbox.exceptions.ResourceNotFoundException:
            assert monotonic() < patience, identifier
            continue
        return found


def test_a_denial_leads_to_its_policies_as_they_were(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    only_bob = allow("iam:GetUser", f"arn:aws:iam::{iamd.account}:user/bob", Sid="OnlyBob")
    policy = iam.create_policy(PolicyName="readers", PolicyDocument=json.dumps(only_bob))["Policy"]["Arn"]
    key = iamd.user(
        "alice", {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:Delete*", "Resource": "*"}]}
    )
    iam.attach_user_policy(UserName="alice", PolicyArn=policy)
    with pytest.raises(ClientError) as caught:
        iamd.client("iam", key).get_user(UserName="alice")
    identifier = denied_id(caught.value.response["Error"]["Message"])

    toolbox = iamd.client("iam-toolbox")
    found = details(toolbox, identifier)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(allow("*")), SetAsDefault=True)
    assert details(toolbox, identifier)["evaluations"] == found["evaluations"]
    assert found["requestContext"]["aws:username"] == "alice"
    (evaluation,) = found["evaluations"]
    assert evaluation["action"] == "iam:GetUser"
    assert [(each["checkType"], each["evaluatedEffect"]) for each in evaluation["checks"]] == [
        ("PRINCIPAL", "IMPLICIT_DENY")
    ]
    assert [each["uri"] for each in found["policies"]] == [policy]
    document = toolbox.get_request_authorization_policy(authorizationId=identifier, policyUri=policy)["policyDocument"]
    assert document == only_bob


def test_it_takes_a_right_and_an_id_that_exists(iamd: Iamd) -> None:
    toolbox = iamd.client("iam-toolbox", iamd.user("alice"))
    with pytest.raises(ClientError, match="not authorized to perform: iam:GetRequestAuthorizationDetails"):
        toolbox.get_request_authorization_details(authorizationId="abc")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        iamd.client("iam-toolbox").get_request_authorization_details(authorizationId="abc")
    with pytest.raises(ClientError, match="ValidationException"):
        iamd.client("iam-toolbox").get_request_authorization_details(authorizationId="ABC")
