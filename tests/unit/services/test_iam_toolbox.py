"""The IAM toolbox: what a denial was decided on, found by the authorization id of its message."""

from dataclasses import replace
from typing import Any

from iamd.model.ids import authorization_id, request_of_authorization
from iamd.policy.cases import read_case
from iamd.policy.kept import pack
from iamd.policy.question import Question
from iamd.services.iam_toolbox.service import service as toolbox
from iamd.stores.ports.events import Event
from tests.unit.services.lab import HERE, THERE, Lab, allow

REQUEST = "0a1b2c3d-0000-4000-8000-00000000000f"
AT = int("0a1b2c3d0000", 16)
ALICE = f"arn:aws:iam::{HERE}:user/alice"
KEY = "arn:aws:s3:::b/k"


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}]}


def lab_with(account: str = HERE, **case: Any) -> Lab:
    """A lab in whose trail this denial is."""
    lab = Lab()
    read = read_case({"principal": ALICE, "action": "s3:GetObject", "resource": KEY, **case})
    question = Question(read.request, read.layers)
    event = Event(
        "e1", AT, account, ALICE, "s3.amazonaws.com", "GetObject", "s3:GetObject", "AccessDenied", REQUEST,
        read_only=True, record="{}", droppable=True, details=pack(question),
    )  # fmt: skip
    lab.add(event)
    return lab


def call(lab: Lab, name: str, account: str = HERE, **params: Any) -> Any:
    caller = lab.add_user("reader", allow("iam:GetRequestAuthorization*"), account=account)
    return lab.call_of(toolbox, caller, name, authorizationId=authorization_id(REQUEST), **params)


def test_the_id_is_the_request_s_in_other_digits() -> None:
    for request in (REQUEST, "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12, "00000000-0000-4000-8000-000000000000"):
        identifier = authorization_id(request)
        assert request_of_authorization(identifier) == request
        assert identifier.isalnum()
        assert len(identifier) <= 25
    for text in ("", "A", "z" * 25, "1" * 26, "é", "a-b"):
        assert request_of_authorization(text) is None


def test_each_requirement_is_told_with_its_effect_and_the_statements_that_matched() -> None:
    lab = lab_with(
        identityPolicies=[statement("Allow", "s3:*", Sid="All")],
        permissionBoundaries=[statement("Allow", "ec2:*")],
        scps=[[statement("Deny", "s3:Get*")]],
        context={"aws:SourceIp": "10.0.0.1", "s3:prefix": "x", "aws:ResourceTag/team": "red", "aws:TagKeys": ["a"]},
    )
    answer = call(lab, "GetRequestAuthorizationDetails")
    assert answer["requestContext"] == {"aws:sourceip": "10.0.0.1"}
    (evaluation,) = answer["evaluations"]
    assert (evaluation["action"], evaluation["resource"]) == ("s3:GetObject", KEY)
    assert evaluation["context"] == {"s3:prefix": "x", "aws:resourcetag/team": "red", "aws:tagkeys": ["a"]}
    assert evaluation["evaluatedEffect"] == "EXPLICIT_DENY"
    assert [(each["checkType"], each["evaluatedEffect"]) for each in evaluation["checks"]] == [
        ("SERVICE_CONTROL_POLICY", "EXPLICIT_DENY"),
        ("PRINCIPAL", "ALLOW"),
        ("PERMISSIONS_BOUNDARY", "IMPLICIT_DENY"),
    ]
    (matched,) = evaluation["checks"][1]["matchedPolicies"]
    assert matched["matchedStatements"] == [{"sid": "All", "evaluatedEffect": "ALLOW"}]
    assert [each["type"] for each in answer["policies"]] == ["SERVICE_CONTROL_POLICY", "IDENTITY_BASED_POLICY"]
    assert answer["policies"][1]["attachedTo"] == [{"arn": ALICE}]

    found = call(lab, "GetRequestAuthorizationPolicy", policyUri=matched["uri"])
    assert found["policyDocument"] == {"Version": "2008-10-17", **statement("Allow", "s3:*", Sid="All")} | {
        "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]
    }


def test_a_requirement_that_nothing_needed_had_no_impact() -> None:
    own = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": THERE}, "Action": "s3:*", "Resource": "*"}]}
    lab = lab_with(resourcePolicy=own)
    (evaluation,) = call(lab, "GetRequestAuthorizationDetails")["evaluations"]
    assert [(each["checkType"], each["evaluatedEffect"]) for each in evaluation["checks"]] == [
        ("RESOURCE", "NO_IMPACT"),
        ("PRINCIPAL", "IMPLICIT_DENY"),
    ]


def test_another_account_finds_nothing_and_nobody_reads_another_account_s_policies() -> None:
    own = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    lab = lab_with(resourcePolicy=own, resourceAccount=THERE)
    answer = call(lab, "GetRequestAuthorizationDetails")
    assert answer["policies"] == []
    assert answer["evaluations"][0]["checks"][0]["evaluatedEffect"] == "EXPLICIT_DENY"
    stranger = lab.add_user("stranger", allow("iam:*"), account=THERE)
    reader = lab.user("reader")
    for caller, params in (
        (stranger, {"authorizationId": authorization_id(REQUEST)}),
        (reader, {"authorizationId": "zzz"}),
        (reader, {"authorizationId": "1"}),
    ):
        assert (
            lab.fault_of(toolbox, caller, "GetRequestAuthorizationDetails", **params)[0] == "ResourceNotFoundException"
        )
    uri = {"authorizationId": authorization_id(REQUEST), "policyUri": "resource/0/1/resourcePolicy"}
    assert lab.fault_of(toolbox, reader, "GetRequestAuthorizationPolicy", **uri)[0] == "ResourceNotFoundException"


def test_it_needs_a_right_of_its_own() -> None:
    lab = lab_with()
    nobody = lab.add_user("nobody")
    fault = lab.fault_of(toolbox, nobody, "GetRequestAuthorizationDetails", authorizationId=authorization_id(REQUEST))
    assert fault[0] == "AccessDenied"
    assert "iam:GetRequestAuthorizationDetails" in fault[1]


def test_iam_s_denials_name_the_id_where_the_request_is_recorded() -> None:
    lab = Lab()
    lab.authorizer = replace(lab.authorizer, console_url="http://localhost:4567")
    alice = lab.add_user("alice")
    plain = lab.denial(alice, "iam:GetRole", "*").message
    assert plain.endswith("because no identity-based policy allows the iam:GetRole action")
    recorded = lab.denial(alice, "iam:GetRole", "*", request_id=REQUEST).message
    assert recorded == (
        f"{plain}. Go to http://localhost:4567/events?request={REQUEST} for complete details, or call the "
        f"GetRequestAuthorizationDetails API with the following authorization id: {authorization_id(REQUEST)}"
    )
    assert "authorization id" not in lab.denial(alice, "s3:GetObject", KEY, request_id=REQUEST).message
