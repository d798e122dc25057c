"""Tags of buckets, written."""

from dataclasses import replace

from iamd.kernel.context import Context
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.api import DeleteBucketTaggingRequest, PutBucketTaggingRequest
from iamd.services.s3.bodies import check_digests
from iamd.services.s3.service import service
from iamd.services.s3.tagging import checked_bucket_tags, tag_set


@service.operation
def put_bucket_tagging(ctx: Context, request: PutBucketTaggingRequest) -> None:
    """Replace the bucket's tags."""
    check_digests(ctx.http, required=True)
    tags = checked_bucket_tags(tag_set(request))
    ctx.state.buckets.replace(replace(the_bucket(ctx), tags=tags))


@service.operation
def delete_bucket_tagging(ctx: Context, _request: DeleteBucketTaggingRequest) -> None:
    """Remove the bucket's tags; having none is no error."""
    ctx.state.buckets.replace(replace(the_bucket(ctx), tags=()))
