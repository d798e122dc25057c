"""Inline policies of users, groups and roles."""

from iamd.kernel.context import Context
from iamd.services.iam.api import (
    DeleteGroupPolicyRequest,
    DeleteGroupPolicyResponse,
    DeleteRolePolicyRequest,
    DeleteRolePolicyResponse,
    DeleteUserPolicyRequest,
    DeleteUserPolicyResponse,
    GetGroupPolicyRequest,
    GetGroupPolicyResponse,
    GetRolePolicyRequest,
    GetRolePolicyResponse,
    GetUserPolicyRequest,
    GetUserPolicyResponse,
    ListGroupPoliciesRequest,
    ListGroupPoliciesResponse,
    ListRolePoliciesRequest,
    ListRolePoliciesResponse,
    ListUserPoliciesRequest,
    ListUserPoliciesResponse,
    PutGroupPolicyRequest,
    PutGroupPolicyResponse,
    PutRolePolicyRequest,
    PutRolePolicyResponse,
    PutUserPolicyRequest,
    PutUserPolicyResponse,
)
from iamd.services.iam.rules.inline import delete_inline, get_inline, inline_page, put_inline
from iamd.services.iam.rules.owners import require_owner
from iamd.services.iam.service import service


@service.operation
def put_user_policy(ctx: Context, request: PutUserPolicyRequest) -> PutUserPolicyResponse:
    put_inline(ctx, require_owner(ctx, "user", request["UserName"]), request)
    return {}


@service.operation
def get_user_policy(ctx: Context, request: GetUserPolicyRequest) -> GetUserPolicyResponse:
    answer: GetUserPolicyResponse = get_inline(
        ctx, require_owner(ctx, "user", request["UserName"]), request["PolicyName"]
    )
    return answer


@service.operation
def delete_user_policy(ctx: Context, request: DeleteUserPolicyRequest) -> DeleteUserPolicyResponse:
    delete_inline(ctx, require_owner(ctx, "user", request["UserName"]), request["PolicyName"])
    return {}


@service.operation
def list_user_policies(ctx: Context, request: ListUserPoliciesRequest) -> ListUserPoliciesResponse:
    answer: ListUserPoliciesResponse = inline_page(ctx, require_owner(ctx, "user", request["UserName"]), request)
    return answer


@service.operation
def put_group_policy(ctx: Context, request: PutGroupPolicyRequest) -> PutGroupPolicyResponse:
    put_inline(ctx, require_owner(ctx, "group", request["GroupName"]), request)
    return {}


@service.operation
def get_group_policy(ctx: Context, request: GetGroupPolicyRequest) -> GetGroupPolicyResponse:
    answer: GetGroupPolicyResponse = get_inline(
        ctx, require_owner(ctx, "group", request["GroupName"]), request["PolicyName"]
    )
    return answer


@service.operation
def delete_group_policy(ctx: Context, request: DeleteGroupPolicyRequest) -> DeleteGroupPolicyResponse:
    delete_inline(ctx, require_owner(ctx, "group", request["GroupName"]), request["PolicyName"])
    return {}


@service.operation
def list_group_policies(ctx: Context, request: ListGroupPoliciesRequest) -> ListGroupPoliciesResponse:
    answer: ListGroupPoliciesResponse = inline_page(ctx, require_owner(ctx, "group", request["GroupName"]), request)
    return answer


@service.operation
def put_role_policy(ctx: Context, request: PutRolePolicyRequest) -> PutRolePolicyResponse:
    put_inline(ctx, require_owner(ctx, "role", request["RoleName"]), request)
    return {}


@service.operation
def get_role_policy(ctx: Context, request: GetRolePolicyRequest) -> GetRolePolicyResponse:
    answer: GetRolePolicyResponse = get_inline(
        ctx, require_owner(ctx, "role", request["RoleName"]), request["PolicyName"]
    )
    return answer


@service.operation
def delete_role_policy(ctx: Context, request: DeleteRolePolicyRequest) -> DeleteRolePolicyResponse:
    delete_inline(ctx, require_owner(ctx, "role", request["RoleName"]), request["PolicyName"])
    return {}


@service.operation
def list_role_policies(ctx: Context, request: ListRolePoliciesRequest) -> ListRolePoliciesResponse:
    answer: ListRolePoliciesResponse = inline_page(ctx, require_owner(ctx, "role", request["RoleName"]), request)
    return answer
