"""The parts that a header and a presigned URL have in common: credential, time, signed headers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeVar

from iamd.model.errors import AwsError
from iamd.model.http import HttpRequest
from iamd.wire.sigv4 import faults
from iamd.wire.sigv4.faults import Fault

T = TypeVar("T")
_CREDENTIAL: Final = re.compile(r"([!-.0-~]+)/([0-9]{8})/([!-.0-~]+)/([!-.0-~]+)/aws4_request")
_FIELD: Final = re.compile(r"[!-.0-~]+")
_TIME: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SIGNED_HEADERS: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+(?:;[a-z0-9!#$%&'*+.^_`|~-]+)*")
_REMEMBERED: Final = 1024
_LONGEST: Final = 512
_EXPECTED: Final = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'


class Place:
    """Where the credentials stand: decides which faults they give."""

    def __init__(self, malformed: Fault, wrong_scope: Fault, prefix: str) -> None:
        self.malformed = malformed
        self.wrong_scope = wrong_scope
        self.prefix = prefix


IN_HEADER: Final = Place(Fault.MALFORMED_HEADER, Fault.WRONG_SCOPE_HEADER, "")
IN_QUERY: Final = Place(
    Fault.MALFORMED_QUERY, Fault.WRONG_SCOPE_QUERY, "Error parsing the X-Amz-Credential parameter; "
)


def _remembering(read: Callable[[str], T]) -> Callable[[str], T]:
    """Clients repeat their credential, their list of headers and the second; none of these is secret.

    Long texts are read anew each time, so that nobody fills the memory with them.
    """
    remembered = lru_cache(_REMEMBERED)(read)
    return lambda text: remembered(text) if len(text) <= _LONGEST else read(text)


@_remembering
def parse_time(text: str) -> datetime | None:
    """ISO 8601 basic, in UTC to the second, and nothing else."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def read_credential(credential: str, amz_date: str, protocol: str, place: Place) -> tuple[str, str, str, str]:
    """Key id, date, region and service; the date is the timestamp's own."""
    fields = _credential_fields(credential)
    if fields is not None and fields[1] == amz_date[:8]:
        return fields
    raise _credential_fault(credential, amz_date, protocol, place)


@_remembering
def _credential_fields(credential: str) -> tuple[str, str, str, str] | None:
    match = _CREDENTIAL.fullmatch(credential)
    return None if match is None else (match[1], match[2], match[3], match[4])


def _credential_fault(credential: str, amz_date: str, protocol: str, place: Place) -> AwsError:
    fields = credential.split("/")
    if len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        detail = (
            place.prefix + _EXPECTED
            if protocol == "rest-xml"
            else "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{credential[:256]}'"
        )
        return faults.answer(place.malformed, protocol, detail)
    _, date, _, _, terminator = fields
    if terminator != "aws4_request":
        detail = (
            f'{place.prefix}incorrect terminal "{terminator}". This endpoint uses "aws4_request".'
            if protocol == "rest-xml"
            else f"Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'."
        )
        return faults.answer(place.wrong_scope, protocol, detail)
    detail = (
        f'{place.prefix}Invalid credential date "{date}". This date is not the same as X-Amz-Date: "{amz_date[:8]}".'
        if protocol == "rest-xml"
        else "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        f"'{date}' != '{amz_date[:8]}', from '{amz_date}'."
    )
    return faults.answer(place.wrong_scope, protocol, detail)


def read_signed_headers(request: HttpRequest, text: str, protocol: str, place: Place) -> tuple[str, ...]:
    """The signed headers' names, in the order given, all of them there.

    INVARIANT: `host` and every `x-amz-…` header of the request are among them, so nothing that changes the meaning of
    a request can be added to it (security lesson 18).
    """
    names, signed = _header_names(text)
    if not names:
        raise faults.answer(place.malformed, protocol, "SignedHeaders must be lower-case names between semicolons.")
    if len(signed) != len(names):
        raise faults.answer(place.malformed, protocol, "SignedHeaders names a header twice.")
    lists = request.header_lists
    unsigned = lists.keys() - signed
    if b"host" not in signed or any(name.startswith(b"x-amz-") for name in unsigned):
        missing = sorted(name for name in unsigned if name.startswith(b"x-amz-"))
        if b"host" not in signed:
            missing.insert(0, b"host")
        raise faults.unsigned_headers(protocol, [name.decode("latin-1") for name in missing])
    if not signed <= lists.keys():
        raise faults.answer(Fault.MISMATCH, protocol)
    return names


@_remembering
def _header_names(text: str) -> tuple[tuple[str, ...], frozenset[bytes]]:
    """The names as they were sent and as a set; nothing where the text is no list of names."""
    if not _SIGNED_HEADERS.fullmatch(text):
        return (), frozenset()
    names = tuple(text.split(";"))
    return names, frozenset(name.encode("ascii") for name in names)


_ONCE: Final = (b"host", b"x-amz-date", b"x-amz-content-sha256", b"x-amz-security-token", b"date")


def check_singles(request: HttpRequest, protocol: str, place: Place) -> None:
    """What authentication reads is there once at most: two values are two meanings."""
    lists = request.header_lists
    if len(lists) == len(request.headers):
        return
    for name in _ONCE:
        if len(lists.get(name, ())) > 1:
            raise faults.answer(place.malformed, protocol, f"the {name.decode()} header was sent more than once.")
