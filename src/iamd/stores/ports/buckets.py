"""Buckets and their objects."""

from dataclasses import dataclass

from iamd.model.tags import Tags
from iamd.stores.ports.identities import Millis
from iamd.stores.ports.records import Kind


@dataclass(frozen=True, slots=True)
class Bucket:
    """A general purpose bucket.

    `public_access_block` holds the four settings as letters of "AIPR" (BlockPublicAcls, IgnorePublicAcls,
    BlockPublicPolicy, RestrictPublicBuckets), None when the configuration was deleted. `policy_is_public` was found
    when the bucket policy was written, so that no request has to find it again.
    """

    name: str
    account: str
    region: str
    id: str
    created_at: Millis
    public_access_block: str | None = "AIPR"
    policy_is_public: bool = False
    tags: Tags = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object's row: the truth of what its key holds.

    `key` is the key's UTF-8. `extents` is JSON of the blob's extents, None when `data` holds the bytes themselves.
    `metadata` is JSON of user metadata and system headers. `checksums` is JSON of digests in hex by algorithm, and how
    they were made. `etag` is without quotes.
    """

    bucket_id: str
    key: bytes
    etag: str
    size: int
    modified_at: Millis
    metadata: str
    checksums: str
    tags: Tags = ()
    extents: str | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class BlobUse:
    """An object's bytes lie (also) in this blob: copies share blobs, and one that nobody uses may be collected."""

    blob_id: str
    bucket_id: str
    key: bytes


BUCKETS = Kind(
    "buckets",
    Bucket,
    key=("name",),
    unique={"id": ("id",)},
    orders={"account": ("account", "name")},
    topics=lambda bucket: (f"resource:{bucket.arn}",),
)
OBJECTS = Kind("objects", S3Object, key=("bucket_id", "key"), unread_in_pages=("data",), wide=True)
BLOB_USES = Kind("blob_uses", BlobUse, key=("blob_id", "bucket_id", "key"))
