"""The public access block of a bucket."""

from dataclasses import replace
from typing import Final

from iamd.kernel.context import Context
from iamd.model.errors import AwsError
from iamd.services.s3.acting import the_bucket
from iamd.services.s3.api import (
    DeletePublicAccessBlockRequest,
    GetPublicAccessBlockRequest,
    GetPublicAccessBlockResponse,
    PublicAccessBlockConfiguration,
    PutPublicAccessBlockRequest,
)
from iamd.services.s3.bodies import check_digests
from iamd.services.s3.service import service

_LETTERS: Final = {
    "BlockPublicAcls": "A",
    "IgnorePublicAcls": "I",
    "BlockPublicPolicy": "P",
    "RestrictPublicBuckets": "R",
}


@service.operation
def put_public_access_block(ctx: Context, request: PutPublicAccessBlockRequest) -> None:
    """Replace the four settings; one that is not named is off."""
    check_digests(ctx.http, required=True)
    bucket = the_bucket(ctx)
    wanted = {name for name, on in request["PublicAccessBlockConfiguration"].items() if on}
    letters = "".join(letter for name, letter in _LETTERS.items() if name in wanted)
    ctx.state.buckets.replace(replace(bucket, public_access_block=letters))


@service.operation
def get_public_access_block(ctx: Context, _request: GetPublicAccessBlockRequest) -> GetPublicAccessBlockResponse:
    """The four settings."""
    bucket = the_bucket(ctx)
    letters = bucket.public_access_block
    if letters is None:
        raise AwsError(
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
            404,
            members={"BucketName": bucket.name},
        )
    configuration: PublicAccessBlockConfiguration = {
        "BlockPublicAcls": "A" in letters,
        "IgnorePublicAcls": "I" in letters,
        "BlockPublicPolicy": "P" in letters,
        "RestrictPublicBuckets": "R" in letters,
    }
    return {"PublicAccessBlockConfiguration": configuration}


@service.operation
def delete_public_access_block(ctx: Context, _request: DeletePublicAccessBlockRequest) -> None:
    """Remove the configuration, which turns all four off."""
    ctx.state.buckets.replace(replace(the_bucket(ctx), public_access_block=None))
