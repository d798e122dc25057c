"""The `x-amz-copy-source` header, read once: what is authorized is what is copied."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from iamd.services.s3.errors import invalid_argument, not_implemented

_NAME: Final = "x-amz-copy-source"
_BROKEN_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class CopySource:
    bucket: str
    key: str
    version: str | None


def read_copy_source(header: str) -> CopySource:
    """`bucket/key`, with or without a leading slash, URL-encoded, and `?versionId=…` behind it. Raises AwsError."""
    path, marked, version = header.partition("?versionId=")
    if _BROKEN_ESCAPE.search(path):
        raise _invalid(header)
    try:
        path = unquote_plus(path, errors="strict").removeprefix("/")
        version = unquote_plus(version, errors="strict")
    except UnicodeDecodeError:
        raise _invalid(header) from None
    if path.startswith("arn:"):
        raise not_implemented(_NAME)
    bucket, slash, key = path.partition("/")
    if not bucket or not slash or not key:
        message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        raise invalid_argument(message, _NAME, header)
    return CopySource(bucket, key, version if marked else None)


def _invalid(header: str) -> Exception:
    return invalid_argument("Invalid copy source encoding.", _NAME, header)
