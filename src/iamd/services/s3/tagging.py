"""Tags of objects and buckets: S3 API Reference, "PutObjectTagging"; User Guide, "Categorizing objects using tags"."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from iamd.model.errors import AwsError
from iamd.model.tags import Tags
from iamd.services.s3.errors import invalid_argument
from iamd.services.s3.names import QUOTAS

_TEXT: Final = re.compile(r"[\w\s+\-=.:/@]*", re.UNICODE)
_BROKEN_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")


def header_tags(text: str | None) -> Tags:
    """The `x-amz-tagging` header: URL query parameters."""
    if not text:
        return ()
    pairs = [part.partition("=") for part in text.split("&") if part]
    try:
        tags = tuple((_decode(name), _decode(value)) for name, _, value in pairs)
    except ValueError:
        raise _bad_header(text) from None
    if len({name for name, _ in tags}) != len(tags):
        raise _bad_header(text)
    return checked_object_tags(tags)


def _decode(text: str) -> str:
    if _BROKEN_ESCAPE.search(text):
        raise ValueError(text)
    return unquote_plus(text, errors="strict")


def _bad_header(text: str) -> AwsError:
    return invalid_argument(
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
        "duplicates.",
        "x-amz-tagging",
        text,
    )


def tag_set(request: Mapping[str, Any]) -> Tags:
    """The `TagSet` of a request's XML."""
    return tuple((tag["Key"], tag["Value"]) for tag in request["Tagging"]["TagSet"])


def tag_list(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags]


def checked_object_tags(tags: Tags) -> Tags:
    """Raises BadRequest (too many) or InvalidTag."""
    if len(tags) > QUOTAS.object_tags:
        raise AwsError("BadRequest", f"Object tags cannot be greater than {QUOTAS.object_tags}")
    return _checked(tags)


def checked_bucket_tags(tags: Tags) -> Tags:
    if len(tags) > QUOTAS.bucket_tags:
        raise AwsError("BadRequest", f"Bucket tag count cannot be greater than {QUOTAS.bucket_tags}")
    return _checked(tags)


def _checked(tags: Iterable[tuple[str, str]]) -> Tags:
    seen: set[str] = set()
    for name, value in tags:
        if not 0 < len(name) <= QUOTAS.tag_key or not _TEXT.fullmatch(name):
            raise AwsError("InvalidTag", "The TagKey you have provided is invalid")
        if len(value) > QUOTAS.tag_value or not _TEXT.fullmatch(value):
            raise AwsError("InvalidTag", "The TagValue you have provided is invalid")
        if name.lower().startswith("aws:"):
            raise AwsError("InvalidTag", "System tags cannot be added/updated by requester")
        # S3 tells `a` and `A` apart, condition keys do not: a Deny on one could be passed by the other's value.
        if name.lower() in seen:
            raise AwsError("InvalidTag", "Cannot provide multiple Tags with the same key")
        seen.add(name.lower())
    return tuple(tags)
