"""Conditional requests and ranges.

RFC 9110, sections 13 and 14; GetObject, CopyObject and PutObject in the S3 API Reference, where S3 says how it combines
two conditions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from iamd.kernel.times import whole_seconds
from iamd.model.errors import AwsError
from iamd.services.s3 import errors
from iamd.services.s3.stored import parts_of, quoted
from iamd.stores.ports.buckets import S3Object

_RANGE: Final = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")


@dataclass(frozen=True, slots=True)
class Range:
    """`length` bytes from `start`; `partial`: less was asked for than all, so that the answer is a 206."""

    start: int
    length: int
    partial: bool

    def content_range(self, size: int) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def check_read(request: Mapping[str, Any], row: S3Object) -> None:
    """GetObject's and HeadObject's conditions. Raises 412, or 304 as an error without a body."""
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    if match is not None:
        if not etag_matches(match, row.etag):
            raise errors.precondition_failed("If-Match")
    elif _is_modified(row, request.get("IfUnmodifiedSince"), absent=False):
        raise errors.precondition_failed("If-Unmodified-Since")
    if none_match is not None:
        if etag_matches(none_match, row.etag):
            raise _not_modified(row)
    elif not _is_modified(row, request.get("IfModifiedSince"), absent=True):
        raise _not_modified(row)


def check_copy(request: Mapping[str, Any], row: S3Object) -> None:
    """CopyObject's conditions on its source: every one that fails is a 412."""
    match, none_match = request.get("CopySourceIfMatch"), request.get("CopySourceIfNoneMatch")
    if match is not None:
        if not etag_matches(match, row.etag):
            raise errors.precondition_failed("x-amz-copy-source-If-Match")
    elif _is_modified(row, request.get("CopySourceIfUnmodifiedSince"), absent=False):
        raise errors.precondition_failed("x-amz-copy-source-If-Unmodified-Since")
    if none_match is not None:
        if etag_matches(none_match, row.etag):
            raise errors.precondition_failed("x-amz-copy-source-If-None-Match")
    elif not _is_modified(row, request.get("CopySourceIfModifiedSince"), absent=True):
        raise errors.precondition_failed("x-amz-copy-source-If-Modified-Since")


def check_write(request: Mapping[str, Any], key: str, row: S3Object | None) -> None:
    """Conditional writes: `If-None-Match: *` wants no object there, `If-Match` that very one."""
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    if match is not None and none_match is not None:
        raise errors.not_implemented("If-Match, If-None-Match")
    if none_match is not None:
        if none_match.strip() != "*":
            raise errors.not_implemented("If-None-Match")
        if row is not None:
            raise errors.precondition_failed("If-None-Match")
    if match is not None:
        if row is None:
            raise errors.no_such_key(key)
        if not etag_matches(match, row.etag):
            raise errors.precondition_failed("If-Match")


def check_delete(match: str | None, row: S3Object | None) -> None:
    if match is not None and (row is None or not etag_matches(match, row.etag)):
        raise errors.precondition_failed("If-Match")


def etag_matches(given: str, etag: str) -> bool:
    """S3 takes entity tags with and without quotes, several between commas, and `*`."""
    return any(tag.strip() in ("*", etag, quoted(etag)) for tag in given.split(","))


def _is_modified(row: S3Object, since: datetime | None, *, absent: bool) -> bool:
    return absent if since is None else whole_seconds(row.modified_at) > since


def _not_modified(row: S3Object) -> AwsError:
    modified = whole_seconds(row.modified_at).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return AwsError("NotModified", "Not Modified", 304, headers={"etag": quoted(row.etag), "last-modified": modified})


def wanted_range(request: Mapping[str, Any], row: S3Object) -> Range:
    """What `Range` or `PartNumber` asks for. Raises 416; a range that is none, or several, is passed over."""
    size, text, part = row.size, request.get("Range"), request.get("PartNumber")
    if part is not None:
        if text is not None:
            raise errors.invalid_request("Cannot specify both Range header and partNumber query parameter")
        return _part(part, row)
    match = _RANGE.fullmatch(text.strip()) if text else None
    if match is None or match[1] == match[2] == "":
        return Range(0, size, partial=False)
    if not match[1]:
        start, end = max(0, size - int(match[2])), size - 1
        satisfiable = size > 0 and int(match[2]) > 0
    else:
        start, end = int(match[1]), min(int(match[2] or size), size - 1)
        if match[2] and int(match[2]) < start:
            return Range(0, size, partial=False)
        satisfiable = start < size
    if not satisfiable:
        raise AwsError(
            "InvalidRange",
            "The requested range is not satisfiable",
            416,
            members={"RangeRequested": text or "", "ActualObjectSize": str(size)},
            headers={"content-range": f"bytes */{size}"},
        )
    return Range(start, end - start + 1, partial=True)


def _part(number: int, row: S3Object) -> Range:
    """An object that was not uploaded in parts is its own first one; numbers that were left out are closed up."""
    if not 1 <= number <= 10000:
        raise errors.invalid_argument(
            "Part number must be an integer between 1 and 10000, inclusive", "partNumber", str(number)
        )
    sizes = [size for _, size, _ in parts_of(row)] or [row.size]
    if number > len(sizes):
        raise AwsError(
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable",
            416,
            members={"ActualPartCount": str(len(sizes)), "PartNumberRequested": str(number)},
        )
    return Range(sum(sizes[: number - 1]), sizes[number - 1], partial=row.size > 0)
