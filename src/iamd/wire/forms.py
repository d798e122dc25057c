"""Percent-encoding, queries and forms: decoded once per request, strictly."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import invalid_uri
from iamd.wire.values import BadValueError

MAX_FIELDS: Final = 20_000
"""Parameters of one form; the largest that an SDK builds stays far below."""

_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_JSON_TYPES: Final = frozenset({"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"})


def percent_decode(raw: bytes) -> str:
    """Strict: a broken escape or bytes that are no UTF-8 raise BadValueError. `+` stays `+`."""
    try:
        if b"%" not in raw:
            return raw.decode("utf-8")
        if _BROKEN_ESCAPE.search(raw):
            raise BadValueError("broken percent-encoding")
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise BadValueError("not UTF-8") from None


def _decode(raw: bytes) -> str:
    """One side of a pair."""
    return percent_decode(raw.replace(b"+", b" "))


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedQueryString", message)


def decode_pairs(raw: bytes) -> dict[str, str]:
    """A form's fields. A name that occurs twice is refused: no two readers may see different values."""
    fields: dict[str, str] = {}
    parts = raw.split(b"&")
    if len(parts) > MAX_FIELDS:
        raise _malformed("The request has too many parameters.")
    decode = bytes.decode if b"%" not in raw and b"+" not in raw else _decode
    for part in parts:
        if not part:
            continue
        raw_name, _, raw_value = part.partition(b"=")
        try:
            name, value = decode(raw_name), decode(raw_value)
        except ValueError:
            raise _malformed("The request parameters must be percent-encoded UTF-8.") from None
        if name in fields:
            raise _malformed(f"The parameter {name[:200]} is given more than once.")
        fields[name] = value
    return fields


def form_of(request: HttpRequest) -> dict[str, str]:
    """The parameters of a query-protocol request: all from the body, or all from the query.

    INVARIANT: the Action comes from one place. A query beside a body may only carry the signature (`X-Amz-…`).
    """
    known: tuple[bytes, dict[str, str]] | None = request.derived.get("form")
    # Asked for before the body was read, the form is another one afterwards.
    if known is not None and known[0] is request.body:
        return known[1]
    body = request.body.strip(b"\r\n") if request.body else b""
    if body and _is_form(request):
        fields = decode_pairs(body)
        if request.raw_query:
            _refuse_two_places(request.raw_query)
    else:
        fields = decode_pairs(request.raw_query)
    request.derived["form"] = (request.body, fields)
    return fields


def _is_form(request: HttpRequest) -> bool:
    kind = request.header(b"content-type")
    return kind is None or is_form_type(kind)


def is_form_type(kind: str | None) -> bool:
    return kind is not None and kind.partition(";")[0].strip().lower() == _FORM_TYPE


def is_json(request: HttpRequest) -> bool:
    """Whether the content type is one that SDKs write for JSON, or none is said."""
    kind = request.header(b"content-type")
    return kind is None or kind.partition(";")[0].strip().lower() in _JSON_TYPES


def _refuse_two_places(raw_query: bytes) -> None:
    for name in decode_pairs(raw_query):
        if not name.lower().startswith("x-amz-"):
            raise _malformed(f"The parameter {name[:200]} is in the query string while the body carries parameters.")


def query_of(request: HttpRequest, fault: Callable[[], AwsError] = invalid_uri) -> dict[str, list[str]]:
    """A REST request's query: every value of every name, in the order sent. Raises `fault` where it is no UTF-8."""
    known: dict[str, list[str]] | None = request.derived.get("query")
    if known is not None:
        return known
    query: dict[str, list[str]] = {}
    for raw_name, raw_value in request.query_pairs:
        try:
            name, value = _decode(raw_name), _decode(raw_value)
        except BadValueError:
            raise fault() from None
        query.setdefault(name, []).append(value)
    request.derived["query"] = query
    return query
