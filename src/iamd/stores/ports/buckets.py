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

    `key` is the key's UTF-8. `extents` is JSON of the blob's extents, None when `data` holds the bytes themselves; one
    without a blob is a run of `data`. `metadata` is JSON of user metadata and system headers. `checksums` is JSON of
    digests in hex by algorithm, and how they were made. `etag` is without quotes. `parts` is JSON of the parts that it
    was uploaded in, [number, size, checksum in hex or null] each; None where it was uploaded in one piece.
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
    parts: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """An object on its way, in parts. Ids sort by the time when the uploads began.

    `checksum` is the algorithm in lower case, `checksum_type` COMPOSITE or FULL_OBJECT, `checksum_named` whether the
    client asked for it. `metadata` and `tags` are the object's to be. `initiator` is an ARN.
    """

    bucket_id: str
    key: bytes
    id: str
    initiated_at: Millis
    initiator: str
    metadata: str
    checksum: str
    checksum_type: str
    checksum_named: bool
    tags: Tags = ()


@dataclass(frozen=True, slots=True)
class UploadPart:
    """A part of an open upload; its columns mean what an object's do. `checksums` has digests in hex by algorithm."""

    upload_id: str
    number: int
    etag: str
    size: int
    modified_at: Millis
    checksums: str
    extents: str | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class CompletedUpload:
    """What completing an upload was answered, for a client that lost the answer and asks again.

    `request` is a digest of the parts that were named, `answer` JSON of the response.
    """

    bucket_id: str
    key: bytes
    id: str
    completed_at: Millis
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class BlobUse:
    """Bytes of an object lie (also) in this blob: copies share blobs, and one that nobody uses may be collected.

    A part of an open upload uses its blobs too: `bucket_id` is then the upload's id and `key` the part's number.
    """

    blob_id: str
    bucket_id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Orphan:
    """A blob that nobody was seen to use since then."""

    blob_id: str
    since: Millis


BUCKETS = Kind(
    "buckets",
    Bucket,
    key=("name",),
    unique={"id": ("id",)},
    orders={"account": ("account", "name")},
    topics=lambda bucket: (f"resource:{bucket.arn}",),
)
OBJECTS = Kind("objects", S3Object, key=("bucket_id", "key"), unread_in_pages=("extents", "data", "parts"), wide=True)
UPLOADS = Kind("uploads", Upload, key=("bucket_id", "key", "id"), wide=True)
UPLOAD_PARTS = Kind("upload_parts", UploadPart, key=("upload_id", "number"), unread_in_pages=("data",), wide=True)
COMPLETED_UPLOADS = Kind(
    "completed_uploads",
    CompletedUpload,
    key=("bucket_id", "key", "id"),
    orders={"time": ("completed_at",)},
    wide=True,
)
ORPHANS = Kind("orphans", Orphan, key=("blob_id",))
BLOB_USES = Kind("blob_uses", BlobUse, key=("blob_id", "bucket_id", "key"))
