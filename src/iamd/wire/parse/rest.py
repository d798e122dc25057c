"""What the REST protocols share: labels of the path, the query and headers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest, header_text
from iamd.wire.forms import query_of
from iamd.wire.hoist import PROOF
from iamd.wire.models import Shape
from iamd.wire.parse.words import decode_words
from iamd.wire.routing.paths import PathTemplate
from iamd.wire.scalars import Reader, scalar_reader
from iamd.wire.values import BadValueError, read_integer, read_long

Params = dict[str, Any]
Parser = Callable[[HttpRequest], Params]
Step = Callable[[HttpRequest, Params], None]

_LENIENT_DATES: Final = frozenset({"Expires", "If-Modified-Since", "If-Unmodified-Since"})
"""S3 keeps any text as Expires; RFC 9110 says to ignore a conditional date that is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A scalar or list of scalars in the path, the query or a header."""

    member: str
    wire: str
    type: str
    read: Reader
    many: bool
    lenient: bool

    @property
    def whole(self) -> bool:
        return self.read in {read_integer, read_long}


class Faults(Protocol):
    """What a family of services says of requests that cannot be read."""

    def path(self) -> AwsError:
        """No UTF-8, or another path than the operation's."""

    def query(self) -> AwsError:
        """No UTF-8."""

    def repeated(self, place: Place, text: str) -> AwsError:
        """Given twice, where once is meant."""

    def value(self, place: Place, text: str) -> AwsError:
        """Not of the model's type."""


def _place(name: str, member: Shape, timestamp_format: str) -> Place:
    many = member.type == "list"
    scalar = member.element if many else member
    wire = member.location_name or name
    lenient = scalar.type == "timestamp" and wire in _LENIENT_DATES
    return Place(name, wire, scalar.type, scalar_reader(scalar, timestamp_format), many, lenient)


def rest_steps(
    shape: Shape, template: PathTemplate, path_of: Callable[[HttpRequest], bytes], faults: Faults
) -> list[Step]:
    """The steps that read all members of an input which do not stand in the body."""
    steps: list[Step] = []
    labels = [_place(name, member, "iso8601") for name, member in shape.members_at("uri").items()]
    if labels:
        steps.append(_labels_step(template, path_of, labels, faults))
    query = shape.members_at("querystring")
    if query:
        steps.append(_query_step(template, query, faults))
    headers = [_place(name, member, "rfc822") for name, member in shape.members_at("header").items()]
    maps = [(name, (member.location_name or name).lower()) for name, member in shape.members_at("headers").items()]
    if headers or maps:
        steps.append(_headers_step(headers, maps, faults))
    return steps


def run_steps(steps: list[Step]) -> Parser:
    def parse(request: HttpRequest) -> Params:
        params: Params = {}
        for step in steps:
            step(request, params)
        return params

    return parse


def raw_step(payload: str, not_text: Callable[[], AwsError], *, binary: bool) -> Step:
    """Reads a body that is one member, bytes or text."""

    def step(request: HttpRequest, params: Params) -> None:
        if not request.body:
            return
        try:
            params[payload] = request.body if binary else request.body.decode("utf-8")
        except UnicodeDecodeError:
            raise not_text() from None

    return step


def _labels_step(
    template: PathTemplate, path_of: Callable[[HttpRequest], bytes], places: list[Place], faults: Faults
) -> Step:
    table = {place.wire: place for place in places}

    def step(request: HttpRequest, params: Params) -> None:
        try:
            labels = template.read(path_of(request))
        except BadValueError:
            raise faults.path() from None
        for label, text in labels.items():
            _read_place(table[label], [text], params, faults)

    return step


def _read_place(place: Place, texts: list[str], params: Params, faults: Faults) -> None:
    if not place.many and len(texts) > 1:
        raise faults.repeated(place, texts[1])
    if place.whole and texts == [""]:
        return  # `max-keys=` is no number asked for, as S3 has it
    try:
        params[place.member] = [place.read(text) for text in texts] if place.many else place.read(texts[0])
    except BadValueError:
        if place.lenient:
            if place.member == "Expires":
                params[place.member] = texts[0]
            return
        raise faults.value(place, texts[0]) from None


def _query_step(template: PathTemplate, members: dict[str, Shape], faults: Faults) -> Step:
    maps = [(name, member.value.type == "list") for name, member in members.items() if member.type == "map"]
    places = [_place(name, member, "iso8601") for name, member in members.items() if member.type != "map"]
    table = {place.wire: place for place in places}

    def step(request: HttpRequest, params: Params) -> None:
        if not request.raw_query:
            return
        for name, texts in query_of(request, faults.query).items():
            place = table.get(name)
            if place is not None:
                _read_place(place, texts, params, faults)
            elif maps and name not in template.query and name.lower().encode() not in PROOF:
                for member, many in maps:
                    params.setdefault(member, {})[name] = texts if many else texts[0]

    return step


def _headers_step(places: list[Place], maps: list[tuple[str, str]], faults: Faults) -> Step:
    table = {place.wire.lower().encode("ascii"): place for place in places}
    prefixes = [(member, prefix.encode("ascii")) for member, prefix in maps]

    def step(request: HttpRequest, params: Params) -> None:
        for name, raw in request.header_lists.items():
            place = table.get(name)
            if place is not None:
                _read_header(place, raw, params, faults)
                continue
            for member, prefix in prefixes:
                if name.startswith(prefix):
                    key = name[len(prefix) :].decode("latin-1")
                    params.setdefault(member, {})[key] = _metadata_text(raw)

    return step


def _read_header(place: Place, raw: list[bytes], params: Params, faults: Faults) -> None:
    if not place.many:
        _read_place(place, [header_text(value) for value in raw], params, faults)
        return
    texts = [item for value in raw for item in _split_list(header_text(value))]
    if texts:
        _read_place(place, texts, params, faults)


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


def _metadata_text(raw: list[bytes]) -> str:
    """User metadata: latin-1 whatever was meant, repeated headers joined, RFC 2047's encoded words decoded.

    S3 User Guide, "User-defined object metadata": its example's UTF-8 comes back as latin-1 that was encoded again.
    """
    text = ",".join(value.decode("latin-1").strip() for value in raw)
    return decode_words(text) if "=?" in text else text
