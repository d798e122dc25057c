"""The policy simulator by boto3: it answers as the enforcement does, in AWS's shapes."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.server import Iamd

KEY = "arn:aws:s3:::b/k"
VERSION = "2012-10-17"
Doc = dict[str, Any]


def doc(*statements: Doc) -> Doc:
    return {"Version": VERSION, "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", **more: Any) -> Doc:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> Doc:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def custom(iamd: Iamd, *policies: Doc, actions: Any = ("s3:GetObject",), **more: Any) -> list[Doc]:
    texts = [json.dumps(policy) for policy in policies]
    answer = iamd.client("iam").simulate_custom_policy(PolicyInputList=texts, ActionNames=list(actions), **more)
    results: list[Doc] = answer["EvaluationResults"]
    return results


def refused(iamd: Iamd, operation: str, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(iamd.client("iam"), operation)(**params)
    assert caught.value.response["Error"]["Code"] == "InvalidInput"
    message: str = caught.value.response["Error"]["Message"]
    return message


def test_the_cli_s_own_example_has_the_positions_of_its_page(iamd: Iamd) -> None:
    text = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",'
        '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
    )
    words = ("iam", "simulate-custom-policy", "--policy-input-list", text, "--action-names", "dynamodb:CreateBackup")
    entry = "ContextKeyName='aws:CurrentTime',ContextKeyValues='{}',ContextKeyType=date"
    later = json.loads(iamd.cli(*words, "--context-entries", entry.format("2019-04-25T11:00:00Z")).stdout)
    assert later["EvaluationResults"] == [
        {
            "EvalActionName": "dynamodb:CreateBackup",
            "EvalResourceName": "*",
            "EvalDecision": "allowed",
            "MatchedStatements": [
                {
                    "SourcePolicyId": "PolicyInputList.1",
                    "SourcePolicyType": "IAM Policy",
                    "StartPosition": {"Line": 1, "Column": 38},
                    "EndPosition": {"Line": 1, "Column": 167},
                }
            ],
            "MissingContextValues": [],
        }
    ]
    earlier = json.loads(iamd.cli(*words, "--context-entries", entry.format("2014-04-25T11:00:00Z")).stdout)
    assert earlier["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    assert earlier["EvaluationResults"][0]["MatchedStatements"] == []
    missing = json.loads(iamd.cli(*words).stdout)
    assert missing["EvaluationResults"][0]["MissingContextValues"] == ["aws:CurrentTime"]


def test_each_resource_has_its_own_result_and_the_hardest_one_counts(iamd: Iamd) -> None:
    policy = doc(allow("s3:*", "arn:aws:s3:::b/*"), deny("s3:GetObject", "arn:aws:s3:::b/secret"))
    resources = [KEY, "arn:aws:s3:::b/secret", "arn:aws:s3:::other/k"]
    (result,) = custom(iamd, policy, ResourceArns=resources)
    assert result["EvalDecision"] == "explicitDeny"
    assert result["EvalResourceName"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    found = {each["EvalResourceName"]: each for each in result["ResourceSpecificResults"]}
    assert [found[name]["EvalResourceDecision"] for name in resources] == ["allowed", "explicitDeny", "implicitDeny"]
    assert [len(found[name]["MatchedStatements"]) for name in resources] == [1, 1, 0]
    assert result["EvalDecisionDetails"] == {}
    (alone,) = custom(iamd, policy, ResourceArns=[KEY])
    assert (alone["EvalResourceName"], alone["EvalDecision"]) == (KEY, "allowed")


def test_a_principal_is_simulated_as_it_is_enforced(iamd: Iamd) -> None:
    """User, group and boundary; every answer is compared with the real call's."""
    iam = iamd.client("iam")
    key = iamd.user("alice", doc(allow("iam:List*"), deny("iam:ListRoles")))
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="alice")
    iam.put_group_policy(GroupName="g", PolicyName="gp", PolicyDocument=json.dumps(doc(allow("iam:GetAccount*"))))
    boundary = iam.create_policy(
        PolicyName="b", PolicyDocument=json.dumps(doc(allow(["iam:List*", "iam:GetAccountSummary"])))
    )["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=boundary)
    calls = {
        "iam:ListUsers": "allowed",
        "iam:ListRoles": "explicitDeny",
        "iam:GetAccountSummary": "allowed",
        "iam:GetAccountPasswordPolicy": "implicitDeny",
    }
    source = f"arn:aws:iam::{iamd.account}:user/alice"
    answer = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=list(calls))
    results = {each["EvalActionName"]: each for each in answer["EvaluationResults"]}
    assert {name: each["EvalDecision"] for name, each in results.items()} == calls
    names = {action: results[action]["MatchedStatements"][0]["SourcePolicyId"] for action in list(calls)[:3]}
    assert set(names.values()) == {"user_alice_p0", "group_g_gp"}
    bounds = [results[name]["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for name in calls]
    assert bounds == [True, True, True, False]
    as_alice = iamd.client("iam", key)
    for method, decision in (("list_users", "allowed"), ("list_roles", "denied"), ("get_account_summary", "allowed")):
        if decision == "allowed":
            getattr(as_alice, method)()
        else:
            with pytest.raises(ClientError, match="AccessDenied"):
                getattr(as_alice, method)()


def test_policies_can_be_left_out_added_and_bounded_otherwise(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iamd.user("alice", doc(allow("s3:*")))
    readers = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    iam.attach_user_policy(UserName="alice", PolicyArn=readers)
    source = f"arn:aws:iam::{iamd.account}:user/alice"

    def decision(**more: Any) -> str:
        answer = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=["s3:GetObject"], **more)
        said: str = answer["EvaluationResults"][0]["EvalDecision"]
        return said

    inline = {"PolicyName": "p0", "AttachmentType": "user", "AttachmentName": "al*"}
    assert decision() == "allowed"
    assert decision(PolicyExclusionList=[{"PolicyType": "inline"}]) == "allowed"
    assert decision(PolicyExclusionList=[{"InlinePolicyIdentifier": inline}, {"PolicyArn": readers}]) == "implicitDeny"
    assert decision(PolicyExclusionList=[{"PolicyType": "inline"}, {"PolicyType": "aws-managed"}]) == "implicitDeny"
    assert decision(PolicyExclusionList=[{"PolicyType": "inline"}, {"PolicyType": "user-managed"}]) == "allowed"
    assert decision(PolicyInputList=[json.dumps(doc(deny("s3:*")))]) == "explicitDeny"
    assert decision(PermissionsBoundaryPolicyInputList=[json.dumps(doc(allow("ec2:*")))]) == "implicitDeny"


def test_a_resource_policy_counts_for_roles_too_and_across_accounts_both_sides(iamd: Iamd) -> None:
    role = f"arn:aws:iam::{iamd.account}:role/app"
    policy = doc(allow("s3:GetObject", "arn:aws:s3:::b/*", Principal={"AWS": role}))
    granted: Doc = {"ResourceArns": [KEY], "ResourcePolicy": json.dumps(policy), "CallerArn": role}
    (same,) = custom(iamd, doc(allow("ec2:*")), **granted)
    assert same["EvalDecision"] == "allowed"
    assert same["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    away: Doc = {**granted, "ResourceOwner": "arn:aws:iam::999999999999:root"}
    (one_side,) = custom(iamd, doc(allow("ec2:*")), **away)
    assert one_side["EvalDecision"] == "implicitDeny"
    assert one_side["EvalDecisionDetails"] == {"IAM Policy": "implicitDeny", "Resource Policy": "allowed"}
    (both,) = custom(iamd, doc(allow("s3:*")), **away)
    assert both["EvalDecision"] == "allowed"


def test_a_trust_policy_is_asked_as_enforcement_asks_it(iamd: Iamd) -> None:
    """Being named by the account is not enough without an identity policy; being named oneself is."""
    user, role = f"arn:aws:iam::{iamd.account}:user/alice", f"arn:aws:iam::{iamd.account}:role/app"

    def decision(principal: str, *policies: Doc) -> str:
        trust = doc({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"})
        (result,) = custom(
            iamd,
            *policies,
            actions=["sts:AssumeRole"],
            ResourceArns=[role],
            CallerArn=user,
            ResourcePolicy=json.dumps(trust),
        )
        said: str = result["EvalDecision"]
        return said

    account = f"arn:aws:iam::{iamd.account}:root"
    assert decision(user, doc(allow("ec2:*"))) == "allowed"
    assert decision(account, doc(allow("ec2:*"))) == "implicitDeny"
    assert decision(account, doc(allow("sts:AssumeRole"))) == "allowed"
    assert decision("arn:aws:iam::999999999999:root", doc(allow("sts:*"))) == "implicitDeny"


def test_every_level_of_an_organization_must_allow(iamd: Iamd) -> None:
    everything = json.dumps(doc(allow("*")))
    levels = [
        {"ServiceControlPolicyInputList": [everything]},
        {"ServiceControlPolicyInputList": [json.dumps(doc(allow("ec2:*")))]},
    ]
    (result,) = custom(iamd, doc(allow("s3:*")), OrderedOrganizationPolicyInputList=levels)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert result["MatchedStatements"] == []
    (free,) = custom(iamd, doc(allow("s3:*")), OrderedOrganizationPolicyInputList=levels[:1])
    assert free["EvalDecision"] == "allowed"
    assert free["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}


@pytest.mark.parametrize(
    ("kind", "values", "condition", "decision"),
    [
        ("string", ["a"], {"StringEquals": {"x:kind": "a"}}, "allowed"),
        ("stringList", ["a", "b"], {"ForAllValues:StringEquals": {"x:kind": ["a", "b"]}}, "allowed"),
        ("stringList", ["a"], {"StringEquals": {"x:kind": "a"}}, "implicitDeny"),
        ("numeric", ["4"], {"NumericLessThan": {"x:kind": "5"}}, "allowed"),
        ("boolean", ["True"], {"Bool": {"x:kind": "true"}}, "allowed"),
        ("ip", ["10.1.1.1"], {"IpAddress": {"x:kind": "10.0.0.0/8"}}, "allowed"),
        ("binary", ["QQ=="], {"BinaryEquals": {"x:kind": "QQ=="}}, "allowed"),
        ("date", ["2026-01-01T00:00:00Z"], {"DateLessThan": {"x:kind": "2025-01-01T00:00:00Z"}}, "implicitDeny"),
    ],
)
def test_context_entries_have_every_type(
    iamd: Iamd, kind: str, values: list[str], condition: Doc, decision: str
) -> None:
    entry = {"ContextKeyName": "X:Kind", "ContextKeyType": kind, "ContextKeyValues": values}
    (result,) = custom(iamd, doc(allow("s3:*", Condition=condition)), ContextEntries=[entry])
    assert result["EvalDecision"] == decision
    assert result["MissingContextValues"] == []


def test_long_answers_come_in_pages_of_actions(iamd: Iamd) -> None:
    actions = [f"s3:Get{number}" for number in range(7)]
    paginator = iamd.client("iam").get_paginator("simulate_custom_policy")
    pages = list(
        paginator.paginate(
            PolicyInputList=[json.dumps(doc(allow("s3:*")))], ActionNames=actions, PaginationConfig={"PageSize": 3}
        )
    )
    assert [len(page["EvaluationResults"]) for page in pages] == [3, 3, 1]
    assert [each["EvalActionName"] for page in pages for each in page["EvaluationResults"]] == actions


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ResourceArns": ["14a050d4"]}, "ResourceNames are not in a valid ARN format: 14a050d4."),
        ({"ResourceOwner": "123456789012"}, "'123456789012' is not a valid as a Resource Owner."),
        ({"ActionNames": ["GetObject"]}, "The action is invalid since it is missing names"),
        ({"PolicyInputList": ["{}"]}, "PolicyInputList.1"),
        ({"CallerArn": "arn:aws:sts::123456789012:assumed-role/a/b"}, "Invalid caller - Caller must be"),
        ({"ResourcePolicy": "{}", "ResourceArns": [KEY]}, "Invalid caller - Caller cannot be null or empty."),
        (
            {"ContextEntries": [{"ContextKeyName": "x:kind", "ContextKeyType": "numeric", "ContextKeyValues": ["a"]}]},
            "Invalid context value for key x:kind: expected numeric format.",
        ),
        (
            {"ContextEntries": [{"ContextKeyName": "x:kind", "ContextKeyType": "ip", "ContextKeyValues": ["1", "2"]}]},
            "expected a single value, but received 2.",
        ),
    ],
)
def test_wrong_input_is_refused_in_the_simulator_s_words(iamd: Iamd, change: Doc, message: str) -> None:
    params: Doc = {"PolicyInputList": [json.dumps(doc(allow("s3:*")))], "ActionNames": ["s3:GetObject"], **change}
    assert message in refused(iamd, "simulate_custom_policy", **params)


def test_only_users_groups_and_roles_that_exist_have_policies(iamd: Iamd) -> None:
    session = f"arn:aws:sts::{iamd.account}:assumed-role/app/s"
    message = refused(iamd, "simulate_principal_policy", PolicySourceArn=session, ActionNames=["s3:GetObject"])
    assert message == f"Invalid Entity Arn: {session} does not clearly define entity type and name."
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iamd.client("iam").simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{iamd.account}:user/nobody", ActionNames=["s3:GetObject"]
        )


def test_who_may_not_simulate_a_principal_learns_nothing_by_another_path(iamd: Iamd) -> None:
    iamd.client("iam").create_user(UserName="bob", Path="/hidden/")
    allowed = doc(allow("iam:SimulatePrincipalPolicy", f"arn:aws:iam::{iamd.account}:user/open/*"))
    key = iamd.user("alice", allowed)
    with pytest.raises(ClientError, match=r"AccessDenied.*user/hidden/bob"):
        iamd.client("iam", key).simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{iamd.account}:user/open/bob", ActionNames=["s3:GetObject"]
        )


def test_context_keys_are_listed_as_they_are_written(iamd: Iamd) -> None:
    """The example of the CLI's page: the variable in the resource comes first."""
    table = "arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}"
    condition = {"DateGreaterThan": {"aws:CurrentTime": "2015-08-16T12:00:00Z"}}
    policy = doc(allow("dynamodb:*", table, Condition=condition))
    iam = iamd.client("iam")
    answer = iam.get_context_keys_for_custom_policy(PolicyInputList=[json.dumps(policy)] * 2)
    assert answer["ContextKeyNames"] == ["aws:username", "aws:CurrentTime"]
    iamd.user("saanvi", policy)
    more = doc(allow("s3:*", Condition={"Bool": {"AWS:currenttime": "true", "aws:SecureTransport": "true"}}))
    answer = iam.get_context_keys_for_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{iamd.account}:user/saanvi", PolicyInputList=[json.dumps(more)]
    )
    assert answer["ContextKeyNames"] == ["aws:username", "aws:CurrentTime", "aws:SecureTransport"]


def test_groups_and_roles_are_simulated_with_what_is_known_of_them(iamd: Iamd) -> None:
    iam = iamd.client("iam")
    iam.create_group(GroupName="g", Path="/teams/")
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=json.dumps(doc(allow("s3:*"))))
    trust = {
        "Version": VERSION,
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(trust), Tags=[{"Key": "Team", "Value": "red"}])
    tagged = allow(
        "ec2:*", Condition={"StringEquals": {"aws:PrincipalTag/Team": "red", "aws:PrincipalType": "AssumedRole"}}
    )
    iam.put_role_policy(RoleName="app", PolicyName="p", PolicyDocument=json.dumps(doc(tagged)))
    found = {}
    for kind, name, action in (("group", "teams/g", "s3:GetObject"), ("role", "app", "ec2:RunInstances")):
        source = f"arn:aws:iam::{iamd.account}:{kind}/{name}"
        (result,) = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=[action])["EvaluationResults"]
        found[kind] = (result["EvalDecision"], result["MatchedStatements"][0]["SourcePolicyId"])
    assert found == {"group": ("allowed", "group_g_p"), "role": ("allowed", "role_app_p")}


