"""What is wrong with a policy while somebody writes it: read as it would be when it is saved, and kept nowhere."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from iamd.console.answers import as_json
from iamd.console.own import Asked
from iamd.model.errors import validation_error
from iamd.model.http import HttpResponse
from iamd.policy import PolicyError, PolicyKind, parse_document

_KINDS: Final[Mapping[str, PolicyKind]] = MappingProxyType(
    {
        "managed": PolicyKind.IDENTITY,
        "inline": PolicyKind.IDENTITY,
        "trust": PolicyKind.TRUST,
        "resource": PolicyKind.RESOURCE,
    }
)


async def findings(asked: Asked) -> HttpResponse:
    """`POST /console/api/policy/findings`: the fault that AWS would name first, with its path in the document."""
    content: Any = asked.content
    given = content if isinstance(content, dict) else {}
    document, kind = given.get("document"), given.get("kind")
    if not isinstance(document, str) or not isinstance(kind, str) or kind not in _KINDS:
        raise validation_error(f"document and kind, one of {', '.join(_KINDS)}, are needed.")
    try:
        parse_document(document, kind=_KINDS[kind], newest_version=kind == "managed")
    except PolicyError as error:
        return as_json({"findings": [{"path": error.path, "message": error.detail}]})
    return as_json({"findings": []})
