"""Session tags and source identity: what is asked for, and what a chained session inherits.

IAM User Guide, "Pass session tags in AWS STS" and "Monitor and control actions taken with assumed roles".
"""

from collections.abc import Mapping
from typing import Any

from iamd.credentials.session_facts import SessionFacts
from iamd.kernel.tags import tags_of
from iamd.model.errors import AwsError, access_denied, validation_error
from iamd.model.tags import Tags

_RESERVED = "aws:"


def requested_tags(request: Mapping[str, Any]) -> Tags:
    """Raises InvalidParameterValue."""
    tags = tags_of(request.get("Tags"))
    keys = {key.casefold() for key, _ in tags}
    if len(keys) != len(tags):
        raise _invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith(_RESERVED) for key in keys):
        raise _invalid("aws: prefixed tag key names are not allowed for external use.")
    return tags


def inherited_tags(session: SessionFacts | None) -> Tags:
    """The transitive tags of the calling session."""
    if session is None or not session.transitive_tag_keys:
        return ()
    transitive = {key.casefold() for key in session.transitive_tag_keys}
    return tuple(tag for tag in session.tags if tag[0].casefold() in transitive)


def session_tags(request: Mapping[str, Any], session: SessionFacts | None) -> tuple[Tags, tuple[str, ...]]:
    """All tags of the new session, and which of them are transitive. Raises InvalidParameterValue."""
    own, inherited = requested_tags(request), inherited_tags(session)
    asked = tuple(request.get("TransitiveTagKeys") or ())
    own_keys = {key.casefold() for key, _ in own}
    inherited_keys = {key.casefold() for key, _ in inherited}
    if inherited_keys & (own_keys | {key.casefold() for key in asked}):
        raise _invalid(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
            "the calling session."
        )
    if any(key.casefold() not in own_keys for key in asked):
        raise _invalid("The specified transitive tag key must be included in the requested tags.")
    return (*inherited, *own), (*(key for key, _ in inherited), *asked)


def source_identity(request: Mapping[str, Any], session: SessionFacts | None) -> str | None:
    """Set once, it stays along the chain and cannot be changed (~ the texts). Raises AccessDenied, ValidationError."""
    asked: str | None = request.get("SourceIdentity")
    if asked is not None and asked.lower().startswith(_RESERVED):
        raise validation_error("SourceIdentity cannot begin with aws:")
    kept = None if session is None else session.source_identity
    if kept is not None and asked not in (None, kept):
        raise access_denied("The source identity of a session cannot be changed.")
    return asked if kept is None else kept


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
