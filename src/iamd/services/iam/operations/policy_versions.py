"""Versions of managed policies."""

from dataclasses import replace
from typing import Any, Final

from iamd.kernel.context import Context
from iamd.kernel.paging import read_page
from iamd.model.errors import AwsError, delete_conflict, limit_exceeded, no_such_entity
from iamd.reference.managed_policies import ManagedPolicy
from iamd.reference.quotas import Quotas
from iamd.services.iam.api import (
    CreatePolicyVersionRequest,
    CreatePolicyVersionResponse,
    DeletePolicyVersionRequest,
    DeletePolicyVersionResponse,
    GetPolicyVersionRequest,
    GetPolicyVersionResponse,
    ListPolicyVersionsRequest,
    ListPolicyVersionsResponse,
    SetDefaultPolicyVersionRequest,
    SetDefaultPolicyVersionResponse,
)
from iamd.services.iam.rules.documents import check_managed_document
from iamd.services.iam.rules.managed import policy_to_change, policy_to_read
from iamd.services.iam.rules.policy_answers import published_version_answer, version_answer
from iamd.services.iam.service import service
from iamd.stores.ports.policies import Policy, PolicyVersion

_QUOTAS: Final = Quotas()
_TOO_MANY: Final = (
    f"A managed policy can have up to {_QUOTAS.versions_per_policy} versions. "
    "Before you create a new version, you must delete an existing version."
)


@service.operation
def create_policy_version(ctx: Context, request: CreatePolicyVersionRequest) -> CreatePolicyVersionResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "CreatePolicyVersion")
    document = request["PolicyDocument"]
    check_managed_document(document)
    if ctx.state.policy_versions.count("key", ctx.account, policy.id) >= _QUOTAS.versions_per_policy:
        raise limit_exceeded(_TOO_MANY)
    number = policy.latest_version + 1
    default = number if request.get("SetAsDefault") else policy.default_version
    version = PolicyVersion(ctx.account, policy.id, number, ctx.now_ms, document)
    ctx.state.policy_versions.insert(version)
    ctx.state.policies.replace(
        replace(policy, latest_version=number, default_version=default, updated_at=ctx.now_ms),
    )
    answer: Any = version_answer(version, default)
    return {"PolicyVersion": answer}


@service.operation
def get_policy_version(ctx: Context, request: GetPolicyVersionRequest) -> GetPolicyVersionResponse:
    """Of AWS's policies only the default version is known here."""
    policy = policy_to_read(ctx, request["PolicyArn"])
    answer: Any
    if isinstance(policy, ManagedPolicy):
        if request["VersionId"] != policy.default_version_id:
            raise _no_such_version(policy.arn, request["VersionId"])
        answer = published_version_answer(policy, with_document=True)
    else:
        version = _version(ctx, policy, request["VersionId"])
        answer = version_answer(version, policy.default_version, with_document=True)
    return {"PolicyVersion": answer}


@service.operation
def list_policy_versions(ctx: Context, request: ListPolicyVersionsRequest) -> ListPolicyVersionsResponse:
    """Newest first."""
    policy = policy_to_read(ctx, request["PolicyArn"])
    answers: Any
    if isinstance(policy, ManagedPolicy):
        answers = [published_version_answer(policy)]
        return {"Versions": answers, "IsTruncated": False}
    versions = ctx.state.policy_versions.page("key", ctx.account, policy.id)[::-1]
    page = read_page(
        request,
        lambda after, limit: [entry for entry in versions if after is None or entry.number < int(after[0])][:limit],
        lambda entry: (entry.number,),
        (int,),
    )
    answers = [version_answer(entry, policy.default_version) for entry in page.records]
    return {"Versions": answers, **page.members}


@service.operation
def set_default_policy_version(
    ctx: Context, request: SetDefaultPolicyVersionRequest
) -> SetDefaultPolicyVersionResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "SetDefaultPolicyVersion")
    version = _version(ctx, policy, request["VersionId"])
    ctx.state.policies.replace(replace(policy, default_version=version.number))
    return {}


@service.operation
def delete_policy_version(ctx: Context, request: DeletePolicyVersionRequest) -> DeletePolicyVersionResponse:
    policy = policy_to_change(ctx, request["PolicyArn"], "DeletePolicyVersion")
    version = _version(ctx, policy, request["VersionId"])
    if version.number == policy.default_version:
        raise delete_conflict("Cannot delete the default version of a policy.")
    ctx.state.policy_versions.delete(ctx.account, policy.id, version.number)
    return {}


def _version(ctx: Context, policy: Policy, version_id: str) -> PolicyVersion:
    """Raises NoSuchEntity; `v3.suffix`, which the model lets through, names none."""
    digits = version_id[1:]
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
    version = ctx.state.policy_versions.get(ctx.account, policy.id, number)
    if version is None:
        raise _no_such_version(policy.arn, version_id)
    return version


def _no_such_version(arn: str, version_id: str) -> AwsError:
    return no_such_entity(f"Policy {arn} version {version_id} does not exist or is not attachable.")
