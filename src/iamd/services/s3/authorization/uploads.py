"""Uploads in parts: beginning, filling and completing one is writing its object."""

from collections.abc import Iterator, Mapping
from typing import Final

from iamd.authz.check import Ask, Check, Checks
from iamd.kernel.body_plan import FURTHER_DIGESTS
from iamd.model.http import HttpRequest
from iamd.services.s3.authorization.finding import Found, find, find_bucket, find_object, on_bucket, version_keys
from iamd.services.s3.authorization.keys import request_tags
from iamd.services.s3.authorization.objects import keep_source, writes
from iamd.services.s3.copy_source import read_copy_source
from iamd.services.s3.names import key_bytes
from iamd.services.s3.tagging import header_tags

_IS_NO_OBJECT_YET: Final = "false"


def _create(ask: Ask) -> Iterator[Check]:
    tags = header_tags(ask.params.get("Tagging"))
    yield from writes(
        ask, find(ask), ask.params["Key"], request_tags(tags), tagged="Tagging" in ask.params, creates=_IS_NO_OBJECT_YET
    )


def _upload_part(ask: Ask) -> Iterator[Check]:
    found = find(ask)
    _want_digest(ask, found)
    yield from writes(ask, found, ask.params["Key"], {}, tagged=False, creates=_IS_NO_OBJECT_YET)


def _upload_part_copy(ask: Ask) -> Iterator[Check]:
    """Both sides, as for CopyObject; nothing but bytes goes along."""
    params = ask.params
    target = find(ask)
    source = read_copy_source(params["CopySource"])
    found = find_bucket(ask, source.bucket, params.get("ExpectedSourceBucketOwner"))
    row, existing = find_object(found, source.key)
    keep_source(ask.http, found, source, row)
    _want_digest(ask, target)
    action = "s3:GetObject" if source.version is None else "s3:GetObjectVersion"
    yield found.object_check(action, source.key, {**existing, **version_keys(source.version)})
    yield from writes(ask, target, params["Key"], {}, tagged=False, source=source, creates=_IS_NO_OBJECT_YET)


def _want_digest(ask: Ask, found: Found) -> None:
    """What the upload asks of its parts is computed while they are read."""
    upload = ask.state.uploads.get(found.bucket.id, key_bytes(ask.params["Key"]), ask.params["UploadId"])
    if upload is not None:
        ask.http.derived[FURTHER_DIGESTS] = (upload.checksum,)


def part_digests(http: HttpRequest) -> tuple[str, ...]:
    """What the upload asks of a part; empty if there is no such upload."""
    names: tuple[str, ...] = http.derived.get(FURTHER_DIGESTS, ())
    return names


def _complete(ask: Ask) -> Iterator[Check]:
    yield from writes(ask, find(ask), ask.params["Key"], {}, tagged=False)


def _on_key(action: str) -> Checks:
    def checks(ask: Ask) -> Iterator[Check]:
        yield find(ask).object_check(action, ask.params["Key"])

    return checks


UPLOAD_CHECKS: Final[Mapping[str, Checks]] = {
    "AbortMultipartUpload": _on_key("s3:AbortMultipartUpload"),
    "CompleteMultipartUpload": _complete,
    "CreateMultipartUpload": _create,
    "ListMultipartUploads": on_bucket("s3:ListBucketMultipartUploads"),
    "ListParts": _on_key("s3:ListMultipartUploadParts"),
    "UploadPart": _upload_part,
    "UploadPartCopy": _upload_part_copy,
}
