"""Rules of tags: keys are unique without regard to case, their case is kept (IAM User Guide, "Tags for IAM resources").

Lengths and characters are the service model's affair.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from iamd.model.errors import AwsError, limit_exceeded
from iamd.model.tags import Tags

TAGS_PER_RESOURCE: Final = 50
_RESERVED: Final = "aws:"


def tags_of(entries: Iterable[Mapping[str, Any]] | None) -> Tags:
    """A request's `Tags` as pairs, unchecked; no tags is the empty tuple."""
    return tuple([(entry["Key"], entry["Value"]) for entry in entries]) if entries else ()


def checked_tags(entries: Iterable[Mapping[str, Any]] | None) -> Tags:
    """A request's `Tags` as pairs. Raises InvalidInput for a repeated or reserved key."""
    tags = tags_of(entries)
    if not tags:
        return tags
    if len({key.casefold() for key, _ in tags}) != len(tags):
        raise AwsError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    check_keys([key for key, _ in tags])
    return tags


def check_keys(keys: Iterable[str]) -> None:
    """Raises InvalidInput for a key that AWS keeps for itself."""
    if any(key.casefold().startswith(_RESERVED) for key in keys):
        raise AwsError("InvalidInput", "aws: prefixed tag key names are not allowed for external use.")


def with_tags(tags: Tags, added: Tags, limit: int = TAGS_PER_RESOURCE) -> Tags:
    """`tags` with those of `added`, which take the place of their namesakes. Raises LimitExceeded."""
    if not added:
        return tags
    merged = {key.casefold(): (key, value) for key, value in (*tags, *added)}
    if len(merged) > limit:
        raise limit_exceeded(f"Cannot exceed quota for TagsPerResource: {limit}")
    return tuple(merged.values())


def without_tags(tags: Tags, keys: Sequence[str]) -> Tags:
    """`tags` without those named; a key that is not there is no fault."""
    removed = {key.casefold() for key in keys}
    return tuple(tag for tag in tags if tag[0].casefold() not in removed)


def tag_list(tags: Tags) -> list[Any]:
    """A response's `Tags`, sorted by key."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags)]
