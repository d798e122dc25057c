"""Bucket policies, and whether they let the public in."""

from dataclasses import replace
from typing import Final

from iamd.authz.principal_ids import InvalidPrincipalError, ids_to_principals, principals_to_ids, someones
from iamd.kernel.context import Context
from iamd.model.errors import AwsError, access_denied
from iamd.proof.public import public_access
from iamd.services.s3 import errors
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.api import (
    DeleteBucketPolicyRequest,
    GetBucketPolicyRequest,
    GetBucketPolicyResponse,
    GetBucketPolicyStatusRequest,
    GetBucketPolicyStatusResponse,
    PutBucketPolicyRequest,
)
from iamd.services.s3.bodies import check_digests
from iamd.services.s3.bucket_policy import accounts_for_canonical_users, invalid_principal, read_bucket_policy
from iamd.services.s3.service import service
from iamd.stores.ports.buckets import Bucket
from iamd.stores.ports.policies import ResourcePolicy

_BLOCK_PUBLIC_POLICY: Final = "P"


@service.operation
def put_bucket_policy(ctx: Context, request: PutBucketPolicyRequest) -> None:
    """Set the bucket's policy. Users and roles that it names are kept by their unique ids."""
    bucket = _own_bucket(ctx)
    check_digests(ctx.http)
    document = read_bucket_policy(request["Policy"], bucket.name)
    try:
        text = accounts_for_canonical_users(request["Policy"], lambda canonical: _account(ctx, canonical))
        kept = principals_to_ids(text, someones(ctx.state, bucket.account))
    except InvalidPrincipalError:
        raise invalid_principal() from None
    public = public_access(document).verdict
    if public and _BLOCK_PUBLIC_POLICY in (bucket.public_access_block or ""):
        raise access_denied(
            f"User: {ctx.caller.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"{bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public '
            "Access."
        )
    ctx.state.resource_policies.put(ResourcePolicy(bucket.arn, bucket.account, kept))
    ctx.state.buckets.replace(replace(bucket, policy_is_public=public))


@service.operation
def get_bucket_policy(ctx: Context, _request: GetBucketPolicyRequest) -> GetBucketPolicyResponse:
    """The policy, with the principals' ARNs as long as they exist."""
    bucket = _own_bucket(ctx)
    return {"Policy": ids_to_principals(_policy(ctx, bucket).document, someones(ctx.state, bucket.account))}


@service.operation
def delete_bucket_policy(ctx: Context, _request: DeleteBucketPolicyRequest) -> None:
    """Remove the policy; a bucket without one is left as it is."""
    bucket = _own_bucket(ctx)
    if ctx.state.resource_policies.delete(bucket.arn) is not None:
        ctx.state.buckets.replace(replace(bucket, policy_is_public=False))


@service.operation
def get_bucket_policy_status(ctx: Context, _request: GetBucketPolicyStatusRequest) -> GetBucketPolicyStatusResponse:
    """Whether the policy is public in S3's sense."""
    bucket = the_bucket(ctx)
    _policy(ctx, bucket)
    return {"PolicyStatus": {"IsPublic": bucket.policy_is_public}}


def _own_bucket(ctx: Context) -> Bucket:
    """Even with the permission, only the owner's account touches the policy (405, as S3 documents)."""
    bucket = the_bucket(ctx)
    if ctx.caller.account != bucket.account:
        raise errors.method_not_allowed(ctx.http.method, "BUCKETPOLICY")
    return bucket


def _account(ctx: Context, canonical: str) -> str | None:
    owner = ctx.state.accounts.find("canonical", canonical)
    return owner.id if owner is not None else None


def _policy(ctx: Context, bucket: Bucket) -> ResourcePolicy:
    policy = ctx.state.resource_policies.get(bucket.arn)
    if policy is None:
        raise AwsError(
            "NoSuchBucketPolicy", "The bucket policy does not exist", 404, members={"BucketName": bucket.name}
        )
    return policy
