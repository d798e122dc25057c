"""What operations do first: act on what was authorized, and on nothing else."""

from iamd.authz.check import Check
from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.authorization.finding import Found, found_in
from iamd.stores.ports.buckets import Bucket, S3Object
from iamd.stores.ports.state import State


def the_bucket(ctx: Context) -> Bucket:
    """The authorized bucket as it is now. Raises NoSuchBucket, or OperationAborted where a namesake took its place."""
    return current(ctx.state, found_in(ctx.http))


def current(state: State, found: Found) -> Bucket:
    bucket = state.buckets.get(found.bucket.name)
    if bucket is None:
        raise errors.no_such_bucket(found.bucket.name)
    if bucket.id != found.bucket.id:
        raise errors.operation_aborted()
    return bucket


def check_decided(row: S3Object, decided: S3Object | None) -> None:
    """Raises OperationAborted unless the object has the tags that were decided on: a policy may tell it by them."""
    if row.tags != (() if decided is None else decided.tags):
        raise errors.operation_aborted()


def missing_key(ctx: Context, found: Found, key: str) -> AwsError:
    """NoSuchKey for those who may list the bucket; whoever may not learns nothing of its keys (AccessDenied)."""
    ctx.authorize([found.list_check()])
    return errors.no_such_key(key)


def is_allowed(ctx: Context, check: Check) -> bool:
    try:
        ctx.authorize([check])
    except AwsError:
        return False
    return True


def canonical_id(state: State, account: str) -> str:
    owner = state.accounts.get(account)
    return owner.canonical_id if owner is not None else ""
