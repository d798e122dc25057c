"""Objects: what each request needs, the headers that change its meaning included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from iamd.authz.check import Ask, Check, Checks, KeyValue
from iamd.model.http import HttpRequest
from iamd.model.tags import Tags
from iamd.services.s3.authorization.finding import Found, find, find_bucket, find_object, version_keys
from iamd.services.s3.authorization.keys import (
    GRANTS,
    PUT_OBJECT_HEADERS,
    header_keys,
    request_tags,
)
from iamd.services.s3.copy_source import CopySource, read_copy_source
from iamd.services.s3.errors import malformed_xml
from iamd.services.s3.names import QUOTAS
from iamd.services.s3.tagging import header_tags, tag_set
from iamd.stores.ports.buckets import S3Object

_SOURCE: Final = "s3.source"
_OBJECT: Final = "s3.object"
_ACL_HEADERS: Final = ("x-amz-acl", *GRANTS, "x-amz-storage-class")


@dataclass(frozen=True, slots=True)
class Source:
    """A copy's source as it was authorized; `row` is None if there is none."""

    found: Found
    source: CopySource
    row: S3Object | None


def source_in(http: HttpRequest) -> Source:
    source: Source = http.derived[_SOURCE]
    return source


def keep_source(http: HttpRequest, found: Found, source: CopySource, row: S3Object | None) -> None:
    http.derived[_SOURCE] = Source(found, source, row)


def object_in(http: HttpRequest) -> S3Object | None:
    """The object whose tags were decided on; None if there is none. Of operations on one that is there."""
    row: S3Object | None = http.derived[_OBJECT]
    return row


def _existing(ask: Ask, found: Found, key: str) -> dict[str, KeyValue]:
    """The keys of the tags of the request's object, which is kept for the operation."""
    ask.http.derived[_OBJECT], existing = find_object(found, key)
    return existing


def bypasses_retention(ask: Ask) -> bool:
    return bool(ask.params.get("BypassGovernanceRetention"))


def _reads(action: str, versioned: str, *more: tuple[str, str]) -> Checks:
    """Operations on an existing object: its tags are condition keys."""

    def checks(ask: Ask) -> Iterator[Check]:
        found, key, version = find(ask), ask.params["Key"], ask.params.get("VersionId")
        keys = {**_existing(ask, found, key), **version_keys(version)}
        for plain, of_version in ((action, versioned), *more):
            yield found.object_check(plain if version is None else of_version, key, keys)

    return checks


def _on_object(action: str) -> Checks:
    """Operations for which only the keys of every action are documented."""

    def checks(ask: Ask) -> Iterator[Check]:
        yield find(ask).object_check(action, ask.params["Key"])

    return checks


def _put_object(ask: Ask) -> Iterator[Check]:
    found, key = find(ask), ask.params["Key"]
    tags = header_tags(ask.params.get("Tagging"))
    yield from writes(ask, found, key, request_tags(tags), tagged="Tagging" in ask.params)


def writes(
    ask: Ask,
    found: Found,
    key: str,
    new_tags: Mapping[str, KeyValue],
    *,
    tagged: bool,
    source: CopySource | None = None,
    creates: str = "true",
) -> Iterator[Check]:
    """The checks of a request that writes an object, or (`creates` is "false") a step on the way to one."""
    acl = header_keys(ask, ("x-amz-acl", *GRANTS))
    # Only these further actions know the tags of what is replaced: else its row is not read.
    existing = find_object(found, key)[1] if tagged or acl or "IfMatch" in ask.params else {}
    more = {} if source is None else {"s3:x-amz-copy-source": f"{source.bucket}/{source.key}"}
    yield found.object_check(
        "s3:PutObject",
        key,
        {**header_keys(ask, PUT_OBJECT_HEADERS), **new_tags, **more, "s3:objectcreationoperation": creates},
    )
    if tagged:
        yield found.object_check("s3:PutObjectTagging", key, {**existing, **new_tags})
    if acl:
        yield found.object_check("s3:PutObjectAcl", key, {**existing, **header_keys(ask, _ACL_HEADERS)})
    if "IfMatch" in ask.params:
        yield found.object_check("s3:GetObject", key, existing)