def test_no_policies_at_all_allow_nothing(iamd: Iamd) -> None:
    (result,) = custom(iamd)
    assert (result["EvalDecision"], result["MatchedStatements"]) == ("implicitDeny", [])


def test_many_resources_come_in_smaller_pages_than_asked_for(iamd: Iamd) -> None:
    """AWS too may answer with fewer actions than MaxItems: here a page holds a thousand decisions."""
    resources = [f"arn:aws:s3:::b/{number}" for number in range(400)]
    answer = iamd.client("iam").simulate_custom_policy(
        PolicyInputList=[json.dumps(doc(allow("s3:*", "arn:aws:s3:::b/*")))],
        ActionNames=["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ResourceArns=resources,
        MaxItems=100,
    )
    assert [each["EvalActionName"] for each in answer["EvaluationResults"]] == ["s3:GetObject", "s3:PutObject"]
    assert answer["IsTruncated"]
    assert len(answer["EvaluationResults"][0]["ResourceSpecificResults"]) == 400
    too_many = [f"arn:aws:s3:::b/{number}" for number in range(1001)]
    refusal = refused(
        iamd,
        "simulate_custom_policy",
        PolicyInputList=[json.dumps(doc(allow("s3:*")))],
        ActionNames=["s3:GetObject"],
        ResourceArns=too_many,
    )
    assert "1000" in refusal


def test_a_simulation_that_would_take_long_is_refused(iamd: Iamd) -> None:
    policy = doc(*(allow("s3:*", f"arn:aws:s3:::b{number}/*") for number in range(101)))
    refusal = refused(
        iamd,
        "simulate_custom_policy",
        PolicyInputList=[json.dumps(policy)],
        ActionNames=["s3:GetObject"],
        ResourceArns=[f"arn:aws:s3:::b/{number}" for number in range(1000)],
    )
    assert refusal == "101 statements for 1000 resources are too many at once."
