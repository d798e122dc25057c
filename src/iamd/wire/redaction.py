"""Parameters and results as CloudTrail shows them: lower-case first letters, secrets hidden."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from iamd.wire.models import Shape
from iamd.wire.validation import lower_first
from iamd.wire.values import write_blob, write_trail_date

HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"

SECRET_MEMBERS: Final = frozenset(
    {
        "AuthenticationCode1",
        "AuthenticationCode2",
        "Base32StringSeed",
        "NewPassword",
        "OldPassword",
        "Password",
        "PrivateKey",
        "QRCodePNG",
        "SAMLAssertion",
        "SecretAccessKey",
        "ServicePassword",
        "SessionToken",
        "TokenCode",
        "TradeInToken",
        "WebIdentityToken",
    },
)
"""Hidden wherever they stand, even where the model forgets to mark them."""
_NEVER_SECRET: Final = frozenset({"AccessKeyId"})
"""S3's model marks the id of a key as sensitive; CloudTrail shows it, and a trail without it is of no use."""

Redactor = Callable[[Any], Any]


def compile_redactor(shape: Shape | None, bucket_name: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """`bucket_name` is what the member Bucket is called in the trail (S3 says `bucketName`)."""
    if shape is None:
        return lambda _params: {}
    table = _members(shape, {})
    if "Bucket" in table:
        table["Bucket"] = (bucket_name, table["Bucket"][1])
    return lambda params: _redact_structure(table, params)


def _members(shape: Shape, known: dict[str, Redactor]) -> dict[str, tuple[str, Redactor]]:
    return {
        name: (lower_first(name), _redactor(name, member, known))
        for name, member in shape.members.items()
        if not member.traits.get("streaming") and not member.traits.get("eventstream")
    }


def _redact_structure(table: Mapping[str, tuple[str, Redactor]], value: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, item in value.items():
        entry = table.get(name)
        if entry is not None and item is not None:
            out[entry[0]] = entry[1](item)
    return out


def _redactor(name: str, shape: Shape, known: dict[str, Redactor]) -> Redactor:
    """`known` has a redactor of every structure met so far: a structure may hold itself."""
    if name in SECRET_MEMBERS or (shape.sensitive and name not in _NEVER_SECRET):
        return lambda _value: HIDDEN
    if shape.traits.get("document"):
        return _plain
    match shape.type:
        case "structure":
            return _structure_redactor(shape, known)
        case "list":
            inner = _redactor("", shape.element, known)
            return lambda value: [inner(item) for item in value]
        case "map":
            inner = _redactor("", shape.value, known)
            return lambda value: {str(key): inner(item) for key, item in value.items()}
        case _:
            return _plain


def _structure_redactor(shape: Shape, known: dict[str, Redactor]) -> Redactor:
    if shape.name not in known:
        table: dict[str, tuple[str, Redactor]] = {}
        known[shape.name] = partial(_redact_structure, table)
        table.update(_members(shape, known))
    return known[shape.name]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return write_trail_date(value)
    if isinstance(value, bytes):
        return write_blob(value)
    return value