def _copy_object(ask: Ask) -> Iterator[Check]:
    """The source is read with the reader's rights, wherever it lies; its tags go along unless others are given."""
    params = ask.params
    target, key = find(ask), params["Key"]
    source = read_copy_source(params["CopySource"])
    found = find_bucket(ask, source.bucket, params.get("ExpectedSourceBucketOwner"))
    row, existing = find_object(found, source.key)
    keep_source(ask.http, found, source, row)
    versions = version_keys(source.version)
    action = "s3:GetObject" if source.version is None else "s3:GetObjectVersion"
    yield found.object_check(action, source.key, {**existing, **versions})
    new_tags: Tags = ()
    if params.get("TaggingDirective", "COPY") == "REPLACE":
        new_tags = header_tags(params.get("Tagging"))
        tagged = bool(new_tags)
    else:
        tagged = row is not None and bool(row.tags)
        if tagged:
            action = "s3:GetObjectTagging" if source.version is None else "s3:GetObjectVersionTagging"
            yield found.object_check(action, source.key, {**existing, **versions})
    yield from writes(ask, target, key, request_tags(new_tags), tagged=tagged, source=source)


def _delete_object(ask: Ask) -> Iterator[Check]:
    found, params = find(ask), ask.params
    yield from _deletes(ask, found, params["Key"], params.get("VersionId"))
    if params.get("IfMatch", "*") != "*":
        _, existing = find_object(found, params["Key"])
        yield found.object_check("s3:GetObject", params["Key"], existing)


def _deletes(ask: Ask, found: Found, key: str, version: str | None) -> Iterator[Check]:
    """One check, and a second where the request asks to pass over a retention."""
    if version is None:
        yield found.object_check("s3:DeleteObject", key, header_keys(ask, ("if-match",)))
    else:
        yield found.object_check("s3:DeleteObjectVersion", key, version_keys(version))
    if bypasses_retention(ask):
        yield found.object_check("s3:BypassGovernanceRetention", key)


def _delete_objects(ask: Ask) -> Iterator[Check]:
    found, items = find(ask), ask.params["Delete"]["Objects"]
    if not 1 <= len(items) <= QUOTAS.delete_objects:
        raise malformed_xml()
    for item in items:
        yield from _deletes(ask, found, item["Key"], item.get("VersionId"))


def _put_object_tagging(ask: Ask) -> Iterator[Check]:
    found, key, version = find(ask), ask.params["Key"], ask.params.get("VersionId")
    action = "s3:PutObjectTagging" if version is None else "s3:PutObjectVersionTagging"
    keys = {**_existing(ask, found, key), **request_tags(tag_set(ask.params)), **version_keys(version)}
    yield found.object_check(action, key, keys)


def _put_object_acl(ask: Ask) -> Iterator[Check]:
    found, key, version = find(ask), ask.params["Key"], ask.params.get("VersionId")
    action = "s3:PutObjectAcl" if version is None else "s3:PutObjectVersionAcl"
    keys = {**_existing(ask, found, key), **header_keys(ask, _ACL_HEADERS), **version_keys(version)}
    yield found.object_check(action, key, keys)


OBJECT_CHECKS: Final[Mapping[str, Checks]] = {
    "CopyObject": _copy_object,
    "DeleteObject": _delete_object,
    "DeleteObjectTagging": _reads("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
    "DeleteObjects": _delete_objects,
    "GetObject": _reads("s3:GetObject", "s3:GetObjectVersion"),
    "GetObjectAcl": _reads("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "GetObjectAttributes": _reads(
        "s3:GetObject", "s3:GetObjectVersion", ("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")
    ),
    "GetObjectLegalHold": _on_object("s3:GetObjectLegalHold"),
    "GetObjectRetention": _on_object("s3:GetObjectRetention"),
    "GetObjectTagging": _reads("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
    "HeadObject": _reads("s3:GetObject", "s3:GetObjectVersion"),
    "PutObject": _put_object,
    "PutObjectAcl": _put_object_acl,
    "PutObjectTagging": _put_object_tagging,
}
