"""rest-xml's input: labels of the path, the query, headers, and a body that is XML or text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.faults import invalid_argument, malformed_xml
from iamd.wire.forms import query_of
from iamd.wire.hoist import hoist
from iamd.wire.models import Model, Shape
from iamd.wire.parse.words import decode_words
from iamd.wire.parse.xml import BadXmlError, Element, read_xml
from iamd.wire.parse.xml_body import compile_element_reader, compile_structure_reader
from iamd.wire.routing.paths import PathTemplate, effective_path
from iamd.wire.scalars import Reader, scalar_reader
from iamd.wire.values import BadValueError, read_integer, read_long

Params = dict[str, Any]
Parser = Callable[[HttpRequest], Params]
_Step = Callable[[HttpRequest, Params], None]


_LENIENT_DATES: Final = frozenset({"Expires", "If-Modified-Since", "If-Unmodified-Since"})
"""S3 keeps any text as Expires; RFC 9110 says to ignore a conditional date that is none."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A scalar or list of scalars in the query or a header."""

    member: str
    wire: str
    read: Reader
    many: bool
    lenient: bool


def _place(name: str, member: Shape, timestamp_format: str) -> _Place:
    many = member.type == "list"
    scalar = member.element if many else member
    wire = member.location_name or name
    lenient = scalar.type == "timestamp" and wire in _LENIENT_DATES
    return _Place(name, wire, scalar_reader(scalar, timestamp_format), many, lenient)


def compile_rest_xml_parser(model: Model, operation: str, template: PathTemplate) -> Parser:
    shape = model.input_of(operation)
    if shape is None:
        return lambda _request: {}
    steps: list[_Step] = [lambda request, _params: hoist(request)] if model.name == "s3" else []
    labels = {m.location_name or n: n for n, m in shape.members.items() if m.location == "uri"}
    if labels:
        steps.append(_labels_step(template, labels))
    query = [_place(n, m, "iso8601") for n, m in shape.members.items() if m.location == "querystring"]
    if query:
        steps.append(_query_step(query))
    headers = [_place(n, m, "rfc822") for n, m in shape.members.items() if m.location == "header"]
    maps = [(n, (m.location_name or n).lower()) for n, m in shape.members.items() if m.location == "headers"]
    if headers or maps:
        steps.append(_headers_step(headers, maps))
    body = _body_step(shape)
    if body is not None:
        steps.append(body)

    def parse(request: HttpRequest) -> Params:
        params: Params = {}
        for step in steps:
            step(request, params)
        return params

    return parse


def _labels_step(template: PathTemplate, labels: dict[str, str]) -> _Step:
    def step(request: HttpRequest, params: Params) -> None:
        for label, value in template.read(effective_path(request)).items():
            params[labels[label]] = value

    return step


def _read_place(place: _Place, texts: list[str], params: Params) -> None:
    if not place.many and len(texts) > 1:
        raise invalid_argument("A parameter may be given only once.", place.wire, texts[1])
    whole = place.read in {read_integer, read_long}
    if whole and texts == [""]:
        return  # `max-keys=` is no number asked for, as S3 has it
    try:
        params[place.member] = [place.read(text) for text in texts] if place.many else place.read(texts[0])
    except BadValueError:
        if place.lenient:
            if place.member == "Expires":
                params[place.member] = texts[0]
            return
        raise invalid_argument(_words(place, whole=whole), place.wire, texts[0]) from None


def _words(place: _Place, *, whole: bool) -> str:
    if place.wire == "partNumber":
        return "Part number must be an integer between 1 and 10000, inclusive"
    if whole:
        return f"Provided {place.wire} not an integer or within integer range"
    return f"Provided value for {place.wire} is not valid"


def _query_step(places: list[_Place]) -> _Step:
    table = {place.wire: place for place in places}

    def step(request: HttpRequest, params: Params) -> None:
        if not request.raw_query:
            return
        for name, texts in query_of(request).items():
            place = table.get(name)
            if place is not None:
                _read_place(place, texts, params)

    return step


def _headers_step(places: list[_Place], maps: list[tuple[str, str]]) -> _Step:
    table = {place.wire.lower().encode("ascii"): place for place in places}
    prefixes = [(member, prefix.encode("ascii")) for member, prefix in maps]

    def step(request: HttpRequest, params: Params) -> None:
        for name, raw in request.header_lists.items():
            place = table.get(name)
            if place is not None:
                _read_header(place, raw, params)
                continue
            for member, prefix in prefixes:
                if name.startswith(prefix):
                    key = name[len(prefix) :].decode("latin-1")
                    params.setdefault(member, {})[key] = _metadata_text(raw)

    return step


def _read_header(place: _Place, raw: list[bytes], params: Params) -> None:
    if not place.many:
        _read_place(place, [_header_text(value) for value in raw], params)
        return
    texts = [item for value in raw for item in _split_list(_header_text(value))]
    if texts:
        _read_place(place, texts, params)


def _split_list(text: str) -> list[str]:
    """RFC 9110's lists: commas separate, quotes protect commas."""
    if '"' not in text:
        return [item for item in (part.strip() for part in text.split(",")) if item]
    items, item, quoted, escaped = [], "", False, False
    for character in text:
        if escaped:
            item, escaped = item + character, False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            items.append(item.strip())
            item = ""
        else:
            item += character
    return [*items, item.strip()]


def _header_text(raw: bytes) -> str:
    """A header's text: UTF-8 where it is, else latin-1."""
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def _metadata_text(raw: list[bytes]) -> str:
    """User metadata: latin-1 whatever was meant, repeated headers joined, RFC 2047's encoded words decoded.

    S3 User Guide, "User-defined object metadata": its example's UTF-8 comes back as latin-1 that was encoded again.
    """
    text = ",".join(value.decode("latin-1").strip() for value in raw)
    return decode_words(text) if "=?" in text else text


def _body_step(shape: Shape) -> _Step | None:
    payload = shape.payload
    if payload is not None:
        member = shape.members[payload]
        if member.traits.get("streaming"):
            return None
        if member.type in {"string", "blob"}:
            return _text_step(payload, binary=member.type == "blob")
        root = member.location_name or member.name
        return _xml_step(root, payload, compile_element_reader(member))
    members = dict(shape.body_members())
    if not members:
        return None
    return _xml_step(shape.location_name or shape.name, None, compile_structure_reader(members))


def _text_step(payload: str, *, binary: bool) -> _Step:
    def step(request: HttpRequest, params: Params) -> None:
        if not request.body:
            return
        try:
            params[payload] = request.body if binary else request.body.decode("utf-8")
        except UnicodeDecodeError:
            raise AwsError("InvalidRequest", "The request body is not valid UTF-8.") from None

    return step


def _xml_step(root: str, payload: str | None, read: Callable[[Element], Any]) -> _Step:
    def step(request: HttpRequest, params: Params) -> None:
        if not request.body:
            return
        try:
            element = read_xml(request.body)
            if element.name != root:
                raise malformed_xml()
            value = read(element)
        except (BadXmlError, BadValueError):
            raise malformed_xml() from None
        if payload is None:
            params.update(value)
        else:
            params[payload] = value

    return step
